import { key } from "@quadrivium/core";
import { expect, test } from "vitest";
import { noisy, truth } from "./runs.test-helpers.js";
import { reportSurface } from "./surface-report.js";

/**
 * Null: the 90 % intervals of the floor and both exponents cover the truth in at least 90 % of
 * tables of 30 runs with 0.4 % scatter. 150 tables with fixed seeds; fewer than 117 covered would
 * happen by chance once in 10⁵, and intervals that cover 70 % would be caught in 98 of 100 cases.
 * Intervals must not be bought by width either: their mean reach is held to the actual scatter.
 */
test("covers the truth as often as it says, and not by width", () => {
  const numTables = 150;
  const reports = Array.from({ length: numTables }, (_, seed) => {
    const options = { key: key(seed), draws: 60, level: 0.9 };
    return reportSurface(noisy(100 + seed, 0.004), options).numbers;
  });
  for (const name of ["floor", "paramsExponent", "tokensExponent"] as const) {
    const values = reports.map((numbers) => numbers[name].value);
    const intervals = reports.map((numbers) => numbers[name].interval!);
    const covered = intervals.filter(([low, high]) => low <= truth[name] && truth[name] <= high);
    expect(covered.length).toBeGreaterThanOrEqual(117);
    const mean = values.reduce((sum, x) => sum + x, 0) / numTables;
    const scatter = Math.sqrt(
      values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numTables - 1),
    );
    const reach = intervals.reduce((sum, [low, high]) => sum + (high - low) / 2, 0) / numTables;
    // resampling 30 runs for five unknowns leaves draws with few of them, which scatter more
    expect(reach / (1.645 * scatter)).toBeGreaterThan(0.8);
    expect(reach / (1.645 * scatter)).toBeLessThan(1.7);
  }
}, 120_000);
