import { describe, expect, test } from "vitest";
import { matrix } from "@quadrivium/numerics";
import { bondLengthAngstrom, sameSite, type Sublattice } from "./honeycomb.js";
import { mapByName } from "./maps/map-by-name.js";
import { matrixExponential } from "./matrix-exponential.test-helpers.js";
import { outcomeKernels, outcomeProbabilities, ratesOnPatch } from "./outcome-probabilities.js";
import { patchAbout } from "./patch.js";
import { paperBeam, type RateMap } from "./rate-map.js";
import { turned } from "./vector.js";

const onBond = (bonds: number, angle = 0, sublattice: Sublattice = "A") => ({
  sublattice,
  angle,
  beamOffset: turned({ x: bonds * bondLengthAngstrom, y: 0 }, angle),
  beam: paperBeam,
});

describe("outcomeProbabilities", () => {
  // oracle: external matrix exponential, four places; the simple map there had no cut-off.
  const endless: RateMap = {
    name: "endless",
    rate: (x, y) => 1 / (1 + 16 * ((x - 1) ** 2 + y ** 2)),
  };
  test.each([
    [mapByName("prior"), 0.85, 5, [0.3416, 0.6496]],
    [mapByName("prior"), 0.85, 1.5, [0.7112, 0.2876]],
    [endless, 1, 5, [0.0522, 0.8096, 0.0168, 0.0168]],
    [endless, 1, 1.5, [0.2342, 0.688]],
    [mapByName("simple"), 1, 5, [0.0522, 0.8096]],
  ])("%o at %d bonds for %d s", (map, bonds, dwellTimeS, expected) => {
    const outcomes = outcomeProbabilities(map, { ...onBond(bonds), dwellTimeS });
    expected.forEach((p, k) => expect(outcomes[k].probability).toBeCloseTo(p, 4));
  });

  test.each(["prior", "simple", "far", "random:1", "random:2", "physics", "asymmetric"])(
    "equals the dense matrix exponential on the same patch, map %s",
    (name) => {
      const map = mapByName(name);
      const parked = { ...onBond(1.1, 0.3, "B"), dwellTimeS: 4 };
      const patch = patchAbout("B", 8);
      const rates = ratesOnPatch(map, patch, parked);
      const n = patch.sites.length;
      const q = matrix(n, n);
      for (let s = 0; s < n; s++) {
        if (patch.hops[s] === 8) continue;
        for (let k = 0; k < 3; k++) {
          const rate = rates[3 * s + k] * parked.dwellTimeS;
          q.data[s * n + patch.neighbour[3 * s + k]] += rate;
          q.data[s * n + s] -= rate;
        }
      }
      const dense = matrixExponential(q);
      const differences = outcomeProbabilities(map, parked).map(({ site, probability }) => {
        const there = patch.sites.findIndex((other) => sameSite(other, site));
        // what goes beyond 8 hops is the difference between the two patches
        return there >= 0 && patch.hops[there] < 5 ? Math.abs(probability - dense.data[there]) : 0;
      });
      expect(Math.max(...differences)).toBeLessThan(1e-6);
    },
  );

  test("probabilities sum to 1, short dwells and thousands of hops alike", () => {
    for (const dwellTimeS of [0, 1e-6, 5, 2000]) {
      const outcomes = outcomeProbabilities(mapByName("prior"), { ...onBond(0.85), dwellTimeS });
      expect(outcomes.reduce((sum, o) => sum + o.probability, 0)).toBeCloseTo(1, 8);
    }
  });

  test("does not depend on how the lattice is turned or on the sublattice", () => {
    const reference = outcomeProbabilities(mapByName("prior"), { ...onBond(0.9), dwellTimeS: 3 });
    for (const angle of [0.1, 1, 4]) {
      const turnedOnes = outcomeProbabilities(mapByName("prior"), {
        ...onBond(0.9, angle),
        dwellTimeS: 3,
      });
      turnedOnes.forEach(({ probability }, k) =>
        expect(probability).toBeCloseTo(reference[k].probability, 12),
      );
    }
    const onB = outcomeProbabilities(mapByName("prior"), {
      ...onBond(-0.9, 0, "B"),
      dwellTimeS: 3,
    });
    expect(onB[1].probability).toBeCloseTo(reference[1].probability, 12);
  });

  test("a list of dwells gives what single dwells give", () => {
    const map = mapByName("random:5");
    const dwellTimesS = [0.5, 2, 9];
    const kernels = outcomeKernels(map, { ...onBond(1), dwellTimesS });
    dwellTimesS.forEach((dwellTimeS, k) => {
      const single = outcomeProbabilities(map, { ...onBond(1), dwellTimeS });
      single.forEach(({ probability }, s) =>
        expect(kernels[k][s].probability).toBeCloseTo(probability, 9),
      );
    });
  });

  test("refuses a dwell that is negative or endless", () => {
    for (const dwellTimeS of [-1, Number.NaN, Infinity]) {
      expect(() => outcomeProbabilities(mapByName("prior"), { ...onBond(1), dwellTimeS })).toThrow(
        `got ${dwellTimeS}`,
      );
    }
  });
});
