import type { Schedule } from "./coefficients.js";
import type { MomentSystem } from "./moment-system.js";

const parameters = [1, 0, 0] as const;

/** Gradients are taken, and the risk reported, at the parameters themselves; the buffer is empty. */
const atParameters = { gradientPoint: parameters, evaluationPoint: parameters, start: parameters };

/**
 * Second moments $V = (\mathbb E r^2, \mathbb E y^2, \mathbb E r y)$ of general stochastic momentum,
 * exact for Gaussian features, every batch size and every schedule.
 *
 * From $r^+ = r - aG - cy$ and $y^+ = ky + \gamma_1 G$ with $a = \gamma_2 + \gamma_1\gamma_3$,
 * $k = 1-\Delta$, $c = \gamma_3 k$, and Isserlis' theorem for the batch gradient:
 * $\mathbb E G_j = \lambda_j r_j$,
 * $\mathbb E G_j^2 = \lambda_j P/B + (1 + 1/B)\lambda_j^2 r_j^2$.
 *
 * @param schedule coefficients by step
 * @param batch $B$: samples a step, by step or constant
 * @source arXiv 2505.16098: Gen-Mom-SGD and its second-moment equations
 */
export function generalMomentumSystem(
  schedule: Schedule,
  batch: number | ((t: number) => number),
): MomentSystem {
  const batchAt = typeof batch === "number" ? () => batch : batch;
  return {
    ...atParameters,
    write: (t, into) => {
      const { gamma1, gamma2, gamma3, delta } = schedule(t);
      const b = batchAt(t);
      const a = gamma2 + gamma1 * gamma3;
      const k = 1 - delta;
      const c = gamma3 * k;
      const q = 1 + 1 / b;
      into.fill(0);
      // row of E r²
      into[1] = c * c;
      into[2] = -2 * c;
      into[9] = -2 * a;
      into[11] = 2 * a * c;
      into[18] = q * a * a;
      // row of E y²; k² − 1 written so that a small Δ loses no digits
      into[4] = -delta * (2 - delta);
      into[14] = 2 * k * gamma1;
      into[21] = q * gamma1 * gamma1;
      // row of E ry
      into[7] = -c * k;
      into[8] = -delta;
      into[15] = gamma1;
      into[17] = -(a * k + c * gamma1);
      into[24] = -q * a * gamma1;
      into[27] = (a * a) / b;
      into[28] = (gamma1 * gamma1) / b;
      into[29] = (-a * gamma1) / b;
    },
  };
}

/**
 * The simplified equations of the paper's analysis, which drop terms of higher order in the rates:
 * the same exponents, levels a few to twenty per cent low. For comparison, not for numbers shown.
 *
 * @source arXiv 2505.16098: the simplified ODE
 */
export function simplifiedMomentumSystem(schedule: Schedule, batch: number): MomentSystem {
  return {
    ...atParameters,
    write: (t, into) => {
      const { gamma1, gamma2, gamma3, delta } = schedule(t);
      into.fill(0);
      into[2] = -2 * gamma3;
      into[9] = -2 * gamma2;
      into[4] = -2 * delta;
      into[14] = 2 * gamma1;
      into[7] = -gamma3;
      into[8] = -delta;
      into[15] = gamma1;
      into[17] = -gamma2;
      into[27] = (gamma2 * gamma2) / batch;
      into[28] = (gamma1 * gamma1) / batch;
    },
  };
}
