import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  binnedLattice,
  canonical,
  cellsAt,
  nearestPlacedSite,
  placedSite,
  shapeOf,
  unbinned,
  type PlacedLattice,
} from "./placed-lattice.js";

/** A true honeycomb with an A site's neighbour at `angle`. */
function honeycomb(angle: number, bond: number): PlacedLattice {
  const cell = (turn: number): { x: number; y: number } => ({
    x: Math.sqrt(3) * bond * Math.cos(angle + turn),
    y: Math.sqrt(3) * bond * Math.sin(angle + turn),
  });
  return { origin: { x: 3, y: -2 }, cellI: cell(-Math.PI / 6), cellJ: cell(Math.PI / 6) };
}

const angles = fc.double({ min: -3.1, max: 3.1, noNaN: true });
const run = { seed: 2, numRuns: 100 };

describe("shapeOf", () => {
  test("reads angle and bond of a true honeycomb, and no shear", () => {
    fc.assert(
      fc.property(angles, fc.double({ min: 2, max: 40, noNaN: true }), (angle, bond) => {
        const shape = shapeOf(honeycomb(angle, bond));
        expect(shape.angle).toBeCloseTo(angle, 9);
        expect(shape.bondPx).toBeCloseTo(bond, 9);
        expect(shape.shear).toBeCloseTo(0, 9);
      }),
      run,
    );
  });

  test("reads a stretch of 2 % along x as shear, half of it as scale, and no turn on average", () => {
    const { origin, cellI, cellJ } = honeycomb(0.3, 10);
    const stretched = shapeOf({
      origin,
      cellI: { x: 1.02 * cellI.x, y: cellI.y },
      cellJ: { x: 1.02 * cellJ.x, y: cellJ.y },
    });
    expect(stretched.bondPx).toBeCloseTo(10.1, 9);
    expect(stretched.shear).toBeCloseTo(0.02 / 1.01, 9);
    expect(stretched.angle).toBeCloseTo(0.3, 9);
  });
});

describe("canonical", () => {
  test("keeps every site's place and brings the angle into [0°, 60°)", () => {
    fc.assert(
      fc.property(angles, (angle) => {
        const lattice = honeycomb(angle, 7);
        const named = canonical(lattice);
        const { angle: turned } = shapeOf(named);
        expect(turned).toBeGreaterThan(-1e-8);
        expect(turned).toBeLessThan(Math.PI / 3);
        for (const sublattice of ["A", "B"] as const) {
          const place = placedSite(lattice, { i: 2, j: -1, sublattice });
          expect(nearestPlacedSite(named, place).distancePx).toBeLessThan(1e-6);
        }
      }),
      run,
    );
  });

  test("names A the sites that have a neighbour at the angle", () => {
    fc.assert(
      fc.property(angles, (angle) => {
        const named = canonical(honeycomb(angle, 7));
        const { angle: turned } = shapeOf(named);
        const here = placedSite(named, { i: 1, j: 1, sublattice: "A" });
        const there = { x: here.x + 7 * Math.cos(turned), y: here.y + 7 * Math.sin(turned) };
        const found = nearestPlacedSite(named, there);
        expect(found.distancePx).toBeLessThan(1e-6);
        expect(found.site.sublattice).toBe("B");
      }),
      run,
    );
  });
});

test("cellsAt inverts placedSite", () => {
  const lattice = honeycomb(0.7, 5);
  const at = cellsAt(lattice, placedSite(lattice, { i: 4, j: -3, sublattice: "A" }));
  expect(at.i).toBeCloseTo(4, 9);
  expect(at.j).toBeCloseTo(-3, 9);
});

test("binning and its inverse leave a lattice where it was", () => {
  const lattice = honeycomb(0.7, 5);
  const back = unbinned(binnedLattice(lattice, 3), 3);
  expect(back.origin.x).toBeCloseTo(lattice.origin.x, 9);
  expect(back.cellJ.y).toBeCloseTo(lattice.cellJ.y, 9);
  // the centre of the first block of 3 × 3 pixels is pixel (1, 1)
  const centre = { ...lattice, origin: { x: 1, y: 1 } };
  expect(binnedLattice(centre, 3).origin.x).toBeCloseTo(0, 9);
});
