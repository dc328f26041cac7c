import { lax, np } from "@quadrivium/engine";
import type { HopGeometry } from "./hop-geometry.js";

/**
 * Probabilities of staying and of hopping to each neighbour when only the first hop counts:
 * $P_0 = e^{-Rt}$, $P_k = (r_k/R)(1 - e^{-Rt})$ with $R = \sum_k r_k$.
 *
 * @param hopsExpected $r_k t$. @shape [batch, 3]. @owns borrows
 * @returns @shape [batch, 4]
 */
export function firstHopProbabilities(hopsExpected: np.Array): np.Array {
  const all = np.sum(hopsExpected.ref, 1, { keepdims: true }); // Rt, [batch, 1]
  const stay = np.exp(all.ref.neg());
  // (1 − e^{−z})/z cancels in float32 where z is small; its series does not.
  const safe = np.maximum(all.ref, 0.02);
  const direct = np.subtract(1, np.exp(safe.ref.neg())).div(safe);
  const series = np.subtract(1, all.ref.mul(0.5)).add(all.ref.mul(all.ref).mul(1 / 6));
  const share = np.where(all.less(0.02), series, direct);
  return np.concatenate([stay, hopsExpected.ref.mul(share)], 1);
}

/** How a distribution over the patch is propagated in a traced program. */
export interface Propagation {
  /** Terms of the series of jumps. */
  readonly numTerms: number;
  /** Dwells of more expected jumps are cut to as many: nothing is left to learn from longer ones. */
  readonly maxJumps: number;
}

/** Terms that leave less than 1e-6 of a Poisson distribution of mean `maxJumps` out. */
export function propagationFor(maxJumps: number): Propagation {
  return { numTerms: Math.ceil(maxJumps + 5.2 * Math.sqrt(maxJumps + 1) + 4), maxJumps };
}

/**
 * Exact probabilities of where silicon is after the dwell, whatever the number of hops:
 * $e_0^\top e^{Q}$ by uniformisation, $\sum_n \mathrm{Poisson}(n; z)\, e_0^\top (I + Q/z)^n$ with $z$
 * at least the fastest site's expected hops. Silicon that leaves the patch stays outside.
 *
 * @param hopsExpected rate times dwell time of every hop. @shape [batch, hops]. @owns borrows
 * @returns @shape [batch, sites + 1]
 * @precision the weights are normalised, so that probabilities sum to 1 in float32
 */
export function exactProbabilities(
  geometry: HopGeometry,
  hopsExpected: np.Array,
  { numTerms, maxJumps }: Propagation,
): np.Array {
  const { numHops, numSites } = geometry;
  const [batch] = hopsExpected.shape;
  const leave = np.array(leaveMatrix(geometry), { shape: [numSites + 1, numHops] });
  const move = np.array(moveMatrix(geometry), { shape: [numHops, numSites + 1] });
  // Any z that is large enough gives the same sum, so no gradient passes through it.
  const perSite = np.sum(hopsExpected.ref.reshape([batch, numSites, 3]), 2);
  const fastest = lax.stopGradient(np.max(perSite, 1, { keepdims: true })).add(1e-6); // [batch, 1]
  const share = hopsExpected.ref.div(fastest.ref);
  const jumps = np.minimum(fastest, maxJumps);

  let now = np
    .array(startRow(numSites), { shape: [1, numSites + 1] })
    .add(np.zeros([batch, numSites + 1]));
  let weight = np.exp(jumps.ref.neg());
  let total = weight.ref;
  let sum = now.ref.mul(weight.ref);
  for (let n = 1; n <= numTerms; n++) {
    const flow = np.matmul(now.ref, leave.ref).mul(share.ref);
    now = now.ref.add(np.matmul(flow, move.ref));
    weight = weight.ref.mul(jumps.ref).mul(1 / n);
    total = total.ref.add(weight.ref);
    sum = sum.ref.add(now.ref.mul(weight.ref));
  }
  return sum.div(total);
}

/** Puts a site's probability on each of the three hops out of it. */
function leaveMatrix({ numHops, numSites, source }: HopGeometry): Float32Array {
  const matrix = new Float32Array((numSites + 1) * numHops);
  source.forEach((site, hop) => (matrix[site * numHops + hop] = 1));
  return matrix;
}

/** Takes a hop's flow from its source and adds it to its target. */
function moveMatrix({ numHops, numSites, source, target }: HopGeometry): Float32Array {
  const matrix = new Float32Array(numHops * (numSites + 1));
  for (let hop = 0; hop < numHops; hop++) {
    matrix[hop * (numSites + 1) + source[hop]] -= 1;
    matrix[hop * (numSites + 1) + target[hop]] += 1;
  }
  return matrix;
}

function startRow(numSites: number): Float32Array {
  return new Float32Array(numSites + 1).fill(1, 0, 1);
}
