import { random, type Stream } from "@quadrivium/core";
import type { Atom as GridAtom } from "../../data/grid-step.js";
import type { Frame } from "../../perception/frame.js";
import { gaussianBlur, type Image } from "../../perception/image.js";
import type { Region } from "../sheet.js";
import { equalizeLocally } from "./equalize.js";

/** What is drawn anew for every episode: contrast, and how much of each kind of noise. */
export interface PaperImageParameters {
  /** An atom's weight is its atomic number to this power. */
  readonly atomicExponent: number;
  readonly blurPx: number;
  /** Expected counts at the brightest pixel. */
  readonly poissonCounts: number;
  /** Mean shift of a row, to one side. @unit pixel */
  readonly rowJitterPx: number;
  /** Share of pixels set to white or black. */
  readonly saltAndPepper: number;
  readonly gamma: number;
  readonly uniformScale: number;
  readonly exponentialScale: number;
  readonly gaussianVariance: number;
}

/** Ranges of even draws, of the published code. @source Schwarzer et al. 2023, published code */
const ranges = {
  usual: {
    atomicExponent: [1.4, 2],
    blurPx: [0, 1],
    rowJitterPx: [0, 5],
    saltAndPepper: [0, 0.001],
    gamma: [0.7, 1.3],
    uniformScale: [0, 0.2],
    exponentialScale: [0, 0.2],
    gaussianVariance: [0, 0.005],
  },
  noisy: {
    atomicExponent: [1.4, 2],
    blurPx: [0, 0.25],
    rowJitterPx: [0, 5],
    saltAndPepper: [0, 0.01],
    gamma: [0.5, 1.5],
    uniformScale: [0, 0.25],
    exponentialScale: [0, 0.25],
    gaussianVariance: [0, 0.3],
  },
} as const;

/** Mean of the exponential draw that is added to one count. */
const extraPoissonCounts = 15;

/** The two recipes of the published code. */
export type PaperNoise = keyof typeof ranges;

/** Draws the parameters of an episode's images. */
export function drawPaperImage(noise: PaperNoise, stream: Stream): PaperImageParameters {
  const even = (name: keyof (typeof ranges)["usual"]): number => {
    const [low, high] = ranges[noise][name];
    return low + (high - low) * stream.uniform();
  };
  return {
    atomicExponent: even("atomicExponent"),
    blurPx: even("blurPx"),
    poissonCounts: 1 + extraPoissonCounts * random.sampleExponential(stream),
    rowJitterPx: even("rowJitterPx"),
    saltAndPepper: even("saltAndPepper"),
    gamma: even("gamma"),
    uniformScale: even("uniformScale"),
    exponentialScale: even("exponentialScale"),
    gaussianVariance: even("gaussianVariance"),
  };
}

/** Side of the image. @unit pixel */
const side = 512;
/** Width of the field of view over the standard deviation of an atom, over the image's side. */
const widthOverSigma = 2.15;
const clipShare = 0.01;

/**
 * Atoms as the published simulator shows them before any noise: points of weight $Z^g$ on the pixel
 * grid, blurred to a standard deviation of $1/2.15$ Å, the brightest pixel 1. The image's rows run
 * down, the sheet's y up.
 *
 * @source Schwarzer et al. 2023, published code
 */
export function cleanPaperImage(
  atoms: readonly GridAtom[],
  { region, atomicExponent }: { readonly region: Region; readonly atomicExponent: number },
): Image {
  const { centre, width, height } = region;
  const values = new Float32Array(side * side);
  for (const { x, y, atomicNumber } of atoms) {
    const col = Math.floor(((x - centre.x) / width + 0.5) * side);
    const row = Math.floor((0.5 - (y - centre.y) / height) * side);
    if (col < 0 || row < 0 || col >= side || row >= side) continue;
    values[row * side + col] += atomicNumber ** atomicExponent;
  }
  return brightestIsOne(
    gaussianBlur({ values, width: side, height: side }, side / (widthOverSigma * width)),
  );
}

/**
 * One image of the published simulator: blur, Poisson counts, shifted rows, salt and pepper, gamma,
 * even, exponential and Gaussian noise, and local equalization, in this order.
 *
 * @source Schwarzer et al. 2023, published code
 */
export function paperImage(
  atoms: readonly GridAtom[],
  { region, parameters }: { readonly region: Region; readonly parameters: PaperImageParameters },
  stream: Stream,
): Frame {
  const { blurPx, poissonCounts, gamma, gaussianVariance } = parameters;
  const clean = cleanPaperImage(atoms, { region, atomicExponent: parameters.atomicExponent });
  const blurred = blurPx > 0 ? brightestIsOne(gaussianBlur(clean, blurPx)) : clean;
  const counted = brightestIsOne({
    ...blurred,
    values: blurred.values.map((v) => random.samplePoisson(stream, v * poissonCounts)),
  });
  const { values } = shiftedRows(counted, parameters.rowJitterPx, stream);
  const noise = Math.sqrt(gaussianVariance);
  const noisy = values.map((value) => {
    const seen = stream.uniform() < parameters.saltAndPepper ? stream.below(2) : value;
    const added =
      seen ** gamma +
      parameters.uniformScale * stream.uniform() +
      parameters.exponentialScale * random.sampleExponential(stream) +
      noise * stream.normal();
    return Math.min(1, Math.max(0, added));
  });
  const equalized = equalizeLocally({ ...counted, values: noisy }, clipShare);
  return {
    counts: equalized.values,
    height: side,
    width: side,
    pixelSizeAngstrom: region.width / side,
  };
}

function brightestIsOne(image: Image): Image {
  const brightest = image.values.reduce((most, value) => Math.max(most, value), 0);
  if (brightest === 0) return image;
  return { ...image, values: image.values.map((value) => value / brightest) };
}

/** Turns every row by a Poisson number of pixels to the right. */
function shiftedRows({ values, width, height }: Image, meanPx: number, stream: Stream): Image {
  const out = new Float32Array(values.length);
  for (let row = 0; row < height; row++) {
    const shift = random.samplePoisson(stream, meanPx) % width;
    const line = values.subarray(row * width, (row + 1) * width);
    out.set(line.subarray(width - shift), row * width);
    out.set(line.subarray(0, width - shift), row * width + shift);
  }
  return { values: out, width, height };
}
