import type { SpectralProblem } from "../model/spectral-problem.js";
import type { MomentSystem } from "./moment-system.js";
import { systemLayout } from "./moment-system.js";

/**
 * The frozen kernel norm: how much risk the noise of one unit of risk feeds back in the long run,
 * with the coefficients of step `t` held fixed.
 *
 * $\|K\| = \sum_j w_j \lambda_j\, \ell \cdot (-\Omega_j^{-1}\lambda_j g)$. The method is stable at $t$
 * where $\|K\| < 1$ and every mode answers with a positive error; for schedules that vary slowly in
 * log-time this decides divergence.
 *
 * @returns $\|K\|(t)$; `Infinity` where a mode is unstable by itself
 */
export function kernelNorm(problem: SpectralProblem, system: MomentSystem, t: number): number {
  const s = new Float64Array(systemLayout.size);
  system.write(t, s);
  const [l0, l1, l2] = system.gradientPoint;
  let norm = 0;
  for (let j = 0; j < problem.lambda.length; j++) {
    const x = problem.lambda[j]!;
    if (x === 0) continue; // no gradient, and no noise that it could feed back
    const v = solve3(s, x);
    const response = l0 * v[0] + l1 * v[1] + l2 * v[2];
    if (!(response >= 0)) return Infinity;
    norm += problem.weight[j]! * x * response;
  }
  return norm;
}

/** Solves $\Omega v + \lambda g = 0$ for one mode by Cramer's rule. */
function solve3(s: Float64Array, x: number): readonly [number, number, number] {
  const at = (i: number): number => s[i]! + x * (s[9 + i]! + x * s[18 + i]!);
  const [a, b, c, d, e, f, g, h, k] = [
    at(0),
    at(1),
    at(2),
    at(3),
    at(4),
    at(5),
    at(6),
    at(7),
    at(8),
  ];
  const r0 = -x * s[27]!;
  const r1 = -x * s[28]!;
  const r2 = -x * s[29]!;
  const determinant = a * (e * k - f * h) - b * (d * k - f * g) + c * (d * h - e * g);
  return [
    (r0 * (e * k - f * h) + r1 * (c * h - b * k) + r2 * (b * f - c * e)) / determinant,
    (r0 * (f * g - d * k) + r1 * (a * k - c * g) + r2 * (c * d - a * f)) / determinant,
    (r0 * (d * h - e * g) + r1 * (b * g - a * h) + r2 * (a * e - b * d)) / determinant,
  ];
}

/**
 * Kernel norm of plain SGD in closed form,
 * $\|K\| = \sum_j \frac{w_j \gamma\lambda_j}{B(2 - \gamma(1+1/B)\lambda_j)}$; stable below 1.
 * The stationary risk is $\sigma^2/(1-\|K\|)$.
 *
 * @returns the norm; `Infinity` where the largest mode is unstable by itself
 */
export function sgdKernelNorm(
  problem: SpectralProblem,
  options: { readonly learningRate: number; readonly batch: number },
): number {
  const { learningRate, batch } = options;
  let norm = 0;
  for (let j = 0; j < problem.lambda.length; j++) {
    const x = learningRate * problem.lambda[j]!;
    const room = 2 - (1 + 1 / batch) * x;
    if (room <= 0) return Infinity;
    norm += (problem.weight[j]! * x) / (batch * room);
  }
  return norm;
}

/**
 * The largest stable learning rate of SGD at a batch size: where its kernel norm is 1. `Infinity`
 * where every eigenvalue is 0.
 */
export function criticalLearningRate(problem: SpectralProblem, batch: number): number {
  let largest = 0;
  for (const lambda of problem.lambda) largest = Math.max(largest, lambda);
  if (largest === 0) return Infinity;
  let low = 0;
  let high = 2 / ((1 + 1 / batch) * largest);
  for (let iteration = 0; iteration < 100; iteration++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (sgdKernelNorm(problem, { learningRate: middle, batch }) < 1) low = middle;
    else high = middle;
  }
  return low;
}

/** Effective dimension $N_\mathrm{eff}(x) = \sum_j w_j \lambda_j / (\lambda_j + x)$. */
export function effectiveDimension(problem: SpectralProblem, x: number): number {
  let sum = 0;
  for (let j = 0; j < problem.lambda.length; j++) {
    sum += (problem.weight[j]! * problem.lambda[j]!) / (problem.lambda[j]! + x);
  }
  return sum;
}
