import type { Vector } from "../model/vector.js";
import type { Image } from "./image.js";
import { carbonSigmaAngstrom, type FilteredImage } from "./lattice-fit.js";
import type { SiteLevels } from "./site-levels.js";

/** A bright spot, wherever it lies: not snapped to the lattice. */
export interface BrightAtom extends Vector {
  /** Blurred intensity over the background around. */
  readonly amplitude: number;
}

/** Maxima below this many carbon amplitudes are left to the sites. */
const leastAmplitudes = 2;
/** Apparent width of silicon over carbon's. */
const siliconWidth = 0.415 / carbonSigmaAngstrom;
/** Silicon's counts over those of what surrounds it, which decides how noisy a pixel is. */
const overSurroundings = 4;
/** Atoms of a sheet are not closer than this. @unit bonds */
const closestBonds = 0.6;

/** Maxima of the blurred image far above carbon, brightest first, each fitted by a Gaussian. */
export function brightAtoms(
  image: FilteredImage,
  levels: SiteLevels,
  bondPx: number,
): readonly BrightAtom[] {
  const { smooth, raw, sigmaPx } = image;
  const { values, width, height } = smooth;
  const floor = leastAmplitudes * levels.contrast;
  const maxima: BrightAtom[] = [];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const here = values[y * width + x];
      if (!isMaximum(smooth, x, y)) continue;
      const amplitude = here - levels.backgroundAt({ x, y });
      if (amplitude >= floor) maxima.push({ x, y, amplitude });
    }
  }
  maxima.sort((a, b) => b.amplitude - a.amplitude);
  const kept: BrightAtom[] = [];
  for (const maximum of maxima) {
    const fitted = { ...maximum, ...spotCentre(raw, maximum, siliconWidth * sigmaPx) };
    const isNew = kept.every(
      (atom) => Math.hypot(atom.x - fitted.x, atom.y - fitted.y) > closestBonds * bondPx,
    );
    if (isNew) kept.push(fitted);
  }
  return kept;
}

function isMaximum({ values, width }: Image, x: number, y: number): boolean {
  const at = y * width + x;
  const here = values[at];
  return (
    here > values[at - 1] &&
    here >= values[at + 1] &&
    here > values[at - width] &&
    here >= values[at + width] &&
    here > values[at - width - 1] &&
    here > values[at - width + 1] &&
    here >= values[at + width - 1] &&
    here >= values[at + width + 1]
  );
}

/**
 * Centre of a Gaussian spot of known width by Gauss–Newton steps on the pixels within two widths;
 * height and background are fitted with it. Pixels weigh by what counting noise leaves them worth.
 */
function spotCentre(raw: Image, start: Vector, sigmaPx: number): Vector {
  let { x, y } = start;
  const reach = 2 * sigmaPx;
  for (let round = 0; round < 8; round++) {
    // Height and background by least squares, then the step from the slopes of the residual.
    const sums = { n: 0, g: 0, gg: 0, v: 0, gv: 0 };
    const pixels = pixelsWithin(raw, { x, y }, reach).map((pixel) => {
      const g = Math.exp(-(pixel.dx * pixel.dx + pixel.dy * pixel.dy) / (2 * sigmaPx * sigmaPx));
      return { ...pixel, g, weight: 1 / (1 + overSurroundings * g) };
    });
    for (const { g, value, weight } of pixels) {
      sums.n += weight;
      sums.g += weight * g;
      sums.gg += weight * g * g;
      sums.v += weight * value;
      sums.gv += weight * g * value;
    }
    const det = sums.n * sums.gg - sums.g * sums.g;
    const height = (sums.n * sums.gv - sums.g * sums.v) / det;
    const background = (sums.v - height * sums.g) / sums.n;
    if (!(height > 0)) return start;
    let [xx, yy, rx, ry] = [0, 0, 0, 0];
    for (const { dx, dy, g, value, weight } of pixels) {
      const residual = value - background - height * g;
      const slopeX = (height * g * dx) / (sigmaPx * sigmaPx);
      const slopeY = (height * g * dy) / (sigmaPx * sigmaPx);
      xx += weight * slopeX * slopeX;
      yy += weight * slopeY * slopeY;
      rx += weight * slopeX * residual;
      ry += weight * slopeY * residual;
    }
    const limit = 0.5 * sigmaPx;
    const stepX = Math.max(-limit, Math.min(limit, rx / xx));
    const stepY = Math.max(-limit, Math.min(limit, ry / yy));
    x += stepX;
    y += stepY;
    if (Math.hypot(x - start.x, y - start.y) > reach) return start;
    if (Math.hypot(stepX, stepY) < 1e-3) break;
  }
  return { x, y };
}

function pixelsWithin(
  { values, width, height }: Image,
  { x, y }: Vector,
  reach: number,
): readonly { dx: number; dy: number; value: number }[] {
  const found: { dx: number; dy: number; value: number }[] = [];
  const top = Math.max(0, Math.ceil(y - reach));
  const left = Math.max(0, Math.ceil(x - reach));
  for (let row = top; row <= Math.min(height - 1, y + reach); row++) {
    for (let col = left; col <= Math.min(width - 1, x + reach); col++) {
      const dx = col - x;
      const dy = row - y;
      if (dx * dx + dy * dy > reach * reach) continue;
      found.push({ dx, dy, value: values[row * width + col] });
    }
  }
  return found;
}
