import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  nearestSite,
  neighbourAngles,
  neighbours,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "./honeycomb.js";
import { direction, distance, plus } from "./vector.js";

const lattices: fc.Arbitrary<Honeycomb> = fc.record({
  origin: fc.record({
    x: fc.double({ min: -30, max: 30, noNaN: true }),
    y: fc.double({ min: -30, max: 30, noNaN: true }),
  }),
  angle: fc.double({ min: -7, max: 7, noNaN: true }),
  bondLengthAngstrom: fc.double({ min: 1.3, max: 1.6, noNaN: true }),
});
const sites: fc.Arbitrary<Site> = fc.record({
  i: fc.integer({ min: -20, max: 20 }),
  j: fc.integer({ min: -20, max: 20 }),
  sublattice: fc.constantFrom("A" as const, "B" as const),
});
const run = { seed: 1, numRuns: 200 };

describe("honeycomb", () => {
  test("every neighbour sits one bond away, in the direction that neighbourAngles names", () => {
    fc.assert(
      fc.property(lattices, sites, (lattice, site) => {
        const here = sitePosition(lattice, site);
        const angles = neighbourAngles(lattice, site.sublattice);
        neighbours(site).forEach((neighbour, k) => {
          const step = direction(angles[k]);
          const bond = lattice.bondLengthAngstrom;
          const expected = plus(here, { x: bond * step.x, y: bond * step.y });
          expect(distance(sitePosition(lattice, neighbour), expected)).toBeLessThan(1e-9);
        });
      }),
      run,
    );
  });

  test("a hop and the hop back along the same bond end where they began", () => {
    fc.assert(
      fc.property(sites, (site) => {
        neighbours(site).forEach((neighbour, k) => {
          expect(sameSite(neighbours(neighbour)[k], site)).toBe(true);
        });
      }),
      run,
    );
  });

  test("the nearest site of a point less than half a bond from a site is that site", () => {
    fc.assert(
      fc.property(
        lattices,
        sites,
        fc.double({ min: 0, max: 0.499, noNaN: true }),
        fc.double({ min: 0, max: 7, noNaN: true }),
        (lattice, site, bonds, angle) => {
          const step = direction(angle);
          const reach = bonds * lattice.bondLengthAngstrom;
          const at = plus(sitePosition(lattice, site), { x: reach * step.x, y: reach * step.y });
          expect(sameSite(nearestSite(lattice, at), site)).toBe(true);
        },
      ),
      run,
    );
  });
});
