import { portableLog, type Stream } from "@quadrivium/core";
import {
  neighbourAngles,
  neighbours,
  sitePosition,
  type Honeycomb,
  type Site,
} from "./honeycomb.js";
import { hopRates, type BeamSettings, type RateMap } from "./rate-map.js";
import { minus, type Vector } from "./vector.js";

/** A hop: when, since the beam was parked, and whereto. */
export interface Hop {
  readonly timeS: number;
  readonly to: Site;
}

/** A beam parked at a place of the sheet. */
export interface Dwell {
  readonly lattice: Honeycomb;
  /** Where silicon sits when the dwell begins. */
  readonly silicon: Site;
  /** Where the beam stays. @unit angstrom, material frame */
  readonly beamPosition: Vector;
  readonly dwellTimeS: number;
  readonly beam: BeamSettings;
  /** Sites where no carbon is that silicon could change places with. */
  readonly isBlocked?: (site: Site) => boolean;
}

/**
 * Draws what silicon does during a dwell: every hop with its time, by kinetic Monte Carlo.
 *
 * After each hop the rates are read anew at silicon's new site, so one dwell may hold several hops,
 * and a hop may be undone.
 *
 * @source Gillespie 1977, "Exact stochastic simulation of coupled chemical reactions"
 */
export function* hopsDuring(
  map: RateMap,
  dwell: Dwell,
  stream: Stream,
): Generator<Hop, void, void> {
  const { lattice, beamPosition, dwellTimeS, beam, isBlocked } = dwell;
  let silicon = dwell.silicon;
  let timeS = 0;
  for (;;) {
    const beamOffset = minus(beamPosition, sitePosition(lattice, silicon));
    const angles = neighbourAngles(lattice, silicon.sublattice);
    const next = neighbours(silicon);
    const rates = hopRates(map, beamOffset, angles, beam).map((rate, k) =>
      isBlocked?.(next[k]) ? 0 : rate,
    );
    const total = rates[0] + rates[1] + rates[2];
    if (!(total > 0)) return;
    timeS -= portableLog(stream.uniformOpen()) / total;
    if (timeS >= dwellTimeS) return;
    const chosen = stream.uniform() * total;
    const k = chosen < rates[0] ? 0 : chosen < rates[0] + rates[1] ? 1 : 2;
    silicon = next[k];
    yield { timeS, to: silicon };
  }
}

/** Where silicon is at the end of a dwell, see {@link hopsDuring}. */
export function siliconAfter(map: RateMap, dwell: Dwell, stream: Stream): Site {
  let silicon = dwell.silicon;
  for (const hop of hopsDuring(map, dwell, stream)) silicon = hop.to;
  return silicon;
}
