import { key, random, streamOf } from "@quadrivium/core";
import { bondLengthAngstrom } from "../honeycomb.js";
import type { RateMap } from "../rate-map.js";
import { gaussianMixtureMap, type GaussianBump } from "./gaussian-mixture.js";

/**
 * The bumps of a random map, drawn as the paper's code draws its Gaussian mixtures.
 *
 * One more than a Poisson(2) number of them, centred on the bond's axis from 2 bonds behind silicon
 * to 3 bonds ahead, variances from 0.1 to 5 Å². The largest single bump peaks at a rate drawn from
 * 0.01 to 1 per second; where bumps overlap the map exceeds it.
 */
export function randomBumps(seed: number): readonly GaussianBump[] {
  const stream = streamOf(key(seed));
  const between = (low: number, high: number): number => low + (high - low) * stream.uniform();
  const count = random.samplePoisson(stream, 2) + 1;
  const maxRatePerS = between(0.01, 1);
  const drawn = Array.from({ length: count }, () => {
    const weight = between(0, 10);
    const centre = between(-2, 3);
    const varianceAlong = between(0.1, 5);
    const varianceAcross = between(0.1, 5);
    return { weight, centre, varianceAlong, varianceAcross };
  });
  // A normal density's peak; constants that all bumps share cancel.
  const heights = drawn.map((b) => b.weight / Math.sqrt(b.varianceAlong * b.varianceAcross));
  const highest = Math.max(...heights);
  return drawn.map(({ centre, varianceAlong, varianceAcross }, j) => ({
    peakRatePerS: (maxRatePerS * heights[j]) / highest,
    mean: [centre, 0],
    sigma: [
      Math.sqrt(varianceAlong) / bondLengthAngstrom,
      Math.sqrt(varianceAcross) / bondLengthAngstrom,
    ],
  }));
}

/** A map nobody has seen before: a Gaussian mixture drawn by seed, see {@link randomBumps}. */
export function randomMap(seed: number): RateMap {
  return gaussianMixtureMap(`random:${seed}`, randomBumps(seed));
}
