import type { Stream } from "@quadrivium/core";
import { neighbours, type Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import { refused, type LocatedFrame } from "./located-frame.js";
import { canonical, nearestPlacedSite, placedSite, type PlacedLattice } from "./placed-lattice.js";

export const pixelAngstrom = 0.078;
export const side = 256;
const bondPx = 1.42 / pixelAngstrom;

export type SeenFrame = LocatedFrame & { readonly width: number; readonly height: number };

/** A honeycomb whose A sites have a neighbour at `angle` (radians) in the image. */
export function latticeAt(angle: number, origin: Vector): PlacedLattice {
  const cell = (turn: number): Vector => ({
    x: Math.sqrt(3) * bondPx * Math.cos(angle + turn),
    y: Math.sqrt(3) * bondPx * Math.sin(angle + turn),
  });
  return { origin, cellI: cell(-Math.PI / 6), cellJ: cell(Math.PI / 6) };
}

/** What `locateFrame` would say of a clean frame with silicon on `site`, without drawing it. */
export function seen(
  lattice: PlacedLattice,
  site: Site,
  anchors: readonly Vector[] = [],
): SeenFrame {
  const named = canonical(lattice);
  const place = placedSite(lattice, site);
  const own = nearestPlacedSite(named, place).site;
  return {
    ...refused(""),
    accepted: true,
    reason: null,
    isLatticeSound: true,
    lattice: named,
    latticeAngleDeg:
      (Math.atan2(named.cellI.y + named.cellJ.y, named.cellI.x + named.cellJ.x) * 180) / Math.PI,
    pixelSizeAngstrom: pixelAngstrom,
    silicon: [
      {
        xPx: place.x,
        yPx: place.y,
        coordination: 3,
        coordinationPosterior: 1,
        sublattice: own.sublattice,
        posterior: 1,
        site: own,
      },
    ],
    foreign: anchors.map(({ x, y }) => ({ xPx: x, yPx: y })),
    width: side,
    height: side,
  };
}

/** A walk: frames, and the true label of every pair in the naming of the frame before. */
export interface Walk {
  readonly frames: readonly SeenFrame[];
  readonly hops: readonly number[];
  readonly drifts: readonly Vector[];
  /** Where silicon truly was, after each pair, as seen in the frame before. */
  readonly arrivals: readonly Vector[];
}

export interface WalkOptions {
  readonly pairs: number;
  /** Root mean square drift a pair. @unit angstrom */
  readonly driftPerPair: number;
  readonly jumpShare: number;
  readonly hopShare: number;
  readonly noiseAngstrom: number;
}

/** Silicon hopping on a drifting sheet, seen with an error of the lattice's place. */
export function walked(stream: Stream, options: WalkOptions): Walk {
  const { pairs, driftPerPair, jumpShare, hopShare, noiseAngstrom } = options;
  const angle = stream.uniform() * 6.28;
  let origin: Vector = { x: 120, y: 130 };
  let site: Site = { i: 0, j: 0, sublattice: "A" };
  const rho = 0.9;
  let velocity = { x: driftPerPair * stream.normal(), y: driftPerPair * stream.normal() };
  const noisy = (): PlacedLattice =>
    latticeAt(angle, {
      x: origin.x + (noiseAngstrom / pixelAngstrom) * stream.normal(),
      y: origin.y + (noiseAngstrom / pixelAngstrom) * stream.normal(),
    });
  const frames = [seen(noisy(), site)];
  const hops: number[] = [];
  const drifts: Vector[] = [];
  const arrivals: Vector[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const kick = driftPerPair * Math.sqrt(1 - rho * rho);
    velocity = {
      x: rho * velocity.x + kick * stream.normal(),
      y: rho * velocity.y + kick * stream.normal(),
    };
    const turn = 2 * Math.PI * stream.uniform();
    const jump = stream.uniform() < jumpShare ? 3 : 0;
    const drift = { x: velocity.x + jump * Math.cos(turn), y: velocity.y + jump * Math.sin(turn) };
    const before = latticeAt(angle, origin);
    origin = { x: origin.x + drift.x / pixelAngstrom, y: origin.y + drift.y / pixelAngstrom };
    const isHop = stream.uniform() < hopShare;
    if (isHop) site = neighbours(site)[stream.below(3)];
    hops.push(isHop ? 1 : 0);
    drifts.push(drift);
    arrivals.push(placedSite(before, site));
    frames.push(seen(noisy(), site));
  }
  return { frames, hops, drifts, arrivals };
}
