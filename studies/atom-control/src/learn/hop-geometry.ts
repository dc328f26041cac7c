import { neighbourAngles, sitePosition } from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { turned } from "../model/vector.js";

const canonical = { origin: { x: 0, y: 0 }, angle: 0, bondLengthAngstrom: 1 };

/**
 * Every hop that silicon can make inside a patch, as matrices that a traced program multiplies by.
 *
 * Hop `e` leaves site `source[e]` for `target[e]`; the beam at (x, y) bonds from silicon's first
 * site lies, in the frame of that hop, at `turn · (x, y) − shift`.
 */
export interface HopGeometry {
  readonly numHops: number;
  readonly numSites: number;
  /** Along, then across. @shape [2, 2, numHops]: result, coordinate, hop */
  readonly turn: Float32Array;
  /** @shape [2, numHops] */
  readonly shift: Float32Array;
  readonly source: Int32Array;
  /** `numSites` where the hop leaves the patch. */
  readonly target: Int32Array;
}

const known = new Map<number, HopGeometry>();

/** The hops out of all sites within `maxHops` of the first one. */
export function hopGeometry(maxHops: number): HopGeometry {
  const found = known.get(maxHops) ?? layOut(maxHops);
  known.set(maxHops, found);
  return found;
}

function layOut(maxHops: number): HopGeometry {
  const { sites, neighbour } = patchAbout("A", maxHops);
  const numHops = 3 * sites.length;
  const turn = new Float32Array(4 * numHops);
  const shift = new Float32Array(2 * numHops);
  sites.forEach((site, s) => {
    const at = sitePosition(canonical, site);
    neighbourAngles(canonical, site.sublattice).forEach((angle, k) => {
      const hop = 3 * s + k;
      const [x, y] = [turned({ x: 1, y: 0 }, -angle), turned({ x: 0, y: 1 }, -angle)];
      const from = turned(at, -angle);
      turn[hop] = x.x;
      turn[numHops + hop] = y.x;
      turn[2 * numHops + hop] = x.y;
      turn[3 * numHops + hop] = y.y;
      shift[hop] = from.x;
      shift[numHops + hop] = from.y;
    });
  });
  return {
    numHops,
    numSites: sites.length,
    turn,
    shift,
    source: Int32Array.from({ length: numHops }, (_, hop) => Math.floor(hop / 3)),
    target: neighbour.map((site) => (site < 0 ? sites.length : site)),
  };
}
