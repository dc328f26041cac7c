import { forEachWeight } from "../network/surgery.js";
import { effectiveRank, featureSpectrum } from "./rank.js";

/** What a flattened bottleneck's weights look like. */
export interface BottleneckAnatomy {
  /** Length of the weights at each place, over channels and units. @shape [places] */
  readonly energyByPlace: readonly number[];
  /**
   * Mean cosine between the weights of two places: 1 for a layer that does not see where things are,
   * about 0 for one whose places know nothing of each other.
   */
  readonly placeAlignment: number;
  /** Share of the weights' square that is lost when each is replaced by its mean over places. */
  readonly lostByPooling: number;
  /** Effective rank of the weights as a matrix of inputs by units. */
  readonly effectiveRank: number | null;
}

/**
 * Takes a flattened bottleneck's kernel apart by place.
 *
 * @param kernel rows are channels, each over all places. @shape [channels · places, units]
 */
export function bottleneckAnatomy(
  kernel: ArrayLike<number>,
  { places, units }: { readonly places: number; readonly units: number },
): BottleneckAnatomy {
  const channels = kernel.length / (places * units);
  const square = new Float64Array(places);
  const mean = new Float64Array(channels * units);
  forEachWeight(kernel, places, units, (value, channel, place, unit) => {
    square[place] += value * value;
    mean[channel * units + unit] += value / places;
  });
  const total = square.reduce((sum, x) => sum + x, 0);
  const kept = places * mean.reduce((sum, x) => sum + x * x, 0);
  const spectrum = kernelSpectrum(kernel, units);
  return {
    energyByPlace: Array.from(square, Math.sqrt),
    placeAlignment: meanCosine(kernel, { places, units, square }),
    lostByPooling: total === 0 ? 0 : Math.max(0, 1 - kept / total),
    effectiveRank: spectrum === null ? null : effectiveRank(spectrum),
  };
}

/** A kernel's singular values, from its shorter side. */
function kernelSpectrum(kernel: ArrayLike<number>, units: number): Float64Array | null {
  const inputs = kernel.length / units;
  if (inputs <= units) return featureSpectrum(kernel, inputs);
  const turned = Float64Array.from(
    { length: kernel.length },
    (_, i) => kernel[(i % inputs) * units + Math.floor(i / inputs)],
  );
  return featureSpectrum(turned, units);
}

/**
 * The mean cosine over pairs of places, from the sum of all places' directions: its square is the
 * sum over all pairs, a place with itself included.
 */
function meanCosine(
  kernel: ArrayLike<number>,
  given: { readonly places: number; readonly units: number; readonly square: Float64Array },
): number {
  const { places, units, square } = given;
  if (places === 1) return 1;
  const direction = new Float64Array(kernel.length / places);
  forEachWeight(kernel, places, units, (value, channel, place, unit) => {
    if (square[place] > 0) direction[channel * units + unit] += value / Math.sqrt(square[place]);
  });
  const all = direction.reduce((sum, x) => sum + x * x, 0);
  const own = square.reduce((count, x) => count + (x > 0 ? 1 : 0), 0);
  return (all - own) / (places * (places - 1));
}
