import { key, random, streamOf, type Stream } from "@quadrivium/core";
import type { Frame } from "./frame.js";
import { placedSite, sitesWithin, type PlacedLattice } from "./placed-lattice.js";
import type { Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";

/** A frame to draw: graphene at any angle and strain, silicon on sites, counts of carbon's peak. */
export interface Drawing {
  readonly seed: number;
  readonly side?: number;
  readonly fovAngstrom?: number;
  /** Counts per pixel at carbon's peak. */
  readonly counts?: number;
  /** @unit degrees */
  readonly angleDeg?: number;
  /** Largest relative stretch along a random direction. */
  readonly strain?: number;
  /** Smooth displacement of the scan. @unit angstrom */
  readonly scanNoiseAngstrom?: number;
  readonly numSilicon?: number;
  readonly fourfold?: boolean;
  readonly siliconRatio?: number;
}

export interface Drawn {
  readonly frame: Frame;
  readonly lattice: PlacedLattice;
  readonly bondPx: number;
  readonly carbon: readonly (Site & Vector)[];
  /** Where silicon is drawn, without the scan's noise. */
  readonly silicon: readonly (Site & Vector)[];
}

const carbonSigma = 0.37;
const siliconSigma = 0.415;

/** Poisson counts of Gaussian atoms over a background of 0.4 of carbon's peak. */
export function drawn(drawing: Drawing): Drawn {
  const { seed, side = 256, fovAngstrom = 20, counts = 0.7, numSilicon = 1 } = drawing;
  const { strain = 0, scanNoiseAngstrom = 0, fourfold = false, siliconRatio = 5 } = drawing;
  const stream = streamOf(key(seed));
  const pixel = fovAngstrom / side;
  const bondPx = 1.42 / pixel;
  const angle = drawing.angleDeg === undefined ? stream.uniform() * 60 : drawing.angleDeg;
  const lattice = strained(bondPx, (angle * Math.PI) / 180, { strain, stream, side });
  const all = sitesWithin(lattice, { width: side, height: side }, -3 * bondPx);
  const inner = all.filter(({ x, y }) => [x, y].every((v) => v > 0.22 * side && v < 0.78 * side));
  const chosen: (Site & Vector)[] = [];
  while (chosen.length < numSilicon) {
    const next = inner[stream.below(inner.length)];
    const isFar = chosen.every((s) => Math.hypot(s.x - next.x, s.y - next.y) > 2.2 * bondPx);
    if (isFar) chosen.push(next);
  }
  const partner = (site: Site): Site =>
    ({ ...site, sublattice: site.sublattice === "A" ? "B" : "A" }) as const;
  const replaced = fourfold ? [...chosen, ...chosen.map(partner)] : chosen;
  const silicon = chosen.map((site) => {
    if (!fourfold) return site;
    const other = placedSite(lattice, partner(site));
    return { ...site, x: (site.x + other.x) / 2, y: (site.y + other.y) / 2 };
  });
  const length = (fourfold ? 1.86 : 1.62) / pixel;
  const carbon = all
    .filter(
      (site) =>
        !replaced.some(
          (gone) => gone.i === site.i && gone.j === site.j && gone.sublattice === site.sublattice,
        ),
    )
    .map((site) => pushed(site, silicon, { length, reach: (fourfold ? 2 : 1.2) * bondPx }));
  const wobble = scanWobble(stream, scanNoiseAngstrom / pixel, side);
  const ideal = new Float64Array(side * side).fill(0.4 * counts);
  for (const atom of carbon)
    addAtom(ideal, side, atom, { height: counts, sigma: carbonSigma / pixel, wobble });
  for (const atom of silicon) {
    addAtom(ideal, side, atom, {
      height: siliconRatio * counts,
      sigma: siliconSigma / pixel,
      wobble,
    });
  }
  const noisy = Float32Array.from(ideal, (mean) => random.samplePoisson(stream, mean));
  return {
    frame: { counts: noisy, width: side, height: side, pixelSizeAngstrom: pixel },
    lattice,
    bondPx,
    carbon: carbon.filter(({ x, y }) => x >= 0 && y >= 0 && x <= side - 1 && y <= side - 1),
    silicon,
  };
}

function strained(
  bondPx: number,
  angle: number,
  { strain, stream, side }: { strain: number; stream: Stream; side: number },
): PlacedLattice {
  const along = stream.uniform() * Math.PI;
  const stretch = strain * (2 * stream.uniform() - 1);
  const map = (v: Vector): Vector => {
    const [c, s] = [Math.cos(along), Math.sin(along)];
    const extra = stretch * (v.x * c + v.y * s);
    return { x: v.x + extra * c, y: v.y + extra * s };
  };
  const cell = (turn: number): Vector =>
    map({
      x: Math.sqrt(3) * bondPx * Math.cos(angle + turn),
      y: Math.sqrt(3) * bondPx * Math.sin(angle + turn),
    });
  return {
    origin: { x: side / 2 + bondPx * stream.uniform(), y: side / 2 + bondPx * stream.uniform() },
    cellI: cell(-Math.PI / 6),
    cellJ: cell(Math.PI / 6),
  };
}

/** Neighbours of silicon keep the longer bond. */
function pushed<S extends Vector>(
  site: S,
  silicon: readonly Vector[],
  { length, reach }: { length: number; reach: number },
): S {
  for (const { x, y } of silicon) {
    const away = Math.hypot(site.x - x, site.y - y);
    if (away > reach || away === 0) continue;
    const scale = length / away;
    return { ...site, x: x + scale * (site.x - x), y: y + scale * (site.y - y) };
  }
  return site;
}

/** Displacement of the scan by row: three slow waves of the given root mean square. */
function scanWobble(stream: Stream, rmsPx: number, side: number): (y: number) => Vector {
  const waves = [1, 2, 3].map(() => ({
    turns: 1 + 8 * stream.uniform(),
    phaseX: 7 * stream.uniform(),
    phaseY: 7 * stream.uniform(),
  }));
  const height = rmsPx * Math.sqrt(2 / 3);
  return (y) =>
    waves.reduce(
      (sum, { turns, phaseX, phaseY }) => ({
        x: sum.x + height * Math.sin((2 * Math.PI * turns * y) / side + phaseX),
        y: sum.y + height * Math.sin((2 * Math.PI * turns * y) / side + phaseY),
      }),
      { x: 0, y: 0 },
    );
}

function addAtom(
  image: Float64Array,
  side: number,
  atom: Vector,
  { height, sigma, wobble }: { height: number; sigma: number; wobble: (y: number) => Vector },
): void {
  const shift = wobble(atom.y);
  const cx = atom.x + shift.x;
  const cy = atom.y + shift.y;
  const reach = 4 * sigma;
  for (let y = Math.max(0, Math.ceil(cy - reach)); y <= Math.min(side - 1, cy + reach); y++) {
    for (let x = Math.max(0, Math.ceil(cx - reach)); x <= Math.min(side - 1, cx + reach); x++) {
      const squared = (x - cx) ** 2 + (y - cy) ** 2;
      image[y * side + x] += height * Math.exp(-squared / (2 * sigma * sigma));
    }
  }
}

/** Gaussian noise for frames in which there is nothing else. */
export function noiseFrame(seed: number, side: number): Frame {
  const stream = streamOf(key(seed));
  const counts = Float32Array.from({ length: side * side }, () => 10 + stream.normal());
  return { counts, width: side, height: side, pixelSizeAngstrom: null };
}
