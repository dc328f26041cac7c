import { key } from "@quadrivium/core";
import type { FinishedRun, PlannedRun, Tier } from "@quadrivium/config";
import { meanCurve } from "../text/compare/mean-curve.js";
import {
  exponentDifference,
  lossExponent,
  type LossExponent,
  type MeanCurve,
} from "../text/compare/loss-exponent.js";
import { bestTrial } from "../text/compare/tune-rate.js";
import type { TextConfig } from "../text/config.js";
import { defaultLearningRates } from "../text/optimizers.js";
import type { TextResult } from "../text/train/result.js";

/** What is compared on text; differences are to the first. */
export const comparedOptimizers = ["sgd", "dana-decaying"] as const;
export type ComparedName = (typeof comparedOptimizers)[number];

/** Seed on which learning rates are chosen; the others are for the exponents. */
const tuningSeed = 0;

/**
 * Language models on the synthetic language: every optimizer at the same number of learning rates
 * about its usual one, on a seed to choose by and on seeds to measure on.
 */
export function textPlan(tier: Tier): PlannedRun[] {
  const [set, factors, seeds] =
    tier === "quick"
      ? [{ width: 32, steps: 600 }, [0.6, 1.7, 5], 2]
      : [{ width: 64, steps: 4000 }, [0.2, 0.6, 1.7, 5], 4];
  return comparedOptimizers.flatMap((optimizer) =>
    factors.flatMap((factor) =>
      Array.from({ length: seeds }, (_, seed) => ({
        preset: "text",
        set: { ...set, optimizer, learningRate: defaultLearningRates[optimizer] * factor },
        seed,
      })),
    ),
  );
}

/** How one optimizer did at its best rate, over the seeds on which it was not chosen. */
export interface TextCurve {
  readonly optimizer: ComparedName;
  readonly learningRate: number;
  /** Whether the best rate is the smallest or the largest tried. */
  readonly atEdge: boolean;
  readonly runs: number;
  readonly curve: MeanCurve;
  readonly exponent: LossExponent | null;
}

/** The comparison on text, as the claim and the figure read it. */
export interface TextEvidence {
  readonly entropyRate: number;
  readonly curves: readonly TextCurve[];
  /** DANA-decaying's exponent minus SGD's, from the ratio of their excess losses. */
  readonly difference: LossExponent | null;
}

/** Reads the comparison off finished runs; `null` where some are missing. */
export function textEvidence(runs: readonly FinishedRun[]): TextEvidence | null {
  const finished = runs.flatMap(({ config, result, plan }) => {
    const { experiment, optimizer, learningRate } = config as unknown as TextConfig;
    if (experiment !== "text") return [];
    const run = result as unknown as TextResult;
    return [{ optimizer, learningRate: learningRate!, seed: plan.seed, run }];
  });
  const chosen = comparedOptimizers.map((optimizer) => {
    const own = finished.filter((run) => run.optimizer === optimizer);
    const trials = own
      .filter(({ seed }) => seed === tuningSeed)
      .map(({ learningRate, run }) => ({ learningRate, loss: run.finalLoss }));
    if (trials.length === 0) return null;
    const best = bestTrial(trials);
    const measured = own
      .filter((run) => run.seed !== tuningSeed && run.learningRate === best.learningRate)
      .map(({ run }) => run);
    return { optimizer, best, measured };
  });
  const entropyRate = finished[0]?.run.entropyRate ?? null;
  if (entropyRate === null) return null;
  const fit = { floor: entropyRate, key: key(0) };
  const curves: TextCurve[] = [];
  for (const choice of chosen) {
    if (choice === null || choice.measured.length === 0) return null;
    const { optimizer, best, measured } = choice;
    const curve = meanCurve(measured);
    curves.push({
      optimizer,
      learningRate: best.learningRate,
      atEdge: best.atEdge,
      runs: measured.filter(({ status }) => status === "stable").length,
      curve,
      exponent: lossExponent(curve, fit),
    });
  }
  const [sgd, dana] = curves as [TextCurve, TextCurve];
  const comparable = sgd.runs > 0 && dana.runs > 0;
  const difference = comparable ? exponentDifference(dana.curve, sgd.curve, fit) : null;
  return { entropyRate, curves, difference };
}
