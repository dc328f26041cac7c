import type { Vector } from "../model/vector.js";
import { binned, type Image } from "./image.js";
import { unbinned, type PlacedLattice } from "./placed-lattice.js";
import { spectrumOf, type Spectrum } from "./spectrum.js";

/** The lattice as the Fourier spots show it. */
export interface SpottedLattice {
  /** Hexagon centres to a fraction of a bond; strain included. In pixels of the image given. */
  readonly lattice: PlacedLattice;
  /** Power of the six independent spots over the local background, in nats: see below. */
  readonly evidence: number;
  /** cos of the triplet phase: −1 for a honeycomb of bright atoms, +1 for one of dark atoms. */
  readonly triplet: number;
}

/** Where to look: periods of the atomic rows (2.13 Å in graphene), in pixels. */
export interface PeriodRange {
  readonly shortest: number;
  readonly longest: number;
}

interface Spot {
  readonly u: number;
  readonly v: number;
  readonly power: number;
  readonly phase: number;
}

/** Rows of atoms in the frame below which a lattice cannot be told from chance. */
const fewestRows = 3.4;
/** Pixels a row below which it is not sampled well enough. */
const fewestPixelsPerRow = 2.9;
const largestSide = 256;
/** Spots of noise average 1; a lattice worth seeing has its strongest spot above this. */
const seedPower = 5;
const mostSeeds = 80;
/**
 * Finds the honeycombs of an image by six first-order spots and six of second order.
 *
 * Evidence is the sum over the three independent spots of each order of the power over that of
 * noise, less what the best of the bins searched would have by chance.
 *
 * @param range periods of the rows to search; everything that can be seen where absent
 * @returns lattices by falling evidence, those that share the first one's spots left out
 */
export function findHoneycombs(image: Image, range?: PeriodRange): readonly SpottedLattice[] {
  const factor = Math.max(1, Math.ceil(Math.max(image.width, image.height) / largestSide));
  const spectrum = spectrumOf(binned(image, factor));
  const { width, height } = spectrum;
  const longest = Math.min(
    Math.min(width, height) / fewestRows,
    (range?.longest ?? Infinity) / factor,
  );
  const shortest = Math.max(fewestPixelsPerRow, (range?.shortest ?? 0) / factor);
  const seeds = seedsIn(spectrum, { shortest, longest });
  const candidates = seeds.map((seed) => starOf(spectrum, seed)).sort((a, b) => b.score - a.score);
  const found: SpottedLattice[] = [];
  const taken: Spot[] = [];
  for (const { first, second } of candidates) {
    const shares = first.some((spot) =>
      taken.some((t) => near(spot, t, spectrum) || near(opposite(spot), t, spectrum)),
    );
    if (shares) continue;
    taken.push(...first, ...second);
    const lattice = latticeOf(spectrum, first, second);
    if (lattice === undefined) continue;
    found.push({ ...lattice, lattice: unbinned(lattice.lattice, factor) });
    if (found.length === 4) break;
  }
  return found;
}

/** The strongest local maxima of half the plane in the ring searched. */
function seedsIn(spectrum: Spectrum, { shortest, longest }: PeriodRange): readonly Vector[] {
  const { power, width, height } = spectrum;
  const seeds: { x: number; y: number; power: number }[] = [];
  for (let y = 0; y <= height / 2; y++) {
    for (let x = 0; x < width; x++) {
      const u = (x > width / 2 ? x - width : x) / width;
      const v = y / height;
      const k = Math.hypot(u, v);
      if (k < 1 / longest || k > 1 / shortest || (y === 0 && u < 0)) continue;
      const here = power[y * width + x];
      if (here < seedPower || !isPeak(spectrum, x, y)) continue;
      seeds.push({ x: u, y: v, power: here });
    }
  }
  return seeds.sort((a, b) => b.power - a.power).slice(0, mostSeeds);
}

function isPeak({ power, width, height }: Spectrum, x: number, y: number): boolean {
  const here = power[y * width + x];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const at = ((y + dy + height) % height) * width + ((x + dx + width) % width);
      if (power[at] > here) return false;
    }
  }
  return true;
}

interface Star {
  readonly first: readonly Spot[];
  readonly second: readonly Spot[];
  readonly score: number;
}

/** The spots that a honeycomb with this first-order spot has: at 60°, 120°; and √3 as far at 30°. */
function starOf(spectrum: Spectrum, seed: Vector): Star {
  const turned = (degrees: number, factor: number): Spot => {
    const angle = (degrees * Math.PI) / 180;
    const u = factor * (seed.x * Math.cos(angle) - seed.y * Math.sin(angle));
    const v = factor * (seed.x * Math.sin(angle) + seed.y * Math.cos(angle));
    return strongestNear(spectrum, u, v);
  };
  const first = [turned(0, 1), turned(60, 1), turned(120, 1)];
  const second = [30, 90, 150].map((degrees) => turned(degrees, Math.sqrt(3)));
  const strength = (spots: readonly Spot[]): number =>
    spots.reduce((sum, spot) => sum + Math.log1p(spot.power), 0);
  return { first, second, score: 2 * strength(first) + strength(second) };
}

const noSpot: Spot = { u: 0, v: 0, power: 0, phase: 0 };

