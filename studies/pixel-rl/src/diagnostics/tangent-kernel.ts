import { invariant } from "@quadrivium/core";
import { effectiveRank, gramEigenvalues, gramMatrix } from "./rank.js";

/** What the inner products of a batch's gradients tell; the kernel's own numbers have the loss's scale. */
export type TangentKernel = {
  /** Mean and standard deviation of the squared lengths $\|\nabla\ell_i\|^2$. */
  readonly diagonalMean: number;
  readonly diagonalSpread: number;
  /** Mean of the products of two different samples, and the share of them above and below 0. */
  readonly offDiagonalMean: number;
  readonly positiveShare: number;
  readonly negativeShare: number;
  /** Eigenvalues that hold 99 % of the trace; the share that the largest holds alone. */
  readonly effectiveRank: number;
  readonly largestShare: number;
};

/**
 * The empirical neural tangent kernel of a batch,
 * $G_{ij} = \langle \nabla_\theta \ell_i, \nabla_\theta \ell_j \rangle$, in summary: how far a
 * step for one sample moves the loss of another. Null where a gradient is not finite or all are 0.
 *
 * @param gradients of the samples' losses $\ell_i$, two or more. @shape [parameters] each
 * @source Jacot et al. 2018, "Neural tangent kernel", §4
 * @departs of losses, as Dopamine's statistics have it, where the paper's is of outputs
 */
export function tangentKernel(gradients: readonly Float32Array[]): TangentKernel | null {
  const count = gradients.length;
  invariant(count > 1, "a kernel is of two samples or more");
  const gram = gramMatrix(gradients);
  if (gram === null) return null;
  const diagonal = gradients.map((_, i) => gram.data[i * count + i]);
  const trace = diagonal.reduce((sum, value) => sum + value, 0);
  if (trace === 0) return null;
  const diagonalMean = trace / count;
  const square = diagonal.reduce((sum, value) => sum + (value - diagonalMean) ** 2, 0);
  const others = gram.data.filter((_, at) => Math.floor(at / count) !== at % count);
  const eigenvalues = gramEigenvalues(gram);
  return {
    diagonalMean,
    diagonalSpread: Math.sqrt(square / count),
    offDiagonalMean: others.reduce((sum, value) => sum + value, 0) / others.length,
    positiveShare: others.filter((value) => value > 0).length / others.length,
    negativeShare: others.filter((value) => value < 0).length / others.length,
    effectiveRank: effectiveRank(eigenvalues),
    largestShare: eigenvalues[0] / trace,
  };
}
