import { schedule, type Schedule } from "@quadrivium/nn/optimizers";
import type { SpectralProblem } from "../model/spectral-problem.js";

/** Nodes of a condensed spectrum for each factor of ten between eigenvalues. */
const nodesPerDecade = 4;

/**
 * DANA's momentum weight from the effective dimension of a spectrum,
 * $\gamma_3(t) = \gamma_2\, sB / \max(sB, N_\mathrm{eff}(\Delta(t)/\gamma_2))$ with
 * $N_\mathrm{eff}(x) = \sum_j \lambda_j/(\lambda_j + x)$ and $\Delta(t) = \delta/(\delta+t)$: as much
 * momentum as gradient noise allows at every step. On a power law it falls as $t^{-1/2\alpha}$ until
 * it settles at $sB\gamma_2/d$, so that it is DANA-decaying first and DANA-constant at the end.
 *
 * The result is a schedule of the optimizer library: a number for each step, and a formula inside a
 * traced program, for which the spectrum is condensed to four nodes a decade.
 *
 * @param options.share $s$, of the largest stable weight [0.25]
 * @source arXiv 2505.16098 (DANA); the rule from the kernel norm's bound
 *   $\gamma_3 N_\mathrm{eff} \lesssim 2B\gamma_2$
 */
export function effectiveDimensionMomentum(
  problem: SpectralProblem,
  options: {
    readonly gamma2: number;
    readonly delta: number;
    readonly batch: number;
    readonly share?: number;
  },
): Schedule {
  const { gamma2, delta, batch, share = 0.25 } = options;
  const nodes = condensed(problem);
  const allowed = share * batch;
  return schedule((step, ops) => {
    // λ / (λ + Δ/γ2) = λ γ2 (δ + t) / (λ γ2 (δ + t) + δ)
    const progress = ops.mul(ops.add(step, delta), gamma2 / delta);
    let dimension = ops.mul(progress, 0);
    for (const { lambda, weight } of nodes) {
      const learnt = ops.mul(progress, lambda);
      dimension = ops.add(dimension, ops.mul(ops.div(learnt, ops.add(learnt, 1)), weight));
    }
    const numerator = ops.add(ops.mul(progress, 0), allowed * gamma2);
    return ops.div(numerator, ops.max(dimension, allowed));
  });
}

/** Neighbouring eigenvalues joined: number and trace are kept. */
function condensed({ lambda, weight }: SpectralProblem): {
  readonly lambda: number;
  readonly weight: number;
}[] {
  const bins = new Map<number, { weight: number; trace: number }>();
  lambda.forEach((value, j) => {
    const place = Math.round(nodesPerDecade * Math.log10(value));
    const bin = bins.get(place) ?? { weight: 0, trace: 0 };
    bin.weight += weight[j]!;
    bin.trace += weight[j]! * value;
    bins.set(place, bin);
  });
  return [...bins.values()].map((bin) => ({ lambda: bin.trace / bin.weight, weight: bin.weight }));
}
