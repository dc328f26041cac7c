import { matrix, symmetricEigen, type Matrix } from "@quadrivium/numerics";

/**
 * The inner products of all pairs of rows; null where one is not finite, as in a network that
 * diverged.
 *
 * @param rows of one length
 * @returns symmetric. @shape [rows, rows]
 */
export function gramMatrix(rows: readonly Float32Array[]): Matrix | null {
  const gram = matrix(rows.length, rows.length);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < rows[i].length; k++) sum += rows[i][k] * rows[j][k];
      if (!Number.isFinite(sum)) return null;
      gram.data[i * rows.length + j] = gram.data[j * rows.length + i] = sum;
    }
  }
  return gram;
}

/** The eigenvalues of a {@link gramMatrix}, in descending order. */
export function gramEigenvalues(gram: Matrix): Float64Array {
  // Rounding leaves the null space a little to either side of 0.
  return symmetricEigen(gram)
    .values.map((value) => Math.max(0, value))
    .reverse();
}

/**
 * Singular values of a batch of features, in descending order, as the roots of the eigenvalues of
 * $FF^\top$; null where a feature is not finite, as in a network that diverged.
 *
 * @param features F. @shape [batch, width], row-major
 * @precision values below 1e-6 of the largest are noise; ranks ask only for those above 1e-3
 */
export function featureSpectrum(features: ArrayLike<number>, batch: number): Float64Array | null {
  const width = features.length / batch;
  const all = Float32Array.from(features);
  const rows = Array.from({ length: batch }, (_, i) => all.subarray(i * width, (i + 1) * width));
  const gram = gramMatrix(rows);
  return gram === null ? null : gramEigenvalues(gram).map(Math.sqrt);
}

/**
 * The effective rank: the smallest k with $\sum_{i \le k} \sigma_i \ge (1-\delta) \sum_i \sigma_i$.
 *
 * @param singularValues in descending order
 * @param delta δ [0.01]
 * @source Kumar et al. 2021, "Implicit under-parameterization", Definition 1
 */
export function effectiveRank(singularValues: ArrayLike<number>, delta = 0.01): number {
  const values = Array.from(singularValues);
  const total = values.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    if (sum >= (1 - delta) * total) return k + 1;
  }
  return values.length;
}

/** How many singular values exceed `threshold` times the largest. */
export function thresholdRank(singularValues: ArrayLike<number>, threshold: number): number {
  const largest = singularValues[0] ?? 0;
  return Array.from(singularValues).filter((value) => value > threshold * largest).length;
}
