import { foldIn, key, streamOf } from "@quadrivium/core";
import type { Transition } from "../data/transition.js";
import {
  bondLengthAngstrom,
  neighbours,
  sameSite,
  sitePosition,
  type Site,
  type Sublattice,
} from "../model/honeycomb.js";
import { siliconAfter } from "../model/kinetic-monte-carlo.js";
import { paperBeam, type BeamSettings, type RateMap } from "../model/rate-map.js";
import { plus } from "../model/vector.js";

/** Where and how long the beam is parked, drawn evenly. */
export interface DrawOptions {
  readonly count: number;
  readonly seed: number;
  /** Half the side of the square about silicon, in bonds [1]. */
  readonly halfSide?: number;
  /** Shortest and longest dwell [1 to 5 s]. */
  readonly dwellTimesS?: readonly [number, number];
  /** Share of labels replaced by another of the four nearest sites [0]. */
  readonly wrongShare?: number;
  readonly beamOf?: (step: number) => BeamSettings;
}

/** Transitions drawn from a rate map by kinetic Monte Carlo, 20 to a trajectory. */
export function drawTransitions(map: RateMap, options: DrawOptions): Transition[] {
  const { count, seed, halfSide = 1, dwellTimesS = [1, 5], wrongShare = 0 } = options;
  const { beamOf = () => paperBeam } = options;
  const stream = streamOf(foldIn(key(seed), 77));
  const between = (low: number, high: number): number => low + (high - low) * stream.uniform();
  const half = halfSide * bondLengthAngstrom;
  return Array.from({ length: count }, (_, step) => {
    const sublattice = stream.uniform() < 0.5 ? "A" : "B";
    const latticeAngle = between(0, Math.PI / 3);
    const offset = { x: between(-half, half), y: between(-half, half) };
    const dwellTimeS = dwellTimesS[0] === dwellTimesS[1] ? dwellTimesS[0] : between(...dwellTimesS);
    const lattice = { origin: { x: 0, y: 0 }, angle: latticeAngle, bondLengthAngstrom };
    const silicon = { i: 0, j: 0, sublattice } as const;
    const beam = beamOf(step);
    const beamPosition = plus(sitePosition(lattice, silicon), offset);
    let after = siliconAfter(map, { lattice, silicon, beamPosition, dwellTimeS, beam }, stream);
    if (stream.uniform() < wrongShare) after = otherSite(after, sublattice, stream.below(3));
    return {
      trajectory: Math.floor(step / 20),
      step: step % 20,
      latticeAngle,
      sublattice,
      beamXAngstrom: offset.x,
      beamYAngstrom: offset.y,
      dwellTimeS,
      ...beam,
      after: [{ ...after, probability: 1 }],
    };
  });
}

/** One of the three sites, of silicon's own and its neighbours, that `site` is not. */
function otherSite(site: Site, sublattice: Sublattice, choice: number): Site {
  const own: Site = { i: 0, j: 0, sublattice };
  const others = [own, ...neighbours(own)].filter((candidate) => !sameSite(candidate, site));
  return others[choice];
}
