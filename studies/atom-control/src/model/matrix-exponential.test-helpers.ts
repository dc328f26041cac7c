import { identity, matmul, type Matrix } from "@quadrivium/numerics";

/** $e^A$ by scaling and squaring of a Taylor series of order 8: slow, simple, independent. */
export function matrixExponential(a: Matrix): Matrix {
  let norm = 0;
  for (let i = 0; i < a.rows; i++) {
    let sum = 0;
    for (let j = 0; j < a.cols; j++) sum += Math.abs(a.data[i * a.cols + j]);
    norm = Math.max(norm, sum);
  }
  const squarings = Math.max(0, Math.ceil(Math.log2(norm / 0.02)));
  const small = { ...a, data: a.data.map((x) => x / 2 ** squarings) };
  let result = identity(a.rows);
  for (let order = 8; order >= 1; order--) {
    const next = matmul(small, result);
    const eye = identity(a.rows);
    result = { ...a, data: eye.data.map((x, i) => x + next.data[i] / order) };
  }
  for (let n = 0; n < squarings; n++) result = matmul(result, result);
  return result;
}
