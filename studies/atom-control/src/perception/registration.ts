import { neighbours, siteKey, type Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import {
  aligned,
  nearestPlacedSite,
  placedSite,
  shapeOf,
  type PlacedLattice,
} from "./placed-lattice.js";

/** What the tracker needs of a frame: its lattice, its one silicon atom, and whatever else is fixed. */
export interface TrackedFrame {
  readonly lattice: PlacedLattice;
  readonly pixelSizeAngstrom: number;
  /** In pixels: x right, y down. */
  readonly silicon: Vector;
  /** Foreign atoms and vacancies, in pixels: they move with the sheet only. */
  readonly anchors: readonly Vector[];
}

/** One way to explain a pair of frames: silicon went to this site while the sheet drifted so far. */
export interface Explanation {
  /** Silicon's new site, named as in the frame before. */
  readonly site: Site;
  /** Number of hops on the shortest way there. */
  readonly hops: number;
  /** Sites as near as this one: silicon may have gone to any of them. */
  readonly sitesAtHops: number;
  /** How the sheet moved in the image. @unit angstrom */
  readonly drift: Vector;
  /** Log-likelihood of the anchors under this drift, less that of no anchors. */
  readonly anchorEvidence: number;
}

/** Both frames' silicon on one naming of the lattice, and all that may have happened. */
export interface Registration {
  readonly before: Site;
  readonly parityFlip: boolean;
  readonly explanations: readonly Explanation[];
}

/** Hops farther than this in one pair are not considered. */
const mostHops = 9;
/** Anchors closer than this to where the drift puts them are the same. @unit angstrom */
const anchorReach = 0.6;
const anchorMatched = 3;
const anchorMissing = -1.5;
const mostAnchorEvidence = 8;

/**
 * Everything that may have happened between two frames of the same area.
 *
 * The lattice fixes drift only up to a lattice vector; each of those puts silicon on another site.
 * All sites reached in an even number of hops are of silicon's own sublattice, all others of the
 * other one: whether the number was odd can be read off, whatever the drift.
 */
export function registrationOf(before: TrackedFrame, after: TrackedFrame): Registration {
  const named = aligned(after.lattice, shapeOf(before.lattice).angle);
  const from = nearestPlacedSite(before.lattice, before.silicon).site;
  const to = nearestPlacedSite(named, after.silicon).site;
  const arrived = placedSite(named, to);
  const parityFlip = from.sublattice !== to.sublattice;
  const explanations = shellsAround(from)
    .flatMap((sites, hops) => sites.map((site) => ({ site, hops, sitesAtHops: sites.length })))
    .filter(({ site }) => site.sublattice === to.sublattice)
    .map((candidate) => {
      const left = placedSite(before.lattice, candidate.site);
      const drift = {
        x: arrived.x * after.pixelSizeAngstrom - left.x * before.pixelSizeAngstrom,
        y: arrived.y * after.pixelSizeAngstrom - left.y * before.pixelSizeAngstrom,
      };
      return { ...candidate, drift, anchorEvidence: anchorEvidence(before, after, drift) };
    });
  return { before: from, parityFlip, explanations };
}

/** Sites by the number of hops to them, from 0 on. */
function shellsAround(site: Site): readonly (readonly Site[])[] {
  const seen = new Set([siteKey(site)]);
  const shells: Site[][] = [[site]];
  for (let hops = 1; hops <= mostHops; hops++) {
    const next: Site[] = [];
    for (const at of shells[hops - 1].flatMap((s) => neighbours(s))) {
      if (seen.has(siteKey(at))) continue;
      seen.add(siteKey(at));
      next.push(at);
    }
    shells.push(next);
  }
  return shells;
}

function anchorEvidence(before: TrackedFrame, after: TrackedFrame, drift: Vector): number {
  let evidence = 0;
  for (const anchor of before.anchors) {
    const x = anchor.x * before.pixelSizeAngstrom + drift.x;
    const y = anchor.y * before.pixelSizeAngstrom + drift.y;
    const isSeen = after.anchors.some(
      (other) =>
        Math.hypot(other.x * after.pixelSizeAngstrom - x, other.y * after.pixelSizeAngstrom - y) <
        anchorReach,
    );
    evidence += isSeen ? anchorMatched : anchorMissing;
  }
  return Math.max(-mostAnchorEvidence, Math.min(mostAnchorEvidence, evidence));
}
