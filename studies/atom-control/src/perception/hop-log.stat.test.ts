import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { neighbours } from "../model/honeycomb.js";
import { hopLog, type HopRecord } from "./hop-log.js";
import { nearestPlacedSite, placedSite } from "./placed-lattice.js";
import { walked, type Walk } from "./tracking.test-helpers.js";

/** Where a record says silicon went, in the frame before; `null` where it does not say. */
function isRight({ label }: HopRecord, { frames, arrivals }: Walk, pair: number): boolean | null {
  if (typeof label !== "number") return null;
  const { lattice, silicon } = frames[pair];
  const { site } = silicon[0];
  const said = label === 0 ? site : neighbours(site)[label - 1];
  const place = placedSite(lattice!, said);
  const truth = nearestPlacedSite(lattice!, arrivals[pair]);
  const nearest = placedSite(lattice!, truth.site);
  return Math.hypot(place.x - nearest.x, place.y - nearest.y) < 1;
}

/** Null: rates at or beyond the bounds. Seeds are fixed; what the test would catch is stated. */
describe("hopLog on drifting sheets, pairs of frames 7 s apart", () => {
  const rates = (angstromPerMinute: number, jumpShare: number, numWalks: number) => {
    const count = { labelled: 0, right: 0, wrong: 0, ambiguous: 0, parity: 0, pairs: 0 };
    for (let seed = 0; seed < numWalks; seed++) {
      const driftPerPair = (angstromPerMinute * 7) / 60 / Math.SQRT2;
      const walk = walked(streamOf(key(seed)), {
        pairs: 40,
        driftPerPair,
        jumpShare,
        hopShare: 0.4,
        noiseAngstrom: 0.05,
      });
      hopLog(walk.frames, { driftSd: Math.max(0.2, driftPerPair) }).forEach((record, pair) => {
        count.pairs++;
        if (record.parityFlip === (walk.hops[pair] === 1)) count.parity++;
        const right = isRight(record, walk, pair);
        if (right === null) count.ambiguous++;
        else if (right) count.right++;
        else count.wrong++;
      });
    }
    return count;
  };

  test("up to 2 Å a minute at least 95 % of pairs are labelled, and rightly; parity always", () => {
    // 1600 pairs a rate: a share of 93 % would be seen with probability above 0.99.
    for (const rate of [0, 0.5, 1, 2]) {
      const { right, pairs, parity } = rates(rate, 0, 40);
      expect(right / pairs).toBeGreaterThan(0.95);
      expect(parity).toBe(pairs);
    }
  });

  test("beyond, and with jumps of 3 Å, pairs become ambiguous; fewer than 2 % are labelled wrongly", () => {
    const calm = rates(2, 0, 40);
    for (const [rate, jumps] of [
      [2, 0.05],
      [5, 0.05],
      [10, 0],
      [10, 0.05],
    ] as const) {
      const { wrong, pairs, ambiguous, parity } = rates(rate, jumps, 40);
      expect(wrong / pairs).toBeLessThan(0.02);
      expect(ambiguous).toBeGreaterThan(calm.ambiguous);
      expect(parity).toBe(pairs);
    }
  });
});
