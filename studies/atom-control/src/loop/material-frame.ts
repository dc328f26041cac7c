import { bondLengthAngstrom, type Honeycomb, type Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import { shapeOf, type PlacedLattice } from "../perception/placed-lattice.js";

/**
 * The honeycomb of the material frame (y up) under an image's lattice (y down).
 *
 * Mirroring swaps the two cell vectors, so that cell (i, j) of one is cell (j, i) of the other.
 */
export function honeycombUnder(lattice: PlacedLattice): Honeycomb {
  const origin = fromPixels(lattice, lattice.origin);
  return { origin, angle: -shapeOf(lattice).angle, bondLengthAngstrom };
}

/** A place of the image in the material frame. @unit angstrom */
export function fromPixels(lattice: PlacedLattice, { x, y }: Vector): Vector {
  const scale = bondLengthAngstrom / shapeOf(lattice).bondPx;
  return { x: x * scale, y: -y * scale };
}

/** A site's name in the other of the two frames. */
export function mirrored({ i, j, sublattice }: Site): Site {
  return { i: j, j: i, sublattice };
}
