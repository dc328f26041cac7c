import type { Honeycomb, Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";

/** What a controller knows when it decides: silicon's site in a fitted lattice. */
export interface ControlState {
  readonly lattice: Honeycomb;
  readonly silicon: Site;
  readonly goal: Site;
}

/** One stay of the beam: where, relative to silicon, and for how long at most. */
export interface Park {
  /** The beam relative to silicon. @unit angstrom, x right, y up */
  readonly beamOffset: Vector;
  readonly dwellTimeS: number;
  /** Blank as soon as the detector's signal says that silicon has arrived under the beam. */
  readonly stopOnArrival: boolean;
}

/** Chooses the next stay of the beam. */
export interface Controller {
  readonly name: string;
  /** `null` where no safe and useful stay exists. */
  readonly decide: (state: ControlState) => Park | null;
}
