import { solve, type Matrix } from "@quadrivium/numerics";
import type { Vector } from "../model/vector.js";
import { gaussianBlur, quantileOf, robustSpread, sampled, wideBlur, type Image } from "./image.js";
import { shapeOf, sitesWithin, type PlacedLattice } from "./placed-lattice.js";

/** Width of carbon in 60 kV frames of graphene, probe included. @unit angstrom */
export const carbonSigmaAngstrom = 0.37;
/** Bond of graphene. @unit angstrom */
const bondAngstrom = 1.42;

/** An image blurred as a matched filter for atoms wants it, with what lies between the atoms. */
export interface FilteredImage {
  readonly raw: Image;
  readonly smooth: Image;
  readonly sigmaPx: number;
  /** Variance of the blurred atom's profile. @unit pixels² */
  readonly profilePx2: number;
}

/** A fitted lattice with how well it holds. */
export interface LatticeFit {
  readonly lattice: PlacedLattice;
  /** Root mean square of the sites' offsets beyond what counting noise explains. @unit angstrom */
  readonly residualAngstrom: number;
  /** Intensity of carbon over the hexagons' centres, in the blurred image. */
  readonly contrast: number;
  /** Standard deviation of a hexagon centre's blurred intensity. */
  readonly noise: number;
}

export function filtered(raw: Image, bondPx: number): FilteredImage {
  const sigmaPx = (carbonSigmaAngstrom / bondAngstrom) * bondPx;
  return {
    raw,
    smooth: gaussianBlur(raw, sigmaPx),
    sigmaPx,
    profilePx2: 2 * sigmaPx * sigmaPx,
  };
}

/** Weighted sums for the affine correction δ(r) = t + E·(r − centre). */
class AffineSums {
  readonly #normal: number[] = Array.from({ length: 9 }, () => 0);
  readonly #x = [0, 0, 0];
  readonly #y = [0, 0, 0];

