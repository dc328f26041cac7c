import type { Site, Sublattice } from "../model/honeycomb.js";
import type { PlacedLattice } from "./placed-lattice.js";
import type { ClassPosterior } from "./site-classes.js";

/** A silicon atom of a frame. */
export interface LocatedSilicon {
  /** Free, not snapped to its site. */
  readonly xPx: number;
  readonly yPx: number;
  readonly coordination: 3 | 4;
  /** Of the coordination named. */
  readonly coordinationPosterior: number;
  /** `null` for fourfold silicon, which replaces an atom of each. */
  readonly sublattice: Sublattice | null;
  /** That this is one silicon atom, and not carbon, dirt or something brighter. */
  readonly posterior: number;
  readonly site: Site;
}

/** A bright spot that is no silicon of the lattice. */
export interface ForeignAtom {
  readonly xPx: number;
  readonly yPx: number;
}

/** A site of the frame and what it holds. */
export interface ClassifiedSite extends Site {
  readonly xPx: number;
  readonly yPx: number;
  readonly posterior: ClassPosterior;
}

/** What a single frame shows. Positions in pixels: x right, y down from the top-left pixel's centre. */
export interface LocatedFrame {
  /** Whether the frame may be acted upon: one silicon atom, on one sound lattice. */
  readonly accepted: boolean;
  /** Why not; where accepted, what was corrected. */
  readonly reason: string | null;
  /** Whether the lattice can be trusted, whatever sits on it. */
  readonly isLatticeSound: boolean;
  /** `null` where no lattice was found. */
  readonly lattice: PlacedLattice | null;
  readonly latticeAngleDeg: number | null;
  /** From the lattice: a bond is 1.42 Å. */
  readonly pixelSizeAngstrom: number | null;
  /** Principal stretches' difference over their mean. */
  readonly strain: number | null;
  /** Sites' offsets from the lattice beyond counting noise, root mean square. */
  readonly residualAngstrom: number | null;
  readonly silicon: readonly LocatedSilicon[];
  readonly foreign: readonly ForeignAtom[];
  readonly sites: readonly ClassifiedSite[];
  readonly numAtoms: number;
  /** 0 for a frame without a lattice, near 1 for a clean one. */
  readonly qualityScore: number;
}

/** What there is to say of a frame in which no lattice was found. */
export function refused(reason: string): LocatedFrame {
  return {
    accepted: false,
    reason,
    isLatticeSound: false,
    lattice: null,
    latticeAngleDeg: null,
    pixelSizeAngstrom: null,
    strain: null,
    residualAngstrom: null,
    silicon: [],
    foreign: [],
    sites: [],
    numAtoms: 0,
    qualityScore: 0,
  };
}
