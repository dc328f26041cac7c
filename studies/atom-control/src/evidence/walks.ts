import type { FinishedRun, PlannedRun, Tier } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { bootstrap, mean } from "@quadrivium/stats";
import type { CurveConfig, LearnConfig, WalkConfig } from "../config.js";
import type { CurveResult, LearnedResult, WalkResult } from "../train/result.js";

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

/** The runs of a tier: every controller on every known map, learning curves, and maps to be learned. */
export function runPlan(tier: Tier): PlannedRun[] {
  return [...walkPlan(tier), ...curvePlan(tier), ...learnPlan(tier)];
}

function walkPlan(tier: Tier): PlannedRun[] {
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
  readonly result: WalkResult;
}

/** The finished walks, as claims and figures read them. */
export function walkRuns(runs: readonly FinishedRun[]): WalkRun[] {
  return runs.flatMap(({ config, result }) => {
    const { experiment, map, controller, hops } = config as unknown as WalkConfig;
    if (experiment !== "walk") return [];
    return [{ map, controller, hops, result: result as unknown as WalkResult }];
  });
}

/** Maps that are learned from nothing: a tier's plan. */
function learnPlan(tier: Tier): PlannedRun[] {
  const maps = tier === "quick" ? 3 : 12;
  return Array.from({ length: maps }, (_, n) => ({
    preset: "learn",
    set: { map: `random:${n + 101}` },
    seed: n,
  }));
}

/** A finished experiment of learning and walking. */
export interface LearnRun {
  readonly map: string;
  readonly samples: number;
  readonly result: LearnedResult;
}

/** The finished learning experiments, as claims and figures read them. */
export function learnRuns(runs: readonly FinishedRun[]): LearnRun[] {
  return runs.flatMap(({ config, result }) => {
    const { experiment, map, samples } = config as unknown as LearnConfig;
    if (experiment !== "learn") return [];
    return [{ map, samples, result: result as unknown as LearnedResult }];
  });
}

/** Learning curves: every hop counted, and the paper's way, on a slow map and on a fast one. */
function curvePlan(tier: Tier): PlannedRun[] {
  const repeats = tier === "quick" ? 1 : 5;
  const samples = tier === "quick" ? [100, 300, 1000] : [100, 300, 1000, 3000, 10_000];
  return [
    { preset: "curve", set: { map: "prior", samples, repeats }, seed: 0 },
    { preset: "curve", set: { map: "simple", samples: [1000], repeats }, seed: 0 },
  ];
}

/** A finished learning curve. */
export interface CurveRun {
  readonly map: string;
  readonly points: CurveResult["points"];
}

/** The finished learning curves, as claims and figures read them. */
export function curveRuns(runs: readonly FinishedRun[]): CurveRun[] {
  return runs.flatMap(({ config, result }) => {
    const { experiment, map } = config as unknown as CurveConfig;
    if (experiment !== "curve") return [];
    return [{ map, points: (result as unknown as CurveResult).points }];
  });
}

/** The walks of one controller, five hops long. */
export function fiveHops(
  runs: readonly WalkRun[],
  map: string,
  controller: ComparedController,
): WalkResult | undefined {
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
export function timeRatio(
  slow: { readonly seconds: readonly number[] },
  fast: { readonly seconds: readonly number[] },
): TimeRatio {
  const pairs = slow.seconds.map((seconds, n) => [seconds, fast.seconds[n]] as const);
  const { value, interval } = bootstrap(
    pairs,
    (sample) => mean(sample.map(([a]) => a)) / mean(sample.map(([, b]) => b)),
    { key: key(0), unit: "draw", numResamples: 2000 },
  );
  return { value, interval, walks: pairs.length };
}