/** The strongest bin within 3 % of a predicted frequency, placed between bins by a parabola. */
function strongestNear(spectrum: Spectrum, u: number, v: number): Spot {
  const { power, width, height } = spectrum;
  if (Math.max(Math.abs(u), Math.abs(v)) > 0.45) return noSpot;
  const x0 = u * width;
  const y0 = v * height;
  const k = Math.hypot(x0, y0);
  const reach = Math.max(1.2, 0.03 * k);
  let best = -1;
  let bx = 0;
  let by = 0;
  for (let y = Math.ceil(y0 - reach); y <= y0 + reach; y++) {
    for (let x = Math.ceil(x0 - reach); x <= x0 + reach; x++) {
      if (Math.hypot(x - x0, y - y0) > reach) continue;
      const here = power[indexOf(spectrum, x, y)];
      if (here <= best) continue;
      best = here;
      bx = x;
      by = y;
    }
  }
  const log = (x: number, y: number): number => Math.log(power[indexOf(spectrum, x, y)] + 1e-9);
  const vertex = (low: number, mid: number, high: number): number => {
    const curvature = low - 2 * mid + high;
    return curvature < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (low - high)) / curvature)) : 0;
  };
  const dx = vertex(log(bx - 1, by), log(bx, by), log(bx + 1, by));
  const dy = vertex(log(bx, by - 1), log(bx, by), log(bx, by + 1));
  const at = indexOf(spectrum, bx, by);
  // Phase at the frame's centre, where the window is symmetric: the same between bins.
  const centre = Math.PI * ((bx * (width - 1)) / width + (by * (height - 1)) / height);
  const phase = Math.atan2(spectrum.im[at], spectrum.re[at]) + centre;
  // what the best of so many bins of noise has: 1 + ln(number)
  const chance = Math.log(Math.max(1, Math.PI * reach * reach));
  return { u: (bx + dx) / width, v: (by + dy) / height, power: Math.max(0, best - chance), phase };
}

function indexOf({ width, height }: Spectrum, x: number, y: number): number {
  const wrapped = (i: number, n: number): number => ((i % n) + n) % n;
  return wrapped(y, height) * width + wrapped(x, width);
}

function near(a: Spot, b: Spot, { width, height }: Spectrum): boolean {
  return Math.hypot((a.u - b.u) * width, (a.v - b.v) * height) < 2.5;
}

function opposite(spot: Spot): Spot {
  return { ...spot, u: -spot.u, v: -spot.v };
}

/** Reciprocal vectors by least squares over the spots, hexagon centres by their phases. */
function latticeOf(
  { width, height }: Spectrum,
  first: readonly Spot[],
  second: readonly Spot[],
): SpottedLattice | undefined {
  // g1 at 0°, g2 at 120° from it: then g1 + g2 lies at 60°
  const spots = [
    { spot: first[0], a: 1, b: 0 },
    { spot: first[2], a: 0, b: 1 },
    { spot: first[1], a: 1, b: 1 },
    { spot: second[0], a: 2, b: 1 },
    { spot: second[1], a: 1, b: 2 },
    { spot: second[2], a: -1, b: 1 },
  ];
  let aa = 0;
  let ab = 0;
  let bb = 0;
  const right = { au: 0, av: 0, bu: 0, bv: 0 };
  for (const { spot, a, b } of spots) {
    const weight = Math.min(spot.power, 40);
    aa += weight * a * a;
    ab += weight * a * b;
    bb += weight * b * b;
    right.au += weight * a * spot.u;
    right.av += weight * a * spot.v;
    right.bu += weight * b * spot.u;
    right.bv += weight * b * spot.v;
  }
  const det = aa * bb - ab * ab;
  if (!(det > 1e-9)) return undefined;
  const g1 = { x: (bb * right.au - ab * right.bu) / det, y: (bb * right.av - ab * right.bv) / det };
  const g2 = { x: (aa * right.bu - ab * right.au) / det, y: (aa * right.bv - ab * right.av) / det };
  // real-space cells: cell_i · g_j = δ_ij
  const area = g1.x * g2.y - g1.y * g2.x;
  if (!(Math.abs(area) > 1e-9)) return undefined;
  const cellI = { x: g2.y / area, y: -g2.x / area };
  const cellJ = { x: -g1.y / area, y: g1.x / area };
  // At a hexagon's centre all three first-order waves are at their minimum: phase π.
  const triplet = wrap(first[0].phase + first[2].phase - first[1].phase);
  const share = wrap(triplet - Math.PI) / 3;
  const phaseI = wrap(Math.PI - (first[0].phase - share));
  const phaseJ = wrap(Math.PI - (first[2].phase - share));
  const i = phaseI / (2 * Math.PI);
  const j = phaseJ / (2 * Math.PI);
  const hexagon = {
    x: (width - 1) / 2 + i * cellI.x + j * cellJ.x,
    y: (height - 1) / 2 + i * cellI.y + j * cellJ.y,
  };
  const origin = {
    x: hexagon.x + (cellI.x + cellJ.x) / 3,
    y: hexagon.y + (cellI.y + cellJ.y) / 3,
  };
  const evidence = [...first, ...second].reduce((sum, spot) => sum + spot.power, 0);
  return { lattice: { origin, cellI, cellJ }, evidence, triplet: Math.cos(triplet) };
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
