import { describe, expect, test } from "vitest";
import { effectiveDimensionMomentum } from "./index.js";

const lambda = Float64Array.from({ length: 400 }, (_, j) => (j + 1) ** -2);
const options = { gamma2: 0.2, delta: 4 };
const effectiveDimension = (x: number): number =>
  lambda.reduce((sum, value) => sum + value / (value + x), 0);

describe("effectiveDimensionMomentum", () => {
  test("is its share of what gradient noise allows, never more than γ2", () => {
    const gamma3 = effectiveDimensionMomentum({ lambda }, options);
    for (const t of [0, 3, 50, 1e3, 1e5, 1e8]) {
      const rule = (0.25 * 0.2) / effectiveDimension(4 / (4 + t) / 0.2);
      expect(Math.abs(gamma3(t) / Math.min(0.2, rule) - 1)).toBeLessThan(0.03);
    }
    expect(gamma3(1e12) * 400).toBeCloseTo(0.05, 6); // DANA-constant at the end
    const wide = effectiveDimensionMomentum({ lambda }, { ...options, batchSize: 4000 });
    expect(wide(1e6)).toBeCloseTo(0.2, 14);
  });

  test("counts an eigenvalue as often as its weight says, and one of 0 not at all", () => {
    const listed = effectiveDimensionMomentum({ lambda: [1, 0.1, 0.1, 0.1, 0] }, options);
    const weighted = { lambda: [0.1, 0, 1, 5], weight: [3, 9, 1, 0] };
    const counted = effectiveDimensionMomentum(weighted, options);
    for (const t of [0, 10, 1e4]) expect(counted(t)).toBeCloseTo(listed(t), 14);
  });

  test("refuses a spectrum or a rate with which there is no momentum", () => {
    const refuse = (spectrum: readonly number[], change = {}): (() => unknown) => {
      return () => effectiveDimensionMomentum({ lambda: spectrum }, { ...options, ...change });
    };
    expect(refuse([1, -0.5])).toThrow(/finite and ≥ 0; got -0.5 with weight 1 at index 1/);
    expect(refuse([Number.NaN])).toThrow(/got NaN/);
    expect(refuse([0, 0])).toThrow(/needs an eigenvalue above 0; got none among 2/);
    expect(refuse([1], { gamma2: 0 })).toThrow(/gamma2 must be positive; got 0/);
  });
});
