import { key } from "@quadrivium/core";
import { expect, test } from "vitest";
import { dataOf } from "./data.js";
import { estimate } from "./estimate.js";
import { powerLawData } from "./power-law-data.test-helpers.js";

/**
 * Null: the 95 % intervals cover the truth in at least 95 % of data sets (600 samples of 300
 * features, label noise 0.05, α = 1, β = 0.3). 100 data sets with fixed seeds; fewer than 88 covered
 * would happen by chance once in a thousand. Intervals must not be bought by width either: their
 * mean reach is held to the actual scatter within a third.
 */
test("intervals cover the truth as often as they say, and are no wider than the scatter", () => {
  const size = { alpha: 1, beta: 0.3, samples: 600, features: 300, noise: 0.05 };
  const results = Array.from({ length: 100 }, (_, i) => {
    const data = powerLawData({ ...size, seed: 100 + i });
    return estimate(dataOf(data, data.targets), { key: key(100 + i) });
  });
  for (const [name, truth] of [
    ["alpha", 1],
    ["beta", 0.3],
  ] as const) {
    const values = results.map((result) => result[name]!);
    const intervals = results.map((result) => result.intervals[name]!);
    const covered = intervals.filter(([low, high]) => low <= truth && truth <= high).length;
    expect(covered).toBeGreaterThanOrEqual(88);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const scatter = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 99);
    const reach = intervals.reduce((sum, [low, high]) => sum + (high - low) / 2, 0) / 100;
    expect(reach / (1.96 * scatter)).toBeGreaterThan(0.67);
    expect(reach / (1.96 * scatter)).toBeLessThan(1.5);
  }
}, 600_000);

/**
 * Null: the 95 % intervals of α cover the truth on both sides of 2α = 1, where raw slopes of 400
 * samples are low by up to 0.05, four times the scatter. 20 data sets with fixed seeds for each α;
 * fewer than 15 covered would happen by chance once in 3,000. The mean is held to 0.01, more than
 * three standard errors everywhere.
 */
test.each([0.3, 0.4, 0.6, 0.8, 1.2])(
  "intervals of α cover the truth at α = %d",
  (alpha) => {
    const size = { alpha, beta: 0.7, samples: 400, features: 600, noise: 0.02 };
    const results = Array.from({ length: 20 }, (_, i) => {
      const data = powerLawData({ ...size, seed: 500 + i });
      return estimate(dataOf(data, data.targets), { key: key(i) });
    });
    const covered = (name: "alpha" | "beta", truth: number): number => {
      const intervals = results.map((r) => r.intervals[name]).filter((range) => range !== null);
      const inside = intervals.filter(([low, high]) => low <= truth && truth <= high).length;
      return inside + results.length - intervals.length; // a refusal does not mislead
    };
    expect(covered("alpha", alpha)).toBeGreaterThanOrEqual(15);
    expect(covered("beta", 0.7)).toBeGreaterThanOrEqual(15);
    const mean = results.reduce((sum, result) => sum + result.alpha! / results.length, 0);
    expect(Math.abs(mean - alpha)).toBeLessThan(0.01);
  },
  600_000,
);
