import { matmul, matrixOf, transpose, type Matrix } from "@quadrivium/numerics";
import type { Coefficients } from "./coefficients.js";

/** A random-features model before any reduction: v hidden features, of which d mixtures are fed. */
export interface AmbientModel {
  /** Variances of the hidden features. @shape [v] */
  readonly variances: readonly number[];
  /** @shape [v, d] */
  readonly features: Matrix;
  /** Target coefficients $b$. @shape [v] */
  readonly target: readonly number[];
}

/**
 * Expected risks by the second moments of $u = W\theta - b$ and of the buffer in the space of the
 * hidden features: no $\theta^*$, no $\sigma^2$ and no eigenbasis occur. One sample's gradient is
 * $W^\top x \langle x, u\rangle$, and Isserlis' theorem gives
 * $\mathbb E[x x^\top \langle x,u\rangle^2] = D\,P + 2 D u u^\top D$.
 *
 * State: the symmetric second moment of the stacked vector $(u, W y)$, of length 2v.
 */
export function ambientRisks(
  model: AmbientModel,
  steps: readonly (Coefficients & { readonly batch: number })[],
): number[] {
  const { variances, features, target } = model;
  const v = variances.length;
  const kernel = matmul(features, transpose(features)); // W Wᵀ
  const D = square(v, (i, j) => (i === j ? variances[i]! : 0));
  // a gradient step moves Wθ by −W Wᵀ x⟨x, u⟩, on average −(W Wᵀ D) u
  const mean = matmul(kernel, D);
  let moment = square(2 * v, (i, j) => (i < v && j < v ? target[i]! * target[j]! : 0));
  const risk = (): number =>
    variances.reduce((sum, variance, i) => sum + variance * moment.data[i * 2 * v + i]!, 0);
  const risks = [risk()];
  for (const { gamma1, gamma2, gamma3, delta, batch } of steps) {
    const keep = 1 - delta;
    // (u, Wy) → A (u, Wy) − (column of the gradient's own part) g
    const onGradient = [-(gamma2 + gamma3 * gamma1), gamma1];
    const onBuffer = [-gamma3 * keep, keep];
    const A = square(2 * v, (i, j) => {
      const [block, other] = [Math.floor(i / v), Math.floor(j / v)];
      const [a, b] = [i % v, j % v];
      if (other === 1) return a === b ? onBuffer[block]! : 0;
      const identity = block === 0 && a === b ? 1 : 0;
      return identity + onGradient[block]! * mean.data[a * v + b]!;
    });
    const U = square(v, (i, j) => moment.data[i * 2 * v + j]!);
    const DUD = matmul(matmul(D, U), D);
    const total = risk();
    // covariance of the batch's mean gradient about W Wᵀ D u
    const spread = matmul(
      matmul(
        kernel,
        square(v, (i, j) => (D.data[i * v + j]! * total + DUD.data[i * v + j]!) / batch),
      ),
      kernel,
    );
    const carried = matmul(matmul(A, moment), transpose(A));
    moment = square(2 * v, (i, j) => {
      const noise = spread.data[(i % v) * v + (j % v)]!;
      const factor = onGradient[Math.floor(i / v)]! * onGradient[Math.floor(j / v)]!;
      return carried.data[i * 2 * v + j]! + factor * noise;
    });
    risks.push(risk());
  }
  return risks;
}

function square(size: number, entry: (i: number, j: number) => number): Matrix {
  return matrixOf(
    Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => entry(i, j))),
  );
}
