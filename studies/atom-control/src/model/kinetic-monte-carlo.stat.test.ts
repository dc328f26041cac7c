/**
 * Null: kinetic Monte Carlo ends where the exact outcome probabilities say. Statistic: Pearson χ²
 * over sites with an expected count of at least 10, all others in one cell. 100,000 dwells a case,
 * seeds fixed, 21 cases; rejected beyond the quantile 1 − 1e-6 each, so the false-alarm rate of the
 * file is 2.1e-5. Catches a shift of 0.01 in any outcome of probability 0.5 with certainty: a
 * sampler that stops after the first hop misses by 0.09 on the simple map.
 */
import { describe, expect, test } from "vitest";
import { key, streamOf } from "@quadrivium/core";
import { chiSquareQuantile } from "@quadrivium/numerics";
import { bondLengthAngstrom, siteKey } from "./honeycomb.js";
import { siliconAfter } from "./kinetic-monte-carlo.js";
import { mapByName } from "./maps/map-by-name.js";
import { outcomeProbabilities } from "./outcome-probabilities.js";
import { paperBeam } from "./rate-map.js";
import { turned } from "./vector.js";

const draws = 100_000;
const names = ["prior", "simple", "far", "random:11", "random:12", "physics", "asymmetric"];

describe("hopsDuring", () => {
  test.each(names.flatMap((name) => [1.5, 5, 15].map((dwellTimeS) => [name, dwellTimeS] as const)))(
    "ends as the matrix exponential says: %s for %d s",
    (name, dwellTimeS) => {
      const map = mapByName(name);
      const angle = 0.7;
      const silicon = { i: 0, j: 0, sublattice: "A" as const };
      const beamOffset = turned({ x: 1.05 * bondLengthAngstrom, y: 0.15 }, angle);
      const parked = { sublattice: "A" as const, angle, beamOffset, beam: paperBeam, dwellTimeS };
      const lattice = { origin: { x: 0, y: 0 }, angle, bondLengthAngstrom };
      const dwell = { ...parked, lattice, silicon, beamPosition: beamOffset };
      const stream = streamOf(key(2024));
      const counts = new Map<string, number>();
      for (let n = 0; n < draws; n++) {
        const at = siteKey(siliconAfter(map, dwell, stream));
        counts.set(at, (counts.get(at) ?? 0) + 1);
      }
      let statistic = 0;
      let cells = 0;
      let restExpected = draws;
      let restSeen = draws;
      for (const { site, probability } of outcomeProbabilities(map, parked)) {
        const expected = draws * probability;
        if (expected < 10) continue;
        const seen = counts.get(siteKey(site)) ?? 0;
        statistic += (seen - expected) ** 2 / expected;
        restExpected -= expected;
        restSeen -= seen;
        cells++;
      }
      if (restExpected >= 5) {
        statistic += (restSeen - restExpected) ** 2 / restExpected;
        cells++;
      }
      // where too rare for χ²: a Poisson count of mean below 5 reaches 25 with probability below 1e-9
      expect(restSeen - restExpected).toBeLessThan(Math.max(25, restExpected));
      expect(statistic).toBeLessThan(chiSquareQuantile(1 - 1e-6, Math.max(1, cells - 1)));
    },
  );
});
