import type { LearningSet } from "./learning-set.js";
import { hopProbabilities } from "./learning-set.js";
import { frames } from "./best-offset.js";

/** What members expect of samples, and which samples each has seen. */
export interface MemberForecasts {
  readonly set: LearningSet;
  /** Each member's probability that silicon leaves its site. @shape [members, size] */
  readonly hopProbability: Float64Array;
  /** How often each sample is in each member's bootstrap. @shape [members, size] */
  readonly weights: Float32Array;
}

/**
 * Inflation that was found on other maps than the data's own, and how far maps scatter about it
 * (standard deviation of its square).
 */
const usual = { inflation: 1.5, squareSpread: 0.6 };
const bounds = { least: 0.8, most: 3 };
/** Side of the cells in which hops are counted. @unit bonds */
const cellSide = 0.4;

/**
 * By how much the members' spread must be widened to cover their errors, judged on trajectories
 * that a member has not seen.
 *
 * In cells of the plane, the squared difference between hops counted and hops expected by a member
 * has mean $V_P + (1 + c^2) V_M$: counting noise, the member's own scatter about the ensemble and the
 * ensemble's error, $c$ times as large. That is solved for $c^2$, which is then drawn to what other
 * maps showed, by the weights of the two variances.
 */
export function bandInflation({ set, hopProbability, weights }: MemberForecasts): number {
  const numMembers = weights.length / set.size;
  const hopped = hopProbabilities(set);
  const cells = cellsOf(set);
  let numerator = 0;
  let denominator = 0;
  let noise = 0;
  for (let member = 0; member < numMembers; member++) {
    for (const rows of cells) {
      const unseen = rows.filter((row) => weights[member * set.size + row] === 0);
      if (unseen.length === 0) continue;
      const expected = Array.from({ length: numMembers }, (_, m) =>
        unseen.reduce((sum, row) => sum + hopProbability[m * set.size + row], 0),
      );
      const mean = expected.reduce((sum, value) => sum + value, 0) / numMembers;
      const scatter =
        expected.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, numMembers - 1);
      const counting = unseen.reduce((sum, row) => {
        const p = hopProbability[member * set.size + row];
        return sum + p * (1 - p);
      }, 0);
      const difference = unseen.reduce((sum, row) => sum + hopped[row], 0) - expected[member];
      numerator += difference ** 2 - counting;
      denominator += scatter;
      noise += 2 * counting ** 2;
    }
  }
  if (!(denominator > 0)) return usual.inflation;
  const measured = numerator / denominator - 1;
  // Members share samples: they count as about half as many.
  const variance = (2 * noise) / denominator ** 2;
  const trust = usual.squareSpread ** 2 / (usual.squareSpread ** 2 + variance);
  const square = trust * measured + (1 - trust) * usual.inflation ** 2;
  return Math.sqrt(Math.min(Math.max(square, bounds.least ** 2), bounds.most ** 2));
}

/** Samples by the place of the beam, as its nearest neighbour sees it. */
function cellsOf({ size, beam }: LearningSet): number[][] {
  const cells = new Map<string, number[]>();
  for (let row = 0; row < size; row++) {
    const [along, across] = frames(beam[2 * row], beam[2 * row + 1]).reduce((a, b) =>
      b[0] > a[0] ? b : a,
    );
    const at = `${Math.floor(along / cellSide)},${Math.floor(Math.abs(across) / cellSide)}`;
    cells.set(at, [...(cells.get(at) ?? []), row]);
  }
  return [...cells.values()];
}
