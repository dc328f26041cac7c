import { foldIn, key, streamOf, type Stream } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  neighbours,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import { measuredImageModel, renderFrame } from "../simulate/render-frame.js";
import { scanWobble } from "../simulate/scan.js";
import { atomsOf, sitesIn, type Atom } from "../simulate/sheet.js";
import type { Frame } from "./frame.js";
import type { PlacedLattice } from "./placed-lattice.js";

/** A frame to draw: graphene at any angle and strain, silicon on sites, counts of carbon's peak. */
export interface Drawing {
  readonly seed: number;
  readonly side?: number;
  readonly fovAngstrom?: number;
  /** Counts per pixel at carbon's peak. */
  readonly counts?: number;
  /** In the image's axes. @unit degrees */
  readonly angleDeg?: number;
  /** Largest relative stretch along a random direction. */
  readonly strain?: number;
  /** Displacement of the scan, root mean square. @unit angstrom */
  readonly scanNoiseAngstrom?: number;
  readonly numSilicon?: number;
  readonly fourfold?: boolean;
  readonly cluster?: Cluster;
  readonly siliconRatio?: number;
  /** Share of the field under disordered carbon. */
  readonly dirtShare?: number;
  /** Whether values are scaled to [0, 1], as published frames are. */
  readonly isNormalised?: boolean;
}

/** Silicon atoms beside each other, named by the carbon atoms that they have for neighbours. */
export type Cluster = "Si2C4" | "Si2C5" | "Si2C6" | "Si3C6" | "Si4C6";

export interface Drawn {
  readonly frame: Frame;
  readonly lattice: PlacedLattice;
  readonly bondPx: number;
  readonly carbon: readonly Vector[];
  /** Where silicon is drawn, without the scan's noise. */
  readonly silicon: readonly Vector[];
}

/** The simulator's rendering of one sheet at rest, with what a hard sample adds. */
export function drawn(drawing: Drawing): Drawn {
  const { seed, side = 256, fovAngstrom = 20, counts = 0.7, strain = 0 } = drawing;
  const { scanNoiseAngstrom = 0, siliconRatio = measuredImageModel.siliconContrast } = drawing;
  const stream = streamOf(key(seed));
  const angle = drawing.angleDeg === undefined ? stream.uniform() * 60 : drawing.angleDeg;
  const lattice: Honeycomb = {
    origin: { x: stream.uniform() * bondLengthAngstrom, y: stream.uniform() * bondLengthAngstrom },
    angle: (-angle * Math.PI) / 180,
    bondLengthAngstrom,
  };
  const region = { centre: { x: 0, y: 0 }, width: fovAngstrom, height: fovAngstrom };
  const stretch = stretchOf(strain, stream);
  const atoms = sheetAtoms(lattice, { drawing, fovAngstrom, stream }).map((atom) => ({
    ...atom,
    ...stretch(atom),
  }));
  const dirt = disordered(fovAngstrom, drawing.dirtShare ?? 0, stream);
  const frameTimeS = 2;
  const rendered = renderFrame(
    {
      scan: { region, rows: side, columns: side, frameTimeS },
      image: { ...measuredImageModel, carbonCounts: counts, siliconContrast: siliconRatio },
      exposures: [{ fromRow: 0, atoms: [...atoms, ...dirt] }],
      driftOfRow: () => ({ x: 0, y: 0 }),
      wobble: scanWobble(foldIn(key(seed), 1), { rmsAngstrom: scanNoiseAngstrom, frameTimeS }),
    },
    stream,
  );
  const perAngstrom = side / fovAngstrom;
  const turned = (v: Vector): Vector => ({ x: v.x * perAngstrom, y: -v.y * perAngstrom });
  const inPixels = (v: Vector): Vector => ({
    x: v.x * perAngstrom + (side - 1) / 2,
    y: -v.y * perAngstrom + (side - 1) / 2,
  });
  const origin = stretch(lattice.origin);
  const cell = (i: number, j: number): Vector => {
    const to = stretch(sitePosition(lattice, { i, j, sublattice: "A" }));
    return turned({ x: to.x - origin.x, y: to.y - origin.y });
  };
  const placed = atoms.map((atom) => ({ ...inPixels(atom), element: atom.element }));
  const isInside = ({ x, y }: Vector): boolean => [x, y].every((v) => v >= 0 && v <= side - 1);
  return {
    frame: drawing.isNormalised === true ? normalised(rendered) : rendered,
    // y is reversed in the image: the cells' names are swapped to keep their sense
    lattice: { origin: inPixels(origin), cellI: cell(0, 1), cellJ: cell(1, 0) },
    bondPx: bondLengthAngstrom * perAngstrom,
    carbon: placed.filter((atom) => atom.element === "C" && isInside(atom)),
    silicon: placed.filter((atom) => atom.element === "Si"),
  };
}

interface SheetOptions {
  readonly drawing: Drawing;
  readonly fovAngstrom: number;
  readonly stream: Stream;
}

