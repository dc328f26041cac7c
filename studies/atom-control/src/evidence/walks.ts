import type { FinishedRun, PlannedRun, Tier } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { bootstrap, mean } from "@quadrivium/stats";
import type { StudyConfig } from "../config.js";
import type { StudyResult } from "../train/result.js";

/** Maps on which controllers are compared. */
export const comparedMaps = ["prior", "simple", "far"] as const;
export const comparedControllers = [
  "oracle",
  "event",
  "greedy-on",
  "greedy-short",
  "greedy-hand",
  "random",
] as const;
export type ComparedController = (typeof comparedControllers)[number];

/** The walks that a tier compares: every controller on every map. */
export function walkPlan(tier: Tier): PlannedRun[] {
  const episodes = tier === "quick" ? 200 : 1000;
  const distances = tier === "quick" ? [5] : [1, 3, 5];
  return comparedMaps.flatMap((map) =>
    distances.flatMap((hops) =>
      comparedControllers.map((controller) => ({
        preset: "walk",
        set: { map, controller, hops, episodes },
        seed: 0,
      })),
    ),
  );
}

/** A finished set of walks. */
export interface WalkRun {
  readonly map: string;
  readonly controller: string;
  readonly hops: number;
  readonly result: StudyResult;
}

/** The finished walks, as claims and figures read them. */
export function walkRuns(runs: readonly FinishedRun[]): WalkRun[] {
  return runs.map(({ config, result }) => {
    const { map, controller, hops } = config as unknown as StudyConfig;
    return { map, controller, hops, result: result as unknown as StudyResult };
  });
}

/** The walks of one controller, five hops long. */
export function fiveHops(
  runs: readonly WalkRun[],
  map: string,
  controller: ComparedController,
): StudyResult | undefined {
  return runs.find((run) => run.map === map && run.controller === controller && run.hops === 5)
    ?.result;
}

/** A ratio of mean times with its interval; walks are paired, for they share their tasks. */
export interface TimeRatio {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
  readonly walks: number;
}

/** How many times as long one controller takes as another. */
export function timeRatio(slow: StudyResult, fast: StudyResult): TimeRatio {
  const pairs = slow.seconds.map((seconds, n) => [seconds, fast.seconds[n]] as const);
  const { value, interval } = bootstrap(
    pairs,
    (sample) => mean(sample.map(([a]) => a)) / mean(sample.map(([, b]) => b)),
    { key: key(0), unit: "draw", numResamples: 2000 },
  );
  return { value, interval, walks: pairs.length };
}
