import type { Coefficients } from "./coefficients.js";

type Matrix = readonly (readonly number[])[];

const multiply = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
const transpose = (a: Matrix): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));
const combine = (...terms: readonly (readonly [number, Matrix])[]): number[][] =>
  terms[0]![1].map((row, i) =>
    row.map((_, j) => terms.reduce((sum, [factor, m]) => sum + factor * m[i]![j]!, 0)),
  );

/**
 * Expected risks in original coordinates, by the full matrices E rrᵀ, E yyᵀ, E ryᵀ and Isserlis'
 * theorem E[φφᵀe²] = K·P + 2·K rrᵀ K: an independent derivation that never diagonalises K.
 */
export function fullMatrixRisks(problem: {
  readonly covariance: Matrix;
  readonly start: readonly number[];
  readonly sigma2: number;
  /** For every step, or one for each. */
  readonly batch: number | readonly number[];
  readonly coefficients: readonly Coefficients[];
}): number[] {
  const { covariance: k, sigma2 } = problem;
  let rr: number[][] = problem.start.map((a) => problem.start.map((b) => a * b));
  let yy = combine([0, rr]);
  let ry = combine([0, rr]); // E r yᵀ
  const risk = (): number =>
    sigma2 + k.reduce((sum, row, i) => sum + row.reduce((s, x, j) => s + x * rr[j]![i]!, 0), 0);
  const risks = [risk()];
  for (const [t, { gamma1, gamma2, gamma3, delta }] of problem.coefficients.entries()) {
    const batch = typeof problem.batch === "number" ? problem.batch : problem.batch[t]!;
    const gg = combine([risk() / batch, k], [1 + 1 / batch, multiply(multiply(k, rr), k)]);
    const rg = multiply(rr, k); // E r Gᵀ
    const yg = multiply(transpose(ry), k); // E y Gᵀ
    // y⁺ first, then r⁺ = r − γ2·G − γ3·y⁺
    const keep = 1 - delta;
    const yyNew = combine(
      [keep * keep, yy],
      [keep * gamma1, yg],
      [keep * gamma1, transpose(yg)],
      [gamma1 * gamma1, gg],
    );
    const ryNew = combine([keep, ry], [gamma1, rg]); // E r y⁺ᵀ
    const gyNew = combine([keep, transpose(yg)], [gamma1, gg]); // E G y⁺ᵀ
    const cross = combine(
      [-gamma2, rg],
      [-gamma3, ryNew],
      [gamma2 * gamma3, gyNew], // half of the symmetric pair
    );
    rr = combine(
      [1, rr],
      [1, cross],
      [1, transpose(cross)],
      [gamma2 * gamma2, gg],
      [gamma3 * gamma3, yyNew],
    );
    ry = combine([1, ryNew], [-gamma2, gyNew], [-gamma3, yyNew]);
    yy = yyNew;
    risks.push(risk());
  }
  return risks;
}

/** A covariance with given eigenvalues in a basis turned by plane rotations. */
export function rotatedProblem(
  lambda: readonly number[],
  start: readonly number[],
  angles: readonly number[],
): { readonly covariance: number[][]; readonly start: number[] } {
  let covariance: number[][] = lambda.map((x, i) => lambda.map((_, j) => (i === j ? x : 0)));
  let vector: number[][] = start.map((x) => [x]);
  const n = lambda.length;
  if (n === 1) return { covariance, start: [...start] };
  angles.forEach((angle, index) => {
    const i = index % n;
    const j = (index + 1 + (index % (n - 1))) % n;
    if (i === j) return;
    const rotation: number[][] = lambda.map((_, a) => lambda.map((_, b) => Number(a === b)));
    rotation[i]![i] = rotation[j]![j] = Math.cos(angle);
    rotation[i]![j] = -Math.sin(angle);
    rotation[j]![i] = Math.sin(angle);
    covariance = multiply(multiply(rotation, covariance), transpose(rotation));
    vector = multiply(rotation, vector);
  });
  return { covariance, start: vector.map(([x]) => x!) };
}
