import { realFft2 } from "@quadrivium/numerics";
import { cleanWeights } from "./clean-weights.js";
import { gaussianBlur, quantileOf, wideBlur, type Image } from "./image.js";

/** The transform of a contrast-normalised, windowed image and its power over the local noise. */
export interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Mean 1 where there is only noise. */
  readonly power: Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Deviations beyond which a pixel says no more: bright atoms and dirt must not ring. */
const cap = 2;

/**
 * The spectrum of what is clean in an image: bright atoms and dirt left out, local mean taken away,
 * local deviation divided out, the rest of the outliers capped, windowed.
 */
export function spectrumOf(image: Image): Spectrum {
  const { width, height } = image;
  const clean = cleanWeights(image);
  // a slight blur before the cap: single pixels of low counts are not bright atoms
  const smooth = gaussianBlur(image, 1);
  const wide = Math.min(width, height) / 12;
  const covered = wideBlur(clean, wide);
  const around = (values: Float32Array): Float32Array => {
    const sums = wideBlur(
      { values: values.map((v, i) => v * clean.values[i]), width, height },
      wide,
    );
    return sums.values.map((sum, i) => sum / (covered.values[i] + 1e-6));
  };
  const mean = around(smooth.values);
  const variance = around(smooth.values.map((v, i) => (v - mean[i]) ** 2));
  const floor = 0.05 * quantileOf(variance, 0.5) + 1e-30;
  const normal = new Float64Array(width * height);
  for (let i = 0; i < normal.length; i++) {
    const deviation = Math.sqrt(variance[i] + floor);
    normal[i] = (clean.values[i] * (smooth.values[i] - mean[i])) / deviation;
  }
  const hann = (i: number, n: number): number =>
    0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / n);
  for (let y = 0; y < height; y++) {
    const wy = hann(y, height);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      normal[i] = Math.max(-cap, Math.min(normal[i], cap)) * wy * hann(x, width);
    }
  }
  const { re, im } = realFft2(normal, { rows: height, cols: width });
  return { re, im, power: whitened({ re, im, width, height }), width, height };
}

/**
 * Power over the noise of its ring of equal spatial frequency.
 *
 * A lattice's own spots may fill half a ring: noise is read from the lower fifth of each ring (of
 * exponential values, −ln 0.8 of their mean) and from the middle one of seven rings.
 */
function whitened({ re, im, width, height }: Omit<Spectrum, "power">): Float64Array {
  const power = new Float64Array(width * height);
  const side = Math.min(width, height);
  const ringAt = (x: number, y: number): number => {
    const u = (x > width / 2 ? x - width : x) / width;
    const v = (y > height / 2 ? y - height : y) / height;
    return Math.floor(Math.hypot(u, v) * side * 0.5);
  };
  const rings: number[][] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      power[i] = re[i] * re[i] + im[i] * im[i];
      (rings[ringAt(x, y)] ??= []).push(power[i]);
    }
  }
  const lower = Array.from(rings, (ring = []) => quantileOf(ring, 0.2) / -Math.log(0.8));
  const noise = lower.map((_, ring) => {
    const around = lower.slice(Math.max(0, ring - 3), ring + 4);
    return quantileOf(around, 0.5) + 1e-300;
  });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) power[y * width + x] /= noise[ringAt(x, y)];
  }
  return power;
}
