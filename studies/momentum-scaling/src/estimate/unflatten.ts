import { findRoot } from "@quadrivium/numerics";
import { decayExponent, tailExponent, type Window } from "./exponents-of.js";
import { expectedSpectrum, type SampledPowerLaw } from "./expected-spectrum.js";

/** How samples were taken. */
export interface Sampling {
  readonly samples: number;
  readonly features: number;
  readonly window: Window;
}

/** Slopes as measured: of the variances (halved), and of the target's tail. */
export interface MeasuredSlopes {
  readonly variances: number;
  readonly tail: number;
}

/** Exponents outside these are not told from the ends. */
const [leastAlpha, mostAlpha] = [0.01, 6];
const [leastBeta, mostBeta] = [-6, 12];

function slopesOf(
  { alpha, beta }: Pick<SampledPowerLaw, "alpha" | "beta">,
  { samples, features, window }: Sampling,
): MeasuredSlopes {
  const expected = expectedSpectrum({ alpha, beta, samples, features }, window[1]);
  return {
    variances: decayExponent(expected, window),
    tail: tailExponent(expected, window, samples),
  };
}

/**
 * The α of which so many samples show, on average, the slope that was measured: the finite-sample
 * map inverted.
 */
export function unflattenAlpha(measured: number, sampling: Sampling): number {
  const excess = (alpha: number): number =>
    slopesOf({ alpha, beta: 1 }, sampling).variances - measured;
  return solve(excess, { start: measured, low: leastAlpha, high: mostAlpha });
}

/** The β of which so many samples show the tail that was measured, given α. */
export function unflattenBeta(measured: number, alpha: number, sampling: Sampling): number {
  const excess = (beta: number): number => slopesOf({ alpha, beta }, sampling).tail - measured;
  const start = (measured + 1 - 2 * alpha) / 2;
  return solve(excess, { start, low: leastBeta, high: mostBeta });
}

/**
 * By how much α and β change with the slopes measured on `sampling`: the inverse of the map's
 * Jacobian, by central differences.
 */
export function unflattenedShift(
  at: { readonly alpha: number; readonly beta: number },
  sampling: Sampling,
): (shift: MeasuredSlopes) => { readonly alpha: number; readonly beta: number } {
  const h = Math.min(0.02, at.alpha / 4);
  const slopes = (alpha: number, beta: number): MeasuredSlopes =>
    slopesOf({ alpha, beta }, sampling);
  const [right, left] = [slopes(at.alpha + h, at.beta), slopes(at.alpha - h, at.beta)];
  const [up, down] = [slopes(at.alpha, at.beta + h), slopes(at.alpha, at.beta - h)];
  const byAlpha = (right.variances - left.variances) / (2 * h);
  const tailByAlpha = (right.tail - left.tail) / (2 * h);
  const tailByBeta = (up.tail - down.tail) / (2 * h);
  return (shift) => {
    const alpha = shift.variances / byAlpha;
    return { alpha, beta: (shift.tail - tailByAlpha * alpha) / tailByBeta };
  };
}

/** Root of an increasing function near a guess; the end of the range where it has none. */
function solve(
  f: (x: number) => number,
  range: { readonly start: number; readonly low: number; readonly high: number },
): number {
  const clamp = (x: number): number => Math.min(range.high, Math.max(range.low, x));
  for (let reach = 0.05; ; reach *= 3) {
    const bracket = [clamp(range.start - reach), clamp(range.start + reach)] as const;
    const [below, above] = [f(bracket[0]), f(bracket[1])];
    if (below < 0 && above > 0) return findRoot(f, bracket, { tolerance: 1e-4 });
    if (below >= 0 && bracket[0] === range.low) return range.low;
    if (above <= 0 && bracket[1] === range.high) return range.high;
  }
}
