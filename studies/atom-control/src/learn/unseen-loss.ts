import type { MemberForecasts } from "./calibrate.js";
import { hopProbabilities } from "./learning-set.js";

/** Keeps logarithms finite. */
const floor = 1e-6;

/**
 * Mean loss of forecasts of whether silicon hopped, each sample forecast by the members that have
 * not seen it; samples that all have seen do not count.
 *
 * @unit nats
 */
export function unseenLoss({ set, hopProbability, weights }: MemberForecasts): number {
  const numMembers = weights.length / set.size;
  const hopped = hopProbabilities(set);
  let total = 0;
  let judged = 0;
  for (let row = 0; row < set.size; row++) {
    let sum = 0;
    let unseen = 0;
    for (let member = 0; member < numMembers; member++) {
      const at = member * set.size + row;
      if (weights[at] > 0) continue;
      sum += hopProbability[at];
      unseen++;
    }
    if (unseen === 0) continue;
    const p = Math.min(Math.max(sum / unseen, floor), 1 - floor);
    total -= hopped[row] * Math.log(p) + (1 - hopped[row]) * Math.log(1 - p);
    judged++;
  }
  return judged === 0 ? 0 : total / judged;
}
