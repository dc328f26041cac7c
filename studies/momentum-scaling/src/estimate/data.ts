import { InputError } from "@quadrivium/core";
import type { Matrix } from "@quadrivium/numerics";

/** What the numbers in a file are. */
export type DataKind = "features" | "kernel" | "spectrum";

/** Data to estimate exponents from. */
export type EstimateData =
  | {
      /** One row a sample: raw features, or a network's activations. */
      readonly kind: "features";
      readonly features: Matrix;
      readonly targets?: Float64Array;
    }
  | {
      /** Entry (i, j) is the kernel of samples i and j. */
      readonly kind: "kernel";
      readonly kernel: Matrix;
      /** Features behind it, where known. */
      readonly numFeatures?: number;
      readonly targets?: Float64Array;
    }
  | {
      /** Eigenvalues of the population covariance. */
      readonly kind: "spectrum";
      readonly eigenvalues: Float64Array;
      /** The target's energy along each eigenvector, $\lambda_j b_j^2$. */
      readonly energies?: Float64Array;
    };

/**
 * Arrays as data: one dimension is a spectrum, a symmetric square matrix a kernel, anything else a
 * matrix of features.
 *
 * @param options.kind overrides the guess
 * @param options.numFeatures features behind a kernel
 * @throws E_ESTIMATE_DATA if a number is not finite, or targets do not fit
 */
export function dataOf(
  array: { readonly shape: readonly number[]; readonly values: Float64Array },
  targets: Float64Array | undefined,
  options: { readonly kind?: DataKind | undefined; readonly numFeatures?: number | undefined } = {},
): EstimateData {
  const { kind, numFeatures } = options;
  requireFinite(array.values, "data");
  if (targets !== undefined) requireFinite(targets, "targets");
  const flat = array.shape.filter((length) => length > 1).length <= 1;
  const [rows = 1, ...rest] = array.shape;
  const matrix: Matrix = {
    rows,
    cols: rest.reduce((product, length) => product * length, 1),
    data: array.values,
  };
  const guess: DataKind = flat ? "spectrum" : isSymmetric(matrix) ? "kernel" : "features";
  const chosen = kind ?? guess;
  const samples = chosen === "spectrum" ? array.values.length : rows;
  if (targets !== undefined && targets.length !== samples) {
    throw dataError(
      `targets must be one number for each of the ${samples} ` +
        `${chosen === "spectrum" ? "eigenvalues" : "samples"}; got ${targets.length}`,
    );
  }
  if (chosen === "spectrum") {
    return {
      kind: "spectrum",
      eigenvalues: array.values.toSorted((a, b) => b - a),
      ...(targets === undefined ? {} : { energies: targets }),
    };
  }
  if (chosen === "kernel" && matrix.rows !== matrix.cols) {
    throw dataError(`a kernel must be square; got ${matrix.rows} × ${matrix.cols}`);
  }
  const given = targets === undefined ? {} : { targets };
  return chosen === "kernel"
    ? {
        kind: "kernel",
        kernel: matrix,
        ...given,
        ...(numFeatures === undefined ? {} : { numFeatures }),
      }
    : { kind: "features", features: matrix, ...given };
}

function isSymmetric({ rows, cols, data }: Matrix): boolean {
  if (rows !== cols) return false;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [data[i * cols + j]!, data[j * cols + i]!];
      if (Math.abs(a - b) > 1e-9 * (Math.abs(a) + Math.abs(b)) + 1e-300) return false;
    }
  }
  return true;
}

function requireFinite(values: Float64Array, name: string): void {
  const at = values.findIndex((x) => !Number.isFinite(x));
  if (at < 0) return;
  throw dataError(`${name} must be finite numbers; got ${values[at]} at index ${at}; remove it`);
}

/** An error about data that cannot be used. */
export function dataError(what: string): InputError {
  return new InputError("E_ESTIMATE_DATA", `estimate: ${what}`);
}