  add(at: Vector, offset: Vector, weight: number): void {
    const basis = [1, at.x, at.y];
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) this.#normal[3 * a + b] += weight * basis[a] * basis[b];
      this.#x[a] += weight * basis[a] * offset.x;
      this.#y[a] += weight * basis[a] * offset.y;
    }
  }

  solved(): { x: readonly number[]; y: readonly number[] } {
    const ridge = 1e-9 * (this.#normal[0] + this.#normal[4] + this.#normal[8]) + 1e-12;
    for (const diagonal of [0, 4, 8]) this.#normal[diagonal] += ridge;
    const normal: Matrix = { rows: 3, cols: 3, data: Float64Array.from(this.#normal) };
    return {
      x: [...solve(normal, Float64Array.from(this.#x))],
      y: [...solve(normal, Float64Array.from(this.#y))],
    };
  }
}

/** Sites farther than this from where the lattice has them pull no more. @unit bonds */
const shortestReach = 0.45;
/** At few counts noise alone puts sites that far off: the reach grows with the typical offset. */
const reachPerOffset = 4;
const longestReach = 0.8;
/** A fit that shears the lattice beyond this, or changes its scale by more, has lost it. */
const mostShear = 0.08;
const mostScaling = 0.15;
/** Sites brighter than this many carbon contrasts are not carbon, or not alone. */
const brightest = 2.3;
const rounds = 6;

/**
 * Refines a lattice in all six parameters on the blurred image.
 *
 * At a site that is off by δ the blurred atom has the gradient A·δ/s², A its height and s² its
 * width: each round takes the affine map that these offsets ask for, in the least-squares sense,
 * from the middle outwards. Bright atoms and sites far off are left out.
 *
 * @param start good to a third of a bond in the middle of the image
 */
export function fitLattice(image: FilteredImage, start: PlacedLattice): LatticeFit {
  const { smooth, profilePx2 } = image;
  const { width, height } = smooth;
  const centre = { x: (width - 1) / 2, y: (height - 1) / 2 };
  const band = bandPassed(image);
  let lattice = start;
  for (let round = 0; round < rounds; round++) {
    const { bondPx } = shapeOf(lattice);
    const sites = sitesWithin(lattice, smooth, 0.5 * bondPx);
    const levels = levelsOf(smooth, lattice, sites);
    if (!(levels.contrast > 0)) break;
    const within = (0.35 + 0.25 * round) * Math.hypot(width, height) * 0.5;
    const seen = sites.flatMap((site) => {
      const away = { x: site.x - centre.x, y: site.y - centre.y };
      const above = sampled(smooth, site.x, site.y) - levels.background;
      if (Math.hypot(away.x, away.y) > within || above > brightest * levels.contrast) return [];
      const offset = offsetAt(band, site, profilePx2 / levels.contrast);
      return [{ away, offset, off: Math.hypot(offset.x, offset.y) }];
    });
    const reach = bondPx * reachBonds(seen.map(({ off }) => off / bondPx));
    const sums = new AffineSums();
    for (const { away, offset, off } of seen) {
      // the squared biweight: 1 on the site, 0 from the reach on
      if (off < reach) sums.add(away, offset, (1 - (off / reach) ** 2) ** 2);
    }
    lattice = moved(lattice, centre, sums.solved());
    if (isLost(start, lattice)) {
      lattice = start;
      break;
    }
  }
  return { lattice, ...qualityOf(image, band, lattice) };
}

function reachBonds(offsets: readonly number[]): number {
  const typical = offsets.length === 0 ? 0 : quantileOf(offsets, 0.5);
  return Math.min(longestReach, Math.max(shortestReach, reachPerOffset * typical));
}

function isLost(start: PlacedLattice, now: PlacedLattice): boolean {
  const [before, after] = [shapeOf(start), shapeOf(now)];
  const scaling = Math.abs(after.bondPx / before.bondPx - 1);
  return after.shear > Math.max(before.shear, mostShear) || scaling > mostScaling;
}

function bandPassed({ smooth, sigmaPx }: FilteredImage): Image {
  const cap = quantileOf(smooth.values, 0.99);
  const capped = { ...smooth, values: smooth.values.map((v) => Math.min(v, cap)) };
  const wide = wideBlur(capped, 4 * sigmaPx);
  return { ...smooth, values: capped.values.map((v, i) => v - wide.values[i]) };
}

function offsetAt(band: Image, { x, y }: Vector, scale: number): Vector {
  const slopeX = (sampled(band, x + 1, y) - sampled(band, x - 1, y)) / 2;
  const slopeY = (sampled(band, x, y + 1) - sampled(band, x, y - 1)) / 2;
  return { x: scale * slopeX, y: scale * slopeY };
}

/** The lattice after r ↦ r + t + E·(r − centre). */
function moved(
  { origin, cellI, cellJ }: PlacedLattice,
  centre: Vector,
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
): PlacedLattice {
  const stretched = (v: Vector): Vector => ({
    x: v.x + x[1] * v.x + x[2] * v.y,
    y: v.y + y[1] * v.x + y[2] * v.y,
  });
  const from = stretched({ x: origin.x - centre.x, y: origin.y - centre.y });
  return {
    origin: { x: centre.x + from.x + x[0], y: centre.y + from.y + y[0] },
    cellI: stretched(cellI),
    cellJ: stretched(cellJ),
  };
}

/** Centres of the hexagons in the image. */
export function hexagonsWithin(
  lattice: PlacedLattice,
  image: { readonly width: number; readonly height: number },
  marginPx: number,
): readonly Vector[] {
  const { origin, cellI, cellJ } = lattice;
  // seen from hexagon centres the A sites of a lattice lie a third of the cells' sum before them
  const shifted: PlacedLattice = {
    origin: {
      x: origin.x + (2 / 3) * (cellI.x + cellJ.x),
      y: origin.y + (2 / 3) * (cellI.y + cellJ.y),
    },
    cellI,
    cellJ,
  };
  return sitesWithin(shifted, image, marginPx).filter((site) => site.sublattice === "A");
}

/** Typical intensity between the atoms, and how far the atoms stand out of it. */
function levelsOf(
  smooth: Image,
  lattice: PlacedLattice,
  sites: readonly Vector[],
): { background: number; contrast: number; noise: number } {
  const hexagons = hexagonsWithin(lattice, smooth, 0);
  const at = (points: readonly Vector[]): number[] =>
    points.map(({ x, y }) => sampled(smooth, x, y));
  if (hexagons.length === 0 || sites.length === 0) return { background: 0, contrast: 0, noise: 0 };
  const { median: background, sd: noise } = robustSpread(at(hexagons));
  const contrast = quantileOf(at(sites), 0.5) - background;
  return { background, contrast, noise };
}

function qualityOf(
  { smooth, profilePx2 }: FilteredImage,
  band: Image,
  lattice: PlacedLattice,
): Omit<LatticeFit, "lattice"> {
  const { bondPx } = shapeOf(lattice);
  const sites = sitesWithin(lattice, smooth, 0.5 * bondPx);
  const { background, contrast, noise } = levelsOf(smooth, lattice, sites);
  if (!(contrast > 0)) return { contrast, noise, residualAngstrom: Infinity };
  const scale = profilePx2 / contrast;
  const plain = sites.filter(
    ({ x, y }) => sampled(smooth, x, y) - background < brightest * contrast,
  );
  const offsets = plain.map((site) => offsetAt(band, site, scale));
  const meanSquare = (of: readonly Vector[]): number =>
    robustSpread(of.flatMap(({ x, y }) => [x, y])).sd ** 2;
  // Halfway between the atoms of an empty hexagon noise alone makes the gradient.
  const chance = hexagonsWithin(lattice, smooth, 0.5 * bondPx).map((at) =>
    offsetAt(band, at, scale),
  );
  const excess = Math.max(0, meanSquare(offsets) - meanSquare(chance));
  return { contrast, noise, residualAngstrom: (Math.sqrt(excess) / bondPx) * bondAngstrom };
}
