import {
  nearestSite,
  neighbours,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { distance, type Vector } from "../model/vector.js";

/** What the annular dark-field detector counts while the beam is parked. */
export interface Detector {
  /** On a carbon atom, without background. @unit counts per second */
  readonly carbonCountsPerS: number;
  /** How much brighter silicon is than carbon. */
  readonly siliconContrast: number;
  /** Share of carbon's signal that is everywhere. */
  readonly background: number;
  /** Apparent width of an atom. @unit angstrom */
  readonly sigmaAngstrom: number;
}

/** As real images of silicon in graphene at 60 kV measure it, at 8 µs a pixel. */
export const measuredDetector: Detector = {
  carbonCountsPerS: 9e4,
  siliconContrast: 5,
  background: 0.4,
  sigmaAngstrom: 0.38,
};

/** Expected counts a second, the beam at a place and silicon at a site. */
export function countsPerS(
  detector: Detector,
  lattice: Honeycomb,
  { beamPosition, silicon }: { readonly beamPosition: Vector; readonly silicon: Site },
): number {
  const { carbonCountsPerS, siliconContrast, background, sigmaAngstrom } = detector;
  const nearest = nearestSite(lattice, beamPosition);
  const around = [nearest, ...neighbours(nearest), ...neighbours(nearest).flatMap(neighbours)];
  const atoms = around.filter((site, n) => around.findIndex((s) => sameSite(s, site)) === n);
  const signal = atoms.reduce((sum, site) => {
    const d = distance(sitePosition(lattice, site), beamPosition) / sigmaAngstrom;
    return sum + (sameSite(site, silicon) ? siliconContrast : 1) * Math.exp(-0.5 * d * d);
  }, background);
  return carbonCountsPerS * signal;
}
