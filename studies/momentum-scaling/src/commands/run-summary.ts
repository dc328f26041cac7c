import { z } from "zod";
import { finiteOrNull } from "../finite.js";
import type { ReplicaSummary } from "../simulate/spread-runs.js";

/** A value at each time; `null` from divergence on. */
export const numbersOverTime = z.array(z.number().nullable());

/** What verbs say of simulated runs: P, the mean squared error, over the runs at each time. */
export const runSummaryFields = {
  mean: numbersOverTime,
  standardError: numbersOverTime,
  low: numbersOverTime,
  high: numbersOverTime,
  runs: z.number(),
  diverged: z.number(),
  firstDivergenceAt: z.number().nullable(),
};

/** A summary of runs as JSON can hold it. */
export function plainSummary(summary: ReplicaSummary) {
  const { divergedAt, runs } = summary;
  return {
    mean: plainNumbers(summary.mean),
    standardError: plainNumbers(summary.standardError),
    low: plainNumbers(summary.low),
    high: plainNumbers(summary.high),
    runs,
    diverged: divergedAt.length,
    firstDivergenceAt: divergedAt.length === 0 ? null : Math.min(...divergedAt),
  };
}

/** Numbers over time as JSON can hold them. */
export function plainNumbers(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, finiteOrNull);
}

/** One row of a table of numbers, twelve columns each. */
export function numberCells(values: readonly (number | null | undefined)[]): string {
  return values
    .map((x) => (x === null || x === undefined ? "-" : x.toPrecision(4)).padEnd(12))
    .join("");
}

/** The head of such a table. */
export function headCells(names: readonly string[]): string {
  return names.map((name) => name.padEnd(12)).join("");
}
