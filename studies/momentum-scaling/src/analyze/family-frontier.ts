import { InputError } from "@quadrivium/core";
import { defaultHiddenDim } from "../model/plrf.js";
import { familyRule } from "../theory/family-schedule.js";
import { generalMomentumSystem } from "../theory/general-momentum.js";
import type { ScalingFamily } from "../theory/max-plus.js";
import { logTimes, riskCurve } from "../theory/risk-curve.js";
import { computeFrontier, type Frontier } from "./frontier.js";
import type { SizeLadder } from "./theory-frontier.js";

/** How a family fares over sizes. */
export type FamilyFrontier =
  | { readonly kind: "frontier"; readonly frontier: Frontier }
  /** Why there is none: it diverges, or its best sizes lie outside the ladder. */
  | { readonly kind: "none"; readonly reason: string };

/** The compute-optimal frontier of a family of hyperparameters, from theory. */
export function familyFrontier(
  ladder: SizeLadder,
  family: ScalingFamily,
  factors: { readonly rateFactor?: number; readonly momentumFactor?: number } = {},
): FamilyFrontier {
  const { alpha, beta } = ladder;
  const steps = logTimes(1e13);
  const diverged: number[] = [];
  const curves = ladder.problems.map(({ dim, problem }) => {
    const shape = { alpha, beta, dim, hiddenDim: defaultHiddenDim(dim) };
    const { schedule, batch } = familyRule(shape, family, factors);
    const curve = riskCurve(problem, generalMomentumSystem(schedule, batch), { times: steps });
    if (curve.divergedAt !== null) diverged.push(dim);
    // compute f = B d t: the batch differs between sizes, so that it goes into the time
    return { dim, times: steps.map((t) => t * batch), risk: curve.risk };
  });
  if (diverged.length > 0) {
    return {
      kind: "none",
      reason: `diverges at ${diverged.length} of ${curves.length} sizes: an exponent is meaningless`,
    };
  }
  try {
    return { kind: "frontier", frontier: computeFrontier(curves, { batch: 1 }) };
  } catch (error) {
    if (error instanceof InputError && error.code === "E_FRONTIER_SIZES") {
      return { kind: "none", reason: "the best sizes lie outside the sizes given" };
    }
    throw error;
  }
}
