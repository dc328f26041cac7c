import { InputError } from "@quadrivium/core";
import { searchLine, type LinePoint } from "./search-line.js";

/**
 * A function to minimise, with its slopes.
 *
 * @param at where; not to be changed
 * @param gradient receives the slopes
 * @returns the value; `Infinity` or NaN where the function is not defined
 */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

/** Where a descent ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  /** Largest slope there, by magnitude. */
  readonly gradientSize: number;
  readonly iterations: number;
  /**
   * `gradient`: all slopes are within the tolerance. `rounding`: no lower value can be told from
   * this one. `iterations`: neither, and the iterations ran out.
   */
  readonly stoppedBy: "gradient" | "rounding" | "iterations";
}

/** When a descent ends. */
export interface MinimizeOptions {
  /** Largest slope, by magnitude [1e-9]. */
  readonly tolerance?: number;
  /** [200 + 40 times the number of variables] */
  readonly maxIterations?: number;
}

/**
 * A local minimum of a smooth function of a few variables by the BFGS method: Newton's steps with
 * an inverse Hessian that is learnt from the slopes, each step satisfying the strong Wolfe
 * conditions.
 *
 * Meant for up to some hundred variables; memory grows with their square. Bring the variables and
 * the function to scales near 1.
 *
 * @throws E_RANGE if the function is not finite at the start
 * @source Nocedal and Wright 2006, "Numerical Optimization", algorithms 6.1, 3.5 and 3.6
 */
export function minimize(
  objective: Objective,
  start: ArrayLike<number>,
  options: MinimizeOptions = {},
): Minimum {
  const n = start.length;
  const { tolerance = 1e-9, maxIterations = 200 + 40 * n } = options;
  let point = evaluate(objective, Float64Array.from(start));
  if (!isFinitePoint(point)) {
    throw new InputError(
      "E_RANGE",
      `minimize: the function and its slopes must be finite at the start; got ${point.value} at ` +
        `[${Array.from(start).join(", ")}]`,
    );
  }
  let inverse = identityOf(n, 1);
  let isFresh = true;
  for (let iterations = 0; ; iterations++) {
    const gradientSize = largest(point.gradient);
    const ended = (stoppedBy: Minimum["stoppedBy"]): Minimum => {
      return { at: point.at, value: point.value, gradientSize, iterations, stoppedBy };
    };
    if (gradientSize <= tolerance) return ended("gradient");
    if (iterations === maxIterations) return ended("iterations");
    let direction = times(inverse, point.gradient, -1);
    if (!(dot(direction, point.gradient) < 0)) {
      inverse = identityOf(n, 1);
      isFresh = true;
      direction = times(inverse, point.gradient, -1);
    }
    // without curvature a full step may leap anywhere: begin with one of unit length at most
    const first = isFresh ? Math.min(1, 1 / Math.hypot(...point.gradient)) : 1;
    const along = (step: number): LinePoint & Evaluation => {
      const next = evaluate(
        objective,
        point.at.map((x, i) => x + step * direction[i]!),
      );
      return { ...next, step, slope: dot(next.gradient, direction) };
    };
    const here = { ...point, step: 0, slope: dot(point.gradient, direction) };
    const next = searchLine(along, here, first);
    if (next === null) {
      if (isFresh) return ended("rounding");
      // what was learnt of the curvature may mislead: try straight down once
      inverse = identityOf(n, 1);
      isFresh = true;
      continue;
    }
    inverse = learn(isFresh ? null : inverse, point, next);
    isFresh = false;
    point = next;
  }
}

interface Evaluation {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

function evaluate(objective: Objective, at: Float64Array): Evaluation {
  const gradient = new Float64Array(at.length);
  const value = objective(at, gradient);
  return { at, value, gradient };
}

function isFinitePoint({ value, gradient }: Evaluation): boolean {
  return Number.isFinite(value) && gradient.every(Number.isFinite);
}

/** The inverse Hessian after a step; `null` before the first, which also sets its scale. */
function learn(inverse: Float64Array | null, from: Evaluation, to: Evaluation): Float64Array {
  const n = from.at.length;
  const step = to.at.map((x, i) => x - from.at[i]!);
  const change = to.gradient.map((x, i) => x - from.gradient[i]!);
  const curvature = dot(step, change);
  // positive by the Wolfe conditions, but for rounding
  if (!(curvature > 1e-300)) return inverse ?? identityOf(n, 1);
  const before = inverse ?? identityOf(n, curvature / dot(change, change));
  const bent = times(before, change, 1);
  const weight = (1 + dot(change, bent) / curvature) / curvature;
  return before.map((x, index) => {
    const i = Math.floor(index / n);
    const j = index % n;
    const cross = step[i]! * bent[j]! + bent[i]! * step[j]!;
    return x + weight * step[i]! * step[j]! - cross / curvature;
  });
}

function identityOf(n: number, scale: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = scale;
  return matrix;
}

function times(square: Float64Array, vector: Float64Array, factor: number): Float64Array {
  const n = vector.length;
  return Float64Array.from(
    { length: n },
    (_, i) => factor * dot(square.subarray(i * n, (i + 1) * n), vector),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let size = 0;
  for (const value of values) size = Math.max(size, Math.abs(value));
  return size;
}
