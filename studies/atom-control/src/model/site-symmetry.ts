import type { Site } from "./honeycomb.js";

/** Which of a site's three neighbours, in the order of `neighbours`. */
export type NeighbourIndex = 0 | 1 | 2;

/** A site turned by 120° counter-clockwise about the A site of cell (0, 0). */
function turnedByThird({ i, j, sublattice }: Site): Site {
  return { i: -i - j - (sublattice === "B" ? 1 : 0), j: i, sublattice };
}

/**
 * Carries a site from the canonical frame (silicon on the A site of cell (0, 0), aim at its first
 * neighbour) to where silicon sits at `at` and the aim is its neighbour `aim`.
 *
 * Turns by 120° and the point reflection that swaps the sublattices leave a honeycomb and every rate
 * map unchanged, so that one kernel serves all sites and neighbours.
 */
export function fromCanonical(site: Site, at: Site, aim: NeighbourIndex): Site {
  let local = site;
  for (let k = 0; k < aim; k++) local = turnedByThird(local);
  const sign = at.sublattice === "A" ? 1 : -1;
  const swapped = local.sublattice === "A" ? "B" : "A";
  return {
    i: at.i + sign * local.i,
    j: at.j + sign * local.j,
    sublattice: at.sublattice === "A" ? local.sublattice : swapped,
  };
}
