import { InputError } from "@quadrivium/core";

/**
 * Streaming least squares in its eigenbasis: independent Gaussian features of variance
 * $\lambda_j$, a target within their span, and label noise of variance $\sigma^2$.
 *
 * Everything that an orthogonally equivariant method does to the expected risk depends on these
 * numbers alone. A node may stand for several modes (`weight`), also for a fractional number.
 */
export interface SpectralProblem {
  /**
   * $\lambda_j \ge 0$: eigenvalues of the feature covariance; a mode of none neither learns nor is
   * seen in the risk. @shape [nodes]
   */
  readonly lambda: Float64Array;
  /** $w_j$: modes that the node stands for. @shape [nodes] */
  readonly weight: Float64Array;
  /** $\rho_j^2$: squared initial error of each such mode. @shape [nodes] */
  readonly rho2: Float64Array;
  /** $\sigma^2$: the risk that no parameters can remove (mean squared error). */
  readonly sigma2: number;
}

/**
 * Initial risk $P(0) = \sigma^2 + \sum_j w_j \lambda_j \rho_j^2$ of parameters at zero.
 */
export function initialRisk(problem: SpectralProblem): number {
  let sum = problem.sigma2;
  for (let j = 0; j < problem.lambda.length; j++) {
    sum += problem.weight[j]! * problem.lambda[j]! * problem.rho2[j]!;
  }
  return sum;
}

/** Trace of the feature covariance, $\sum_j w_j \lambda_j$. */
export function trace(problem: SpectralProblem): number {
  let sum = 0;
  for (let j = 0; j < problem.lambda.length; j++) sum += problem.weight[j]! * problem.lambda[j]!;
  return sum;
}

/** Modes in all, $\sum_j w_j$. */
export function numModes(problem: SpectralProblem): number {
  let sum = 0;
  for (const weight of problem.weight) sum += weight;
  return sum;
}

/**
 * A problem from plain numbers, one mode a node unless `weight` says otherwise.
 *
 * @throws E_SPECTRUM if lengths differ, a list is empty, or a number is out of range
 */
export function spectralProblem(input: {
  readonly lambda: ArrayLike<number>;
  readonly rho2: ArrayLike<number>;
  readonly weight?: ArrayLike<number>;
  readonly sigma2: number;
}): SpectralProblem {
  const { lambda, rho2, sigma2 } = input;
  const weight = input.weight ?? new Float64Array(lambda.length).fill(1);
  if (lambda.length === 0) {
    throw new InputError("E_SPECTRUM", "spectralProblem: needs at least one eigenvalue; got none");
  }
  for (const [name, list] of [
    ["rho2", rho2],
    ["weight", weight],
  ] as const) {
    if (list.length !== lambda.length) {
      throw new InputError(
        "E_SPECTRUM",
        `spectralProblem: ${name} must have one number for each of the ${lambda.length} ` +
          `eigenvalues; got ${list.length}`,
        { details: { lambda: lambda.length, [name]: list.length } },
      );
    }
  }
  requireAll("lambda", lambda, (x) => x >= 0, "a finite number ≥ 0");
  requireAll("rho2", rho2, (x) => x >= 0, "a finite number ≥ 0");
  requireAll("weight", weight, (x) => x > 0, "a finite number above 0");
  requireAll("sigma2", [sigma2], (x) => x >= 0, "a finite number ≥ 0");
  return {
    lambda: Float64Array.from(lambda),
    weight: Float64Array.from(weight),
    rho2: Float64Array.from(rho2),
    sigma2,
  };
}

function requireAll(
  name: string,
  values: ArrayLike<number>,
  holds: (x: number) => boolean,
  rule: string,
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value) && holds(value)) continue;
    throw new InputError(
      "E_SPECTRUM",
      `spectralProblem: every ${name} must be ${rule}; got ${value} at index ${i}; ` +
        `remove or mend that entry`,
      { details: { name, index: i, value: String(value) } },
    );
  }
}
