import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { dataOf } from "./data.js";
import { estimate, type Estimate } from "./estimate.js";
import { powerLawData } from "./power-law-data.test-helpers.js";

const run = (seed: number, noise: number, pureNoise = false): Estimate => {
  const size = { samples: 2000, features: 2000 };
  const data = powerLawData({ alpha: 1, beta: 0.3, ...size, noise, pureNoise, seed });
  return estimate(dataOf(data, data.targets), { key: key(seed) });
};

/**
 * Null: the estimator is unbiased at (1, 0.3) with 2000 samples. Fixed seeds. The scatter over seeds
 * is about 0.003 in α and 0.015 in β, so the limits are six and three deviations: false alarm below
 * 1 % for fresh seeds. Found: regressing single components instead of tails is off by 0.2.
 */
describe("estimate with 2000 samples of 2000 features", { timeout: 600_000 }, () => {
  test.each([1, 2, 3, 4])("is right without noise, seed %i", (seed) => {
    const { alpha, beta, refusal } = run(seed, 0);
    expect(Math.abs(alpha! - 1)).toBeLessThan(0.02);
    expect(Math.abs(beta! - 0.3)).toBeLessThan(0.05);
    expect(refusal).toBeNull();
  });
  test.each([1, 2])("is right under noise, and says what limits it, seed %i", (seed) => {
    const { beta, notes } = run(seed, 0.05);
    expect(Math.abs(beta! - 0.3)).toBeLessThan(0.15);
    expect(notes.join()).toMatch(/noise-limited/);
  });
  test("refuses β for pure noise", () => {
    expect(run(1, 1, true)).toMatchObject({ beta: null, recommendation: null });
  });
});
