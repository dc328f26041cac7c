import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bondLengthAngstrom,
  neighbourAngles,
  neighbours,
  sameSite,
  sitePosition,
  type Site,
} from "./honeycomb.js";
import { fromCanonical } from "./site-symmetry.js";
import { distance, minus, turned } from "./vector.js";

const sites: fc.Arbitrary<Site> = fc.record({
  i: fc.integer({ min: -9, max: 9 }),
  j: fc.integer({ min: -9, max: 9 }),
  sublattice: fc.constantFrom("A" as const, "B" as const),
});
const lattice = { origin: { x: 0, y: 0 }, angle: 0.3, bondLengthAngstrom };

describe("fromCanonical", () => {
  test("puts the first neighbour where the aim is", () => {
    fc.assert(
      fc.property(sites, fc.constantFrom(0 as const, 1 as const, 2 as const), (at, aim) => {
        const aimed = fromCanonical({ i: 0, j: 0, sublattice: "B" }, at, aim);
        expect(sameSite(aimed, neighbours(at)[aim])).toBe(true);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("moves every site as the turn of the plane does", () => {
    const canonical = { i: 0, j: 0, sublattice: "A" as const };
    fc.assert(
      fc.property(
        sites,
        sites,
        fc.constantFrom(0 as const, 1 as const, 2 as const),
        (site, at, aim) => {
          const from = minus(sitePosition(lattice, site), sitePosition(lattice, canonical));
          const angle = neighbourAngles(lattice, at.sublattice)[aim] - lattice.angle;
          const to = minus(
            sitePosition(lattice, fromCanonical(site, at, aim)),
            sitePosition(lattice, at),
          );
          expect(distance(turned(from, angle), to)).toBeLessThan(1e-9);
        },
      ),
      { seed: 2, numRuns: 200 },
    );
  });
});
