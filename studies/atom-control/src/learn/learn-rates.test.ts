import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { farMap, priorMap } from "../model/maps/fixed-maps.js";
import { paperBeam } from "../model/rate-map.js";
import { excessNll } from "./evaluate.js";
import { learnRates } from "./learn-rates.js";
import { drawTransitions } from "./learn.test-helpers.js";

const compute = { executor: "native", threads: 1 } as const;

describe("learnRates", () => {
  test("learns the prior map from 600 samples", async () => {
    const data = drawTransitions(priorMap, { count: 600, seed: 3 });
    const { model, heldOut, heldOutNll } = await learnRates(data, {
      key: key(3),
      compute,
      steps: 300,
      members: 3,
    });
    const fresh = drawTransitions(priorMap, { count: 200, seed: 4 });
    const excess = excessNll(model, priorMap, fresh);
    expect(heldOut).toHaveLength(60);
    expect(excess).toBeLessThan(0.06); // a constant rate is 0.27 worse
    expect(heldOutNll).toBeGreaterThan(0.2);
    expect(heldOutNll).toBeLessThan(0.8);
    const { along, across } = model.info.bestOffset;
    expect(priorMap.rate(along, across, paperBeam)).toBeGreaterThan(0.85 * (Math.LN2 / 3));
    expect(model.info.noiseShare).toBeLessThan(0.1);
  });

  test("gives equal weights for equal data and seed", async () => {
    const data = drawTransitions(farMap, {
      count: 60,
      seed: 1,
      halfSide: 1.5,
      dwellTimesS: [5, 9],
    });
    const fit = () => learnRates(data, { key: key(1), compute, steps: 20, members: 2 });
    const [one, two] = [await fit(), await fit()];
    expect(one.stored).toEqual(two.stored);
  });

  test("takes a set smaller than a batch", async () => {
    const data = drawTransitions(priorMap, { count: 40, seed: 2 });
    const { model } = await learnRates(data, { key: key(0), compute, steps: 40, members: 2 });
    expect(model.rate(0.85, 0, paperBeam)).toBeGreaterThan(0.01);
  });

  test("refuses too few samples, and samples without a hop", async () => {
    const data = drawTransitions(priorMap, { count: 40, seed: 2 });
    await expect(learnRates(data.slice(0, 7), { key: key(0), compute })).rejects.toThrow(
      "learnRates: rates can be learned from 20 transitions or more; got 7",
    );
    const still = data.map(({ sublattice, ...rest }) => ({
      ...rest,
      sublattice,
      after: [{ i: 0, j: 0, sublattice, probability: 1 }],
    }));
    await expect(learnRates(still, { key: key(0), compute })).rejects.toThrow(
      /at least one sample must show a hop; got none in 36/,
    );
  });
});
