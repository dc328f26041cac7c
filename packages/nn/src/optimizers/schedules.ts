import { InputError } from "@quadrivium/core";
import { numberOps } from "./number-ops.js";
import type { ScalarArithmetic } from "./ops.js";
import { requirePositive } from "./require-positive.js";
import { lifted, schedule, type Schedule, type Scheduled, valueAt } from "./schedule.js";

/** The same `value` at every step. */
export function constant(value: number): Schedule {
  return schedule(() => value);
}

/**
 * A straight line from `init` at step 0 to `end` at step `numSteps`, then `end`.
 *
 * @throws E_SCHEDULE if `numSteps` is not positive
 */
export function linear(options: {
  readonly init: number;
  readonly end: number;
  readonly numSteps: number;
}): Schedule {
  return polynomial({ ...options, power: 1 });
}

/**
 * $s_t = (s_0 - s_T)(1 - \min(t, T)/T)^p + s_T$. Symbols: $s_0$ → `init`, $s_T$ → `end`, $T$ →
 * `numSteps`, $p$ → `power`.
 *
 * @throws E_SCHEDULE if `numSteps` or `power` is not positive
 */
export function polynomial(options: {
  readonly init: number;
  readonly end: number;
  readonly numSteps: number;
  readonly power: number;
}): Schedule {
  const { init, end, numSteps, power } = options;
  requirePositive("E_SCHEDULE", "polynomial", { numSteps, power });
  return schedule((step, ops) => {
    const left = remaining(step, numSteps, ops);
    const curve = power === 1 ? left : powerFromZero(left, power, ops);
    return ops.add(ops.mul(curve, init - end), end);
  });
}

/**
 * Half a cosine wave: $s_t = s_0\,[(1 - \alpha)\,\tfrac12(1 + \cos(\pi \min(t, T)/T)) + \alpha]$.
 * Symbols: $s_0$ → `init`, $T$ → `numSteps`, $\alpha$ → `endFraction` [0].
 *
 * @throws E_SCHEDULE if `numSteps` is not positive
 * @source Loshchilov and Hutter 2017, "SGDR", Eq. 5, without restarts
 */
export function cosine(options: {
  readonly init: number;
  readonly numSteps: number;
  readonly endFraction?: number;
}): Schedule {
  const { init, numSteps, endFraction = 0 } = options;
  requirePositive("E_SCHEDULE", "cosine", { numSteps });
  return schedule((step, ops) => {
    const angle = ops.mul(ops.min(step, numSteps), Math.PI / numSteps);
    const wave = ops.add(ops.mul(ops.cos(angle), 0.5), 0.5);
    return ops.mul(ops.add(ops.mul(wave, 1 - endFraction), endFraction), init);
  });
}

/**
 * $s_t = s_0\, r^{t/T}$, never past `end`. Symbols: $s_0$ → `init`, $r$ → `rate`, $T$ →
 * `numSteps`: the steps in which the value changes by the factor `rate`.
 *
 * @throws E_SCHEDULE if `rate` or `numSteps` is not positive
 */
export function exponential(options: {
  readonly init: number;
  readonly rate: number;
  readonly numSteps: number;
  readonly end?: number;
}): Schedule {
  const { init, rate, numSteps, end } = options;
  requirePositive("E_SCHEDULE", "exponential", { rate, numSteps });
  return schedule((step, ops) => {
    const value = ops.mul(ops.exp(ops.mul(step, Math.log(rate) / numSteps)), init);
    if (end === undefined) return value;
    return rate < 1 ? ops.max(value, end) : ops.min(value, end);
  });
}

/**
 * $s_t = \max(s_0\,(1 + t/\tau)^{p}, s_\infty)$. Symbols: $s_0$ → `init`, $\tau$ → `timescale`
 * [1], $p$ → `power` (negative to decay), $s_\infty$ → `floor` [none].
 *
 * @throws E_SCHEDULE if `timescale` is not positive
 */
export function powerLaw(options: {
  readonly init: number;
  readonly power: number;
  readonly timescale?: number;
  readonly floor?: number;
}): Schedule {
  const { init, power, timescale = 1, floor } = options;
  requirePositive("E_SCHEDULE", "powerLaw", { timescale });
  return schedule((step, ops) => {
    const value = ops.mul(ops.pow(ops.add(ops.div(step, timescale), 1), power), init);
    return floor === undefined ? value : ops.max(value, floor);
  });
}

/**
 * Rises linearly from `init` [0] to what `peak` begins with in `numSteps` steps, then follows
 * `peak`, whose own step 0 is the end of the warm-up.
 *
 * @throws E_SCHEDULE if `numSteps` is not positive
 */
export function warmup(options: {
  readonly numSteps: number;
  readonly peak: Scheduled;
  readonly init?: number;
}): Schedule {
  const { numSteps, peak, init = 0 } = options;
  const end = valueAt(peak, 0, numberOps);
  return join([linear({ init, end, numSteps }), peak], [numSteps]);
}

/**
 * One schedule after another: the `k`-th rules from step `boundaries[k − 1]` on and counts its own
 * steps from there.
 *
 * @throws E_SCHEDULE if there is not one boundary fewer than schedules, or they do not increase
 */
export function join(parts: readonly Scheduled[], boundaries: readonly number[]): Schedule {
  const increases = boundaries.every((at, k) => at > (k === 0 ? 0 : boundaries[k - 1]));
  if (boundaries.length !== parts.length - 1 || !increases) {
    throw new InputError(
      "E_SCHEDULE",
      `join: needs one increasing positive boundary between neighbours of ${parts.length} schedules; got [${boundaries.join(", ")}]`,
      { details: { numSchedules: parts.length, boundaries } },
    );
  }
  return schedule((step, ops) => {
    const valueOf = (part: Scheduled, own: typeof step) =>
      lifted(valueAt(part, own, ops), step, ops);
    return parts.slice(1).reduce(
      (before, part, k) => {
        const own = ops.max(ops.sub(step, boundaries[k]), 0);
        return ops.whereLess(step, boundaries[k], before, valueOf(part, own));
      },
      valueOf(parts[0], step),
    );
  });
}

/** $1 - \min(t, T)/T$ */
function remaining<S>(step: S, numSteps: number, ops: ScalarArithmetic<S>): S {
  return ops.add(ops.neg(ops.div(ops.min(step, numSteps), numSteps)), 1);
}

/** $x^p$ that is 0 at $x = 0$ also where `pow` goes through the logarithm. */
function powerFromZero<S>(x: S, power: number, ops: ScalarArithmetic<S>): S {
  const smallest = 1e-30;
  return ops.whereLess(x, smallest, 0, ops.pow(ops.max(x, smallest), power));
}
