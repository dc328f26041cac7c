import { foldIn, streamOf, type Key } from "@quadrivium/core";
import type { RunRecord } from "./run-record.js";

/** How bootstrap intervals are made. */
export interface ResampleOptions {
  /** Decides the draws. */
  readonly key: Key;
  /** [200] */
  readonly draws?: number;
  /** [0.95] */
  readonly level?: number;
}

/** A number with its percentile interval; `null` where too few draws gave one. */
export interface Measured {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/**
 * The records of each draw: whole runs with replacement, or, where all records are of one run,
 * blocks of an eighth of them.
 */
export function* resampledRuns(
  records: readonly RunRecord[],
  { key, draws = 200 }: ResampleOptions,
): Generator<readonly RunRecord[]> {
  const groups = groupsOf(records);
  for (let draw = 0; draw < draws; draw++) {
    const stream = streamOf(foldIn(key, draw));
    yield groups.flatMap(() => groups[stream.below(groups.length)]!);
  }
}

const blocksOfOneRun = 8;

function groupsOf(records: readonly RunRecord[]): RunRecord[][] {
  const runs = new Map<string, RunRecord[]>();
  for (const record of records) runs.set(record.run, [...(runs.get(record.run) ?? []), record]);
  if (runs.size > 1) return [...runs.values()];
  const edge = (block: number): number => Math.floor((block * records.length) / blocksOfOneRun);
  return Array.from({ length: blocksOfOneRun }, (_, block) =>
    records.slice(edge(block), edge(block + 1)),
  );
}

/** Percentile interval of a statistic's draws, of which at least four fifths must be finite. */
export function percentileInterval(
  values: readonly number[],
  level = 0.95,
): readonly [number, number] | null {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  if (sorted.length < 20 || sorted.length < 0.8 * values.length) return null;
  const tail = (1 - level) / 2;
  const last = sorted.length - 1;
  return [sorted[Math.floor(tail * last)]!, sorted[Math.ceil((1 - tail) * last)]!];
}
