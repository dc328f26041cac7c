import type { Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";

/**
 * A honeycomb, strained as the scan has it, in the pixels of an image: x right, y down.
 *
 * An A site of cell [i, j] sits at `origin` + i·`cellI` + j·`cellJ`, its B site a third of
 * `cellI` + `cellJ` from it. `cellI` and `cellJ` enclose 60° where the scan is true.
 */
export interface PlacedLattice {
  readonly origin: Vector;
  readonly cellI: Vector;
  readonly cellJ: Vector;
}

/** Lattice constant of graphene over its bond, √3: lengths of `cellI` and `cellJ` in bonds. */
const bondsPerCell = Math.sqrt(3);

export function placeOf({ origin, cellI, cellJ }: PlacedLattice, i: number, j: number): Vector {
  return {
    x: origin.x + i * cellI.x + j * cellJ.x,
    y: origin.y + i * cellI.y + j * cellJ.y,
  };
}

/** Where a site sits in the image. */
export function placedSite(lattice: PlacedLattice, { i, j, sublattice }: Site): Vector {
  const third = sublattice === "B" ? 1 / 3 : 0;
  return placeOf(lattice, i + third, j + third);
}

/** Cell coordinates of a point, as real numbers. */
export function cellsAt(
  { origin, cellI, cellJ }: PlacedLattice,
  point: Vector,
): { i: number; j: number } {
  const det = cellI.x * cellJ.y - cellJ.x * cellI.y;
  const x = point.x - origin.x;
  const y = point.y - origin.y;
  return { i: (x * cellJ.y - y * cellJ.x) / det, j: (y * cellI.x - x * cellI.y) / det };
}

/** The site nearest to a point, and how far it is. @unit pixels */
export function nearestPlacedSite(
  lattice: PlacedLattice,
  point: Vector,
): { site: Site; distancePx: number } {
  const at = cellsAt(lattice, point);
  const i0 = Math.round(at.i);
  const j0 = Math.round(at.j);
  let site: Site = { i: i0, j: j0, sublattice: "A" };
  let distancePx = Infinity;
  for (let i = i0 - 1; i <= i0 + 1; i++) {
    for (let j = j0 - 1; j <= j0 + 1; j++) {
      for (const sublattice of ["A", "B"] as const) {
        const place = placedSite(lattice, { i, j, sublattice });
        const away = Math.hypot(place.x - point.x, place.y - point.y);
        if (away >= distancePx) continue;
        distancePx = away;
        site = { i, j, sublattice };
      }
    }
  }
  return { site, distancePx };
}

/** What a lattice says of the scan: its angle, scale and how far it is from a true honeycomb. */
export interface LatticeShape {
  /** Direction (cos, sin) in (x, y) of an A site's neighbour, in [0, π/3). @unit radians */
  readonly angle: number;
  /** @unit pixels */
  readonly bondPx: number;
  /** Difference of the principal stretches over their mean. */
  readonly shear: number;
}

/**
 * Angle, scale and shear of the linear map from a true honeycomb at angle 0.
 *
 * In complex numbers z ↦ p z + q z̄: p turns and scales, q shears.
 */
export function shapeOf({ cellI, cellJ }: PlacedLattice): LatticeShape {
  const c = Math.cos(Math.PI / 6);
  const s = Math.sin(Math.PI / 6);
  // cell vectors of the true honeycomb: √3 bonds at ∓30°; solve cell = p·ideal + q·conj(ideal)
  const sum = { x: (cellI.x + cellJ.x) / (2 * c), y: (cellI.y + cellJ.y) / (2 * c) };
  const difference = { x: (cellJ.x - cellI.x) / (2 * s), y: (cellJ.y - cellI.y) / (2 * s) };
  // images of the unit vectors 1 and i
  const p = { x: (sum.x + difference.y) / 2, y: (sum.y - difference.x) / 2 };
  const q = { x: (sum.x - difference.y) / 2, y: (sum.y + difference.x) / 2 };
  const scale = Math.hypot(p.x, p.y);
  return {
    angle: Math.atan2(p.y, p.x),
    bondPx: scale / bondsPerCell,
    shear: (2 * Math.hypot(q.x, q.y)) / scale,
  };
}

/**
 * The same sites, named so that the angle lies in [0, π/3): of the six names of a lattice's
 * directions three turn A into B.
 */
export function canonical(lattice: PlacedLattice): PlacedLattice {
  let named = lattice;
  for (let turn = 0; turn < 6; turn++) {
    const { angle } = shapeOf(named);
    // the border belongs to 0: an angle that rounding put just below it does as well
    if (angle >= -1e-9 && angle < Math.PI / 3 - 1e-9) return named;
    named = turnedBySixth(named);
  }
  return named;
}

/** Names turned by +60°: A sites become B sites of the turned cells. */
function turnedBySixth({ origin, cellI, cellJ }: PlacedLattice): PlacedLattice {
  // The site a third of the cells' sum away is a B site; it becomes the origin. Seen from it the
  // neighbours lie opposite, which is where +60° finds them.
  return {
    origin: {
      x: origin.x + (cellI.x + cellJ.x) / 3,
      y: origin.y + (cellI.y + cellJ.y) / 3,
    },
    cellI: cellJ,
    cellJ: { x: cellJ.x - cellI.x, y: cellJ.y - cellI.y },
  };
}

/** From the pixels of an image binned by `factor` to those of the image itself. */
export function unbinned(lattice: PlacedLattice, factor: number): PlacedLattice {
  const scaled = (v: Vector): Vector => ({ x: v.x * factor, y: v.y * factor });
  const shift = (factor - 1) / 2;
  const origin = scaled(lattice.origin);
  return {
    origin: { x: origin.x + shift, y: origin.y + shift },
    cellI: scaled(lattice.cellI),
    cellJ: scaled(lattice.cellJ),
  };
}

/** The inverse of {@link unbinned}. */
export function binnedLattice(lattice: PlacedLattice, factor: number): PlacedLattice {
  const scaled = (v: Vector): Vector => ({ x: v.x / factor, y: v.y / factor });
  const shift = (factor - 1) / 2;
  return {
    origin: scaled({ x: lattice.origin.x - shift, y: lattice.origin.y - shift }),
    cellI: scaled(lattice.cellI),
    cellJ: scaled(lattice.cellJ),
  };
}

/** All sites whose centres lie in the image, at least `marginPx` from its border. */
export function sitesWithin(
  lattice: PlacedLattice,
  { width, height }: { readonly width: number; readonly height: number },
  marginPx: number,
): readonly (Site & Vector)[] {
  const corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: 0, y: height },
    { x: width, y: height },
  ].map((corner) => cellsAt(lattice, corner));
  const range = (of: readonly number[]): readonly [number, number] => [
    Math.floor(Math.min(...of)) - 1,
    Math.ceil(Math.max(...of)) + 1,
  ];
  const [iLow, iHigh] = range(corners.map((c) => c.i));
  const [jLow, jHigh] = range(corners.map((c) => c.j));
  const found: (Site & Vector)[] = [];
  for (let i = iLow; i <= iHigh; i++) {
    for (let j = jLow; j <= jHigh; j++) {
      for (const sublattice of ["A", "B"] as const) {
        const { x, y } = placedSite(lattice, { i, j, sublattice });
        const inside =
          x >= marginPx && y >= marginPx && x <= width - 1 - marginPx && y <= height - 1 - marginPx;
        if (inside) found.push({ i, j, sublattice, x, y });
      }
    }
  }
  return found;
}

/** The same sites, named so that the angle is the nearest possible to the given one. */
export function aligned(lattice: PlacedLattice, angle: number): PlacedLattice {
  const sixths = Math.round((angle - shapeOf(lattice).angle) / (Math.PI / 3));
  let named = lattice;
  for (let turn = ((sixths % 6) + 6) % 6; turn > 0; turn--) named = turnedBySixth(named);
  return named;
}
