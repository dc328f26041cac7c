import type { ForgettingForm } from "./dana.js";
import { requirePositive } from "./require-positive.js";

/** Constants of SGD and both DANA rules for one power-law problem. */
export interface DanaConstants {
  readonly gamma2: number;
  /** $\gamma_3$ of DANA-constant. */
  readonly gamma3Constant: number;
  /** $\gamma_3$ of DANA-decaying at step 0. */
  readonly gamma3Decaying: number;
  /** $1/(2\alpha)$ */
  readonly kappa3: number;
  readonly delta: number;
  readonly forgettingForm: ForgettingForm;
}

/**
 * The constants that the authors of DANA use on power-law random features.
 *
 * `"ode"`: $\gamma_2 = 0.375 \min(2/(B+1), 1/\mathrm{Tr})$, $\gamma_3 = 0.1/(d\,\mathrm{Tr})$ or
 * $0.1/\mathrm{Tr}$, $\delta = \max(2 + (2\beta-1)/\alpha, 2 - 1/\alpha) + 1$ with
 * $\Delta = \delta/(1+t)$. `"optax"`: $\gamma_2 = 0.5 \min(1, B/\mathrm{Tr})$,
 * $\gamma_3 = 0.5\,\gamma_2/d$ or $0.5\,\gamma_2$, $\delta = 4 + (\alpha+\beta)/\alpha$ with
 * $\Delta = \delta/(\delta+t)$.
 *
 * Symbols: $\alpha$ → `alpha`, $\beta$ → `beta`, $d$ → `dimension`, $B$ → `batchSize` [1],
 * $\mathrm{Tr}$ → `trace`: $\sum_j j^{-2\alpha}$ over the data's dimensions.
 *
 * @throws E_OPTION if a quantity that must be positive is not
 * @source arXiv 2505.16098 and its authors' two sets of experiments
 * @departs `"ode"` divides the decaying $\gamma_3$ by the trace, as one of the two published
 * notebooks does and the other does not
 */
export function danaConstants(
  preset: "ode" | "optax",
  problem: {
    readonly alpha: number;
    readonly beta: number;
    readonly dimension: number;
    readonly trace: number;
    readonly batchSize?: number;
  },
): DanaConstants {
  const { alpha, beta, dimension, trace, batchSize = 1 } = problem;
  requirePositive("E_OPTION", "danaConstants", { alpha, dimension, trace, batchSize });
  const kappa3 = 1 / (2 * alpha);
  if (preset === "ode") {
    return {
      gamma2: 0.375 * Math.min(2 / (batchSize + 1), 1 / trace),
      gamma3Constant: 0.1 / (dimension * trace),
      gamma3Decaying: 0.1 / trace,
      kappa3,
      delta: Math.max(2 + (2 * beta - 1) / alpha, 2 - 1 / alpha) + 1,
      forgettingForm: "paper",
    };
  }
  const gamma2 = 0.5 * Math.min(1, batchSize / trace);
  return {
    gamma2,
    gamma3Constant: (0.5 * gamma2) / dimension,
    gamma3Decaying: 0.5 * gamma2,
    kappa3,
    delta: 4 + (alpha + beta) / alpha,
    forgettingForm: "bounded",
  };
}
