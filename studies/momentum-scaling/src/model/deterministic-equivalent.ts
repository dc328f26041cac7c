import { InputError } from "@quadrivium/core";
import { leftEdge, limitRisk } from "./limit-risk.js";
import { checkShape, type PlrfShape } from "./plrf.js";
import { population } from "./population.js";
import { ResolventPath } from "./resolvent.js";
import { integrateBin } from "./resolvent-bin.js";
import type { SpectralProblem } from "./spectral-problem.js";

/**
 * The feature covariance's spectrum and the target's weights at any size, as a few hundred nodes:
 * the deterministic equivalent, which the random spectra of large models approach.
 *
 * Each bin $[a, b]$ is integrated over the upper half circle on it. With the identity
 * $\sum_j \lambda^0_j m/(\lambda^0_j m - z) = d(1-m)$ the moments
 * $w = \frac d\pi \mathrm{Im}\int \frac{1-m}{z}\,dz$ and
 * $w\lambda = \frac d\pi \mathrm{Im}\int (1-m)\,dz$ keep their digits, and
 * $w\lambda\rho^2 = \frac1\pi\mathrm{Im}\int\sum_j\frac{\lambda^0_j b_j^2}{\lambda^0_j m-z}\,dz$; so
 * the number of modes, the trace and the initial risk come out exactly.
 *
 * @param options.bins logarithmic bins below the isolated largest eigenvalues [one for each 0.11 in
 *   log λ, at most 400: curves within 0.1 % of those with many more bins for α ≤ 1.5]
 * @throws E_PLRF_DIM if the shape is invalid or $d = v$, where the spectrum has no left edge
 */
export function deterministicEquivalent(
  shape: PlrfShape,
  options: { readonly bins?: number } = {},
): SpectralProblem {
  checkShape(shape);
  if (shape.dim === shape.hiddenDim) {
    throw new InputError(
      "E_PLRF_DIM",
      `deterministicEquivalent: needs more hidden features than parameters; got both ` +
        `${shape.dim}; take hiddenDim ${4 * shape.dim} or the exact spectrum`,
      { details: { dim: shape.dim, hiddenDim: shape.hiddenDim } },
    );
  }
  const exactTerms = Math.max(2000, Math.ceil(2 * Math.sqrt(shape.dim)));
  const path = new ResolventPath(population(shape, { exactTerms }), shape.dim);
  const edges = binEdges(shape, options.bins);
  const lambda: number[] = [];
  const weight: number[] = [];
  const rho2: number[] = [];
  for (let k = 0; k + 1 < edges.length; k++) {
    const bin = integrateBin(path, { bottom: edges[k + 1]!, top: edges[k]!, dim: shape.dim });
    // bins between two isolated eigenvalues, or below the support, hold nothing
    if (bin.modes < 1e-9) continue;
    weight.push(bin.modes);
    lambda.push(bin.trace / bin.modes);
    rho2.push(Math.max(0, bin.energy / bin.trace));
  }
  return {
    lambda: Float64Array.from(lambda),
    weight: Float64Array.from(weight),
    rho2: Float64Array.from(rho2),
    sigma2: limitRisk(shape).risk,
  };
}

/**
 * Descending edges: above the largest eigenvalue, between the isolated ones, then logarithmic down
 * to just below the support. Where eigenvalues may still be isolated, edges fall midway between
 * two population variances, so that none lies on an eigenvalue.
 */
function binEdges(shape: PlrfShape, count: number | undefined): number[] {
  const { alpha, dim } = shape;
  const isolated = Math.max(1, Math.min(20, Math.floor(Math.sqrt(dim) / 2)));
  const edges = [4];
  for (let k = 1; k <= isolated; k++) edges.push((k + 0.5) ** (-2 * alpha));
  const end = leftEdge(shape);
  // the last bin reaches over the end of the support on both sides, so that it is not empty
  const bottom = 1.06 * end;
  const top = edges.at(-1)!;
  const bins = count ?? Math.min(400, Math.max(60, Math.ceil(Math.log(top / bottom) / 0.11)));
  for (let k = 1; k <= bins; k++) {
    let edge = top * (bottom / top) ** (k / bins);
    const index = edge ** (-1 / (2 * alpha));
    if (index < 4 * Math.sqrt(dim)) {
      edge = (Math.round(index - 0.5) + 0.5) ** (-2 * alpha);
    }
    if (edge < edges.at(-1)! * (1 - 1e-12) && edge > end) edges.push(edge);
  }
  edges.push(0.9 * end);
  return edges;
}
