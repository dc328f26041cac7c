import { hostArray, random, type HostArray, type Key } from "@quadrivium/core";
import { cholesky } from "@quadrivium/numerics";

/** How the residual of a rate's logarithm is thought to vary, before any data. */
const process = {
  /** Correlation length. @unit bonds */
  length: 1.2,
  /** Roughness at one point, as a share of the standard deviation. */
  nugget: 0.1,
};

/** Where a network's residual is held to its prior. @shape [points] each */
export const priorPoints = spreadPoints(96);

const known = new Map<boolean, Float32Array>();

/**
 * The matrix $W$ with $W^\top W = K^{-1}$, $K$ the covariance of a Gaussian process of unit
 * variance at {@link priorPoints}: $\tfrac12 |W f - z|^2$ is minus the log of its density at $f$, about a draw
 * $L z$ of its own.
 *
 * @param reflection whether the process is even across the bond
 * @returns @shape [points, points]
 */
export function whitening(reflection: boolean): Float32Array {
  const found = known.get(reflection) ?? whiteningOf(priorCovariance(reflection));
  known.set(reflection, found);
  return found;
}

/** $K_{ij} = e^{-|p_i - p_j|^2 / 2\ell^2} + \nu^2 \delta_{ij}$. @shape [points, points] */
export function priorCovariance(reflection: boolean): Float64Array {
  const { along, across } = priorPoints;
  const { length, nugget } = process;
  const side = (value: number): number => (reflection ? Math.abs(value) : value);
  const n = along.length;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const squared = (along[i] - along[j]) ** 2 + (side(across[i]) - side(across[j])) ** 2;
    return Math.exp(-squared / (2 * length ** 2)) + (i === j ? nugget ** 2 : 0);
  });
}

/** The inverse of the covariance's lower factor, column by column. */
function whiteningOf(covariance: Float64Array): Float32Array {
  const n = Math.sqrt(covariance.length);
  const { data: lower } = cholesky({ rows: n, cols: n, data: covariance });
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    for (let i = column; i < n; i++) {
      let sum = i === column ? 1 : 0;
      for (let j = column; j < i; j++) sum -= lower[i * n + j] * inverse[j * n + column];
      inverse[i * n + column] = sum / lower[i * n + i];
    }
  }
  return Float32Array.from(inverse);
}

/** A draw of the process for each member, as the $z$ of {@link whitening}. @shape [numMembers, points] */
export function drawAnchors(key: Key, numMembers: number): HostArray<Float32Array> {
  const { data, shape } = random.normal(key, [numMembers, priorPoints.along.length], {
    dtype: "float32",
  });
  return hostArray(Float32Array.from(data), shape);
}

/** Points spread evenly over the plane about the bond, both sides, by an additive recurrence. */
function spreadPoints(count: number): {
  readonly along: Float32Array;
  readonly across: Float32Array;
} {
  const golden = 1.324717957244746; // root of x³ = x + 1
  const at = (base: number, n: number): number => (0.5 + n / base) % 1;
  return {
    along: Float32Array.from({ length: count }, (_, n) => -2.2 + 5.4 * at(golden, n)),
    across: Float32Array.from({ length: count }, (_, n) => -2.4 + 4.8 * at(golden ** 2, n)),
  };
}
