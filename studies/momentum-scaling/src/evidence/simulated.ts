import type { FinishedRun, PlannedRun, Tier } from "@quadrivium/config";
import type { SimulationConfig } from "../config.js";
import type { SimulationResult } from "../train/result.js";

/** The simulations of a tier: every method at batch 1, where noise is largest, and one at batch 8. */
export function simulationPlan(tier: Tier): PlannedRun[] {
  const replicas = tier === "quick" ? 200 : 1600;
  const steps = tier === "quick" ? 2000 : 10_000;
  const methods = ["sgd", "dana-constant", "dana-decaying", "schedule-free"] as const;
  return [
    ...methods.map((preset) => ({ preset, set: { replicas, steps, batch: 4 }, seed: 0 })),
    { preset: "sgd", set: { replicas, steps, batch: 1 }, seed: 1 },
  ];
}

/** A simulation against its theory. */
export interface SimulatedCurve {
  readonly method: string;
  readonly batch: number;
  readonly result: SimulationResult;
}

/** The finished simulations, as the claims and the figures read them. */
export function simulatedCurves(runs: readonly FinishedRun[]): SimulatedCurve[] {
  return runs.flatMap(({ config, result }) => {
    const { experiment, method, batch } = config as unknown as SimulationConfig;
    if (experiment !== "simulation") return [];
    return [{ method, batch, result: result as unknown as SimulationResult }];
  });
}

/** Steps, about a factor 10 apart, at which means are compared: nearby ones say the same. */
const checkpoints = [10, 100, 1000];

/** Deviations of simulated means from the theory, in standard errors. */
export function deviations(curve: SimulatedCurve): number[] {
  const { times, mean, expected, standardError } = curve.result;
  return checkpoints.map((checkpoint) => {
    const i = times.findIndex((t) => t >= checkpoint);
    // a diverged run leaves null, which makes the deviation undecidable
    const number = (values: readonly (number | null)[]): number => values[i] ?? Number.NaN;
    return (number(mean) - number(expected)) / number(standardError);
  });
}
