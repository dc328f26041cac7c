import { foldIn, key, type Context } from "@quadrivium/core";
import type { TextConfig } from "../config.js";
import type { OptimizerName } from "../optimizer-names.js";
import { defaultLearningRates } from "../optimizers.js";
import type { TextResult } from "../train/result.js";
import { exponentDifference, lossExponent, type LossExponent } from "./loss-exponent.js";
import { meanCurve } from "./mean-curve.js";
import { trainAll } from "./train-task.js";
import { bestTrial, nextRates, type RateTrial } from "./tune-rate.js";

/** What is compared, and with which budget. */
export interface ComparisonPlan {
  /** Everything but optimizer and learning rate. */
  readonly base: TextConfig;
  /** The first is the reference of the differences. */
  readonly optimizers: readonly OptimizerName[];
  /** Learning rates that each optimizer may try, at least 3. */
  readonly trials: number;
  /** Runs at the best rate, seeds 1 and up; rates are tuned on seed 0. */
  readonly seeds: number;
}

/** How one optimizer did. */
export type ComparedOptimizer = {
  readonly optimizer: OptimizerName;
  readonly trials: readonly { readonly learningRate: number; readonly loss: number | null }[];
  readonly learningRate: number;
  readonly finalLosses: readonly (number | null)[];
  /** Mean over seeds. */
  readonly curve: { readonly numTokens: readonly number[]; readonly loss: readonly number[] };
  readonly exponent: LossExponent | null;
  /** Its exponent minus the reference's. */
  readonly difference: LossExponent | null;
};

/** A comparison with equal tuning budgets. */
export type Comparison = {
  readonly entropyRate: number | null;
  readonly optimizers: readonly ComparedOptimizer[];
  readonly warnings: readonly string[];
};

/**
 * Tunes every optimizer's learning rate by the same number of runs, trains each at its best rate
 * from the same seeds, and fits loss exponents. Runs of one seed start alike and read alike.
 */
export async function compareOptimizers(
  plan: ComparisonPlan,
  context: Pick<Context, "map"> & { readonly progress: (text: string) => void },
): Promise<Comparison> {
  const { base, optimizers, seeds } = plan;
  const onDone = (run: TextResult): void =>
    context.progress(
      `${run.optimizer} at rate ${run.learningRate.toPrecision(3)}: ` +
        `${run.finalLoss?.toFixed(4) ?? "diverged"}`,
    );
  const tuned = await tune(plan, context, onDone);
  const best = tuned.map(bestTrial);
  const jobs = optimizers.flatMap((optimizer, index) =>
    Array.from({ length: seeds }, (_, run) => ({
      config: { ...base, optimizer, learningRate: best[index]!.learningRate },
      seed: run + 1,
    })),
  );
  const runs = await trainAll(jobs, context, onDone);
  const entropyRate = runs[0]!.entropyRate;
  const fit = { floor: entropyRate ?? 0, key: foldIn(key(0), seeds) };
  const own = optimizers.map((_, index) => runs.slice(index * seeds, (index + 1) * seeds));
  const curves = own.map(meanCurve);
  const compared = optimizers.map((optimizer, index): ComparedOptimizer => {
    const curve = curves[index]!;
    return {
      optimizer,
      trials: tuned[index]!.map((trial) => ({ ...trial })),
      learningRate: best[index]!.learningRate,
      finalLosses: own[index]!.map((run) => run.finalLoss),
      curve: { ...curve },
      exponent: lossExponent(curve, fit),
      difference: index === 0 ? null : exponentDifference(curve, curves[0]!, fit),
    };
  });
  return { entropyRate, optimizers: compared, warnings: warningsOf(compared, best, entropyRate) };
}

/** Rounds of trials, all optimizers side by side, until each has had its share. */
async function tune(
  { base, optimizers, trials }: ComparisonPlan,
  context: Pick<Context, "map">,
  onDone: (result: TextResult) => void,
): Promise<RateTrial[][]> {
  const tried: RateTrial[][] = optimizers.map(() => []);
  while (tried[0]!.length < trials) {
    const round = optimizers.flatMap((optimizer, index) =>
      nextRates(defaultLearningRates[optimizer], tried[index]!).map((learningRate) => ({
        index,
        config: { ...base, optimizer, learningRate },
        seed: 0,
      })),
    );
    const runs = await trainAll(
      round.map(({ config, seed }) => ({ config, seed })),
      context,
      onDone,
    );
    round.forEach(({ index, config }, at) =>
      tried[index]!.push({ learningRate: config.learningRate, loss: runs[at]!.finalLoss }),
    );
  }
  return tried;
}

/** How far apart the exponents of a curve's two ends may lie before one number misleads. */
const bendingBound = 0.25;

function warningsOf(
  compared: readonly ComparedOptimizer[],
  best: readonly { readonly atEdge: boolean }[],
  entropyRate: number | null,
): string[] {
  const warnings: string[] = [];
  if (entropyRate === null) {
    warnings.push(
      "the floor of this text is unknown and taken as 0: exponents are those of the loss itself, " +
        "too small for the excess over the floor, and fit to compare optimizers only",
    );
  }
  compared.forEach(({ optimizer, exponent, finalLosses }, index) => {
    if (best[index]!.atEdge) {
      warnings.push(`${optimizer}: the best learning rate is at an edge; give more trials`);
    }
    const diverged = finalLosses.filter((loss) => loss === null).length;
    if (diverged > 0) warnings.push(`${optimizer}: ${diverged} runs at its best rate diverged`);
    if (exponent === null) {
      warnings.push(`${optimizer}: no exponent: its loss reached the floor, or too few points`);
    } else if (Math.abs(exponent.ends[0] - exponent.ends[1]) > bendingBound) {
      const [early, late] = exponent.ends.map((end) => end.toFixed(2));
      warnings.push(
        `${optimizer}: its curve bends (exponents ${early} early, ${late} late): one exponent means little`,
      );
    }
  });
  return warnings;
}