function sheetAtoms(
  lattice: Honeycomb,
  { drawing: { numSilicon = 1, fourfold = false, cluster }, fovAngstrom, stream }: SheetOptions,
): readonly Atom[] {
  const region = { centre: { x: 0, y: 0 }, width: fovAngstrom, height: fovAngstrom };
  const middle = sitesIn(lattice, region).filter((site) => {
    const { x, y } = sitePosition(lattice, site);
    return Math.max(Math.abs(x), Math.abs(y)) < 0.28 * fovAngstrom;
  });
  const drawnSite = (): Site => middle[stream.below(middle.length)];
  if (cluster !== undefined) return clusterAtoms(lattice, region, { cluster, site: drawnSite() });
  const sites: Site[] = [];
  while (sites.length < numSilicon) {
    const next = drawnSite();
    const at = sitePosition(lattice, next);
    const isFar = sites.every((site) => {
      const other = sitePosition(lattice, site);
      return Math.hypot(at.x - other.x, at.y - other.y) > 2.2 * bondLengthAngstrom;
    });
    if (isFar) sites.push(next);
  }
  return atomsOf(
    fourfold ? { lattice, silicon: [], fourfold: sites } : { lattice, silicon: sites },
    region,
  );
}

/** Silicon atoms cannot be nearer to each other than this. @unit angstrom */
const siliconToSilicon = 2.2;

function clusterAtoms(
  lattice: Honeycomb,
  region: Parameters<typeof atomsOf>[1],
  { cluster, site }: { readonly cluster: Cluster; readonly site: Site },
): readonly Atom[] {
  const [first, second, third] = neighbours(site);
  const beyond = neighbours(first).find((next) => !sameSite(next, site)) ?? site;
  const across = neighbours(beyond).find((next) => !sameSite(next, first)) ?? site;
  const silicon = {
    Si2C4: [site, first],
    Si2C5: [first, second],
    Si2C6: [site, across],
    Si3C6: [first, second, third],
    Si4C6: [site, first, second, third],
  }[cluster];
  const vacancies = cluster === "Si3C6" ? [site] : [];
  const atoms = atomsOf({ lattice, silicon, vacancies }, region);
  const own = atoms.filter((atom) => atom.element === "Si");
  const centre = {
    x: own.reduce((sum, { x }) => sum + x, 0) / own.length,
    y: own.reduce((sum, { y }) => sum + y, 0) / own.length,
  };
  const closest = Math.min(
    ...own.flatMap((a, n) => own.slice(n + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))),
  );
  const grow = Math.max(1, siliconToSilicon / closest);
  const grown = (v: Vector): Vector => ({
    x: centre.x + grow * (v.x - centre.x),
    y: centre.y + grow * (v.y - centre.y),
  });
  return atoms.map((atom) => (atom.element === "Si" ? { ...atom, ...grown(atom) } : atom));
}

/** Relative stretch along a random direction. */
function stretchOf(strain: number, stream: Stream): (v: Vector) => Vector {
  const along = stream.uniform() * Math.PI;
  const stretch = strain * (2 * stream.uniform() - 1);
  const [c, s] = [Math.cos(along), Math.sin(along)];
  return ({ x, y }) => {
    const extra = stretch * (x * c + y * s);
    return { x: x + extra * c, y: y + extra * s };
  };
}

/** Two to three layers of disordered carbon beyond a wavy front that leaves the rest clean. */
function disordered(fovAngstrom: number, share: number, stream: Stream): readonly Atom[] {
  if (share === 0) return [];
  const towards = 2 * Math.PI * stream.uniform();
  const waves = [1, 2, 3].map((n) => ({
    turns: (n * 2 * Math.PI) / fovAngstrom,
    phase: 2 * Math.PI * stream.uniform(),
    angle: 2 * Math.PI * stream.uniform(),
    height: (0.12 * fovAngstrom) / n,
  }));
  const depth = ({ x, y }: Vector): number =>
    waves.reduce(
      (sum, { turns, phase, angle, height }) =>
        sum + height * Math.sin(turns * (x * Math.cos(angle) + y * Math.sin(angle)) + phase),
      x * Math.cos(towards) + y * Math.sin(towards),
    );
  const anywhere = (side: number): Vector => ({
    x: (stream.uniform() - 0.5) * side,
    y: (stream.uniform() - 0.5) * side,
  });
  const depths = Array.from({ length: 500 }, () => depth(anywhere(fovAngstrom)));
  const front = depths.sort((a, b) => a - b)[Math.floor((1 - share) * 500)];
  const side = fovAngstrom + 3;
  const perSquareAngstrom = 1.2;
  return Array.from({ length: Math.round(perSquareAngstrom * side * side) }, () => anywhere(side))
    .filter((at) => depth(at) > front)
    .map((at) => ({ ...at, element: "C" }));
}

function normalised(frame: Frame): Frame {
  const low = frame.counts.reduce((least, v) => Math.min(least, v), Infinity);
  const high = frame.counts.reduce((most, v) => Math.max(most, v), -Infinity);
  return { ...frame, counts: frame.counts.map((v) => (v - low) / (high - low)) };
}

/** Gaussian noise for frames in which there is nothing else. */
export function noiseFrame(seed: number, side: number): Frame {
  const stream = streamOf(key(seed));
  const counts = Float32Array.from({ length: side * side }, () => 10 + stream.normal());
  return { counts, width: side, height: side, pixelSizeAngstrom: null };
}
