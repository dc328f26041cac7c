import { fitPowerLaw } from "@quadrivium/numerics";
import type { SampleSpectrum } from "./sample-spectrum.js";
import { fitTail } from "./tail-fit.js";

/** First and last principal component of a fit. */
export type Window = readonly [first: number, last: number];

/** Positions of a window's components, counted from 1. */
export function indices([first, last]: Window): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Half the slope at which variances fall over a window of components. */
export function decayExponent({ variances }: SampleSpectrum, window: Window): number {
  const values = variances.slice(window[0] - 1, window[1]).map((x) => Math.max(x, 1e-300));
  return -fitPowerLaw(indices(window), values).exponent.value / 2;
}

/** Slope at which the target's tail falls above its floor. */
export function tailExponent({ tail }: SampleSpectrum, window: Window, samples: number): number {
  return fitTail(tail, window, samples).exponent;
}
