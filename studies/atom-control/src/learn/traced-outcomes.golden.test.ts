import { hostArray } from "@quadrivium/core";
import { compile, dispose, type np } from "@quadrivium/engine";
import { describe, expect, test } from "vitest";
import { simpleMap } from "../model/maps/fixed-maps.js";
import { outcomeProbabilities } from "../model/outcome-probabilities.js";
import { paperBeam, type RateMap } from "../model/rate-map.js";
import { bondLengthAngstrom } from "../model/honeycomb.js";
import { hopGeometry } from "./hop-geometry.js";
import { exactProbabilities, firstHopProbabilities, propagationFor } from "./traced-outcomes.js";

async function run(
  fn: (x: np.Array) => np.Array,
  values: readonly number[],
): Promise<readonly number[]> {
  const input = hostArray(Float32Array.from(values), [1, values.length]);
  const program = await compile(fn, [input], { executor: "native" });
  const result = await program.run(input);
  const { data } = await result.read();
  dispose(result);
  await program.dispose();
  return Array.from(data as Float32Array);
}

describe("firstHopProbabilities", () => {
  // Worked by hand: Rt = 0.26 · 5 = 1.3, so −log P₀ = 1.3 and
  // −log P₁ = −log(0.2/0.26 · (1 − e^{−1.3})) = 0.26236 + 0.31819.
  test("gives 1.3 and 0.58055 nats for rates 0.2, 0.05 and 0.01 per second over 5 s", async () => {
    const [stay, first] = await run(firstHopProbabilities, [1, 0.25, 0.05]);
    expect(-Math.log(stay)).toBeCloseTo(1.3, 5);
    expect(-Math.log(first)).toBeCloseTo(0.58055, 5);
  });

  test("keeps the rate of hops that hardly ever happen", async () => {
    const [stay, first, second] = await run(firstHopProbabilities, [2e-8, 1e-8, 0]);
    expect(stay).toBeCloseTo(1, 6);
    expect(first / 2e-8).toBeCloseTo(1, 5);
    expect(second / 1e-8).toBeCloseTo(1, 5);
  });
});

describe("exactProbabilities", () => {
  /** Expected hops of every hop of a patch under a map. */
  function hopsUnder(map: RateMap, maxHops: number, dwell: { x: number; y: number; t: number }) {
    const { numHops, turn, shift } = hopGeometry(maxHops);
    return Array.from({ length: numHops }, (_, e) => {
      const along = turn[e] * dwell.x + turn[numHops + e] * dwell.y - shift[e];
      const across =
        turn[2 * numHops + e] * dwell.x + turn[3 * numHops + e] * dwell.y - shift[numHops + e];
      return map.rate(along, across, paperBeam) * dwell.t;
    });
  }

  // The golden outcome of the simple map at (1, 0) after 5 s, from a matrix exponential: stays
  // 0.0522, target 0.8096, each other neighbour 0.0168, farther 0.105.
  test("gives the matrix exponential's outcome of the simple map, beam on the neighbour", async () => {
    const geometry = hopGeometry(4);
    const hops = hopsUnder(simpleMap, 4, { x: 1, y: 0, t: 5 });
    const found = await run((x) => exactProbabilities(geometry, x, propagationFor(20)), hops);
    expect(found[0]).toBeCloseTo(0.0522, 3);
    expect(found[1]).toBeCloseTo(0.8096, 3);
    expect(found[2]).toBeCloseTo(0.0168, 3);
    expect(found.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  });

  test("agrees with the float64 propagation site by site where the patch is large enough", async () => {
    const map: RateMap = {
      name: "bump",
      rate: (along, across) => 0.3 * Math.exp(-((along - 0.7) ** 2 + across ** 2) / 0.5),
    };
    const dwell = { x: 0.4, y: 0.5, t: 3 };
    const found = await run(
      (x) => exactProbabilities(hopGeometry(4), x, propagationFor(10)),
      hopsUnder(map, 4, dwell),
    );
    const exact = outcomeProbabilities(map, {
      sublattice: "A",
      angle: 0,
      beamOffset: { x: dwell.x * bondLengthAngstrom, y: dwell.y * bondLengthAngstrom },
      beam: paperBeam,
      dwellTimeS: dwell.t,
    });
    for (let site = 0; site < 19; site++) {
      expect(Math.abs(found[site] - exact[site].probability)).toBeLessThan(3e-6);
    }
  });

  test("is no less right for jumps that are cut short: what remains sums to 1", async () => {
    const found = await run(
      (x) => exactProbabilities(hopGeometry(2), x, propagationFor(5)),
      Array.from({ length: 30 }, () => 20),
    );
    expect(found.every((p) => p >= 0 && Number.isFinite(p))).toBe(true);
    expect(found.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
  });
});
