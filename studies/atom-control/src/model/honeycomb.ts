import { direction, plus, turned, type Vector } from "./vector.js";

/** Distance between neighbouring carbon atoms of graphene. @unit angstrom */
export const bondLengthAngstrom = 1.42;

/** The two interpenetrating triangular lattices of a honeycomb. */
export type Sublattice = "A" | "B";

/**
 * A honeycomb placed in the plane: x to the right, y up, angstrom.
 *
 * An A site has its neighbours at `angle`, `angle` + 120°, `angle` + 240°; a B site opposite to them.
 */
export interface Honeycomb {
  /** Where the A site of cell (0, 0) sits. */
  readonly origin: Vector;
  /** Direction of an A site's first neighbour. @unit radians, in [0, π/3) where it was fitted */
  readonly angle: number;
  readonly bondLengthAngstrom: number;
}

/** A site: the cell [i, j] of the triangular lattice, and which of the cell's two atoms. */
export interface Site {
  readonly i: number;
  readonly j: number;
  readonly sublattice: Sublattice;
}

/** Where a site sits, relative to the A site of cell (0, 0), for a lattice at angle 0, in bonds. */
function inBonds({ i, j, sublattice }: Site): Vector {
  // Cell vectors run from an A site over its first neighbour to A sites at ∓30°.
  const x = 1.5 * (i + j) + (sublattice === "B" ? 1 : 0);
  const y = (Math.sqrt(3) / 2) * (j - i);
  return { x, y };
}

/** Where a site sits. @unit angstrom */
export function sitePosition(lattice: Honeycomb, site: Site): Vector {
  const { x, y } = inBonds(site);
  const a = lattice.bondLengthAngstrom;
  return plus(lattice.origin, turned({ x: a * x, y: a * y }, lattice.angle));
}

/** Directions of a site's three neighbours, counter-clockwise. @unit radians */
export function neighbourAngles(
  lattice: Pick<Honeycomb, "angle">,
  sublattice: Sublattice,
): readonly [number, number, number] {
  const first = lattice.angle + (sublattice === "A" ? 0 : Math.PI);
  return [first, first + (2 * Math.PI) / 3, first + (4 * Math.PI) / 3];
}

/** A site's three neighbours, in the order of {@link neighbourAngles}. */
export function neighbours({ i, j, sublattice }: Site): readonly [Site, Site, Site] {
  return sublattice === "A"
    ? [
        { i, j, sublattice: "B" },
        { i: i - 1, j, sublattice: "B" },
        { i, j: j - 1, sublattice: "B" },
      ]
    : [
        { i, j, sublattice: "A" },
        { i: i + 1, j, sublattice: "A" },
        { i, j: j + 1, sublattice: "A" },
      ];
}

/** The site nearest to a point. */
export function nearestSite(lattice: Honeycomb, point: Vector): Site {
  const shifted = { x: point.x - lattice.origin.x, y: point.y - lattice.origin.y };
  const { x, y } = turned(shifted, -lattice.angle);
  const a = lattice.bondLengthAngstrom;
  const sum = x / a / 1.5;
  const difference = y / a / (Math.sqrt(3) / 2);
  const i0 = Math.floor((sum - difference) / 2);
  const j0 = Math.floor((sum + difference) / 2);
  let best: Site = { i: i0, j: j0, sublattice: "A" };
  let bestSquared = Infinity;
  for (let di = -1; di <= 1; di++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (const sublattice of ["A", "B"] as const) {
        const site: Site = { i: i0 + di, j: j0 + dj, sublattice };
        const at = inBonds(site);
        const squared = (at.x - x / a) ** 2 + (at.y - y / a) ** 2;
        if (squared >= bestSquared) continue;
        best = site;
        bestSquared = squared;
      }
    }
  }
  return best;
}

/** One text per site, for maps and sets. */
export function siteKey({ i, j, sublattice }: Site): string {
  return `${sublattice}${i},${j}`;
}

export function sameSite(a: Site, b: Site): boolean {
  return a.i === b.i && a.j === b.j && a.sublattice === b.sublattice;
}

/** Unit vectors to the three neighbours of a site. */
export function neighbourDirections(
  lattice: Pick<Honeycomb, "angle">,
  sublattice: Sublattice,
): readonly [Vector, Vector, Vector] {
  const [a, b, c] = neighbourAngles(lattice, sublattice);
  return [direction(a), direction(b), direction(c)];
}
