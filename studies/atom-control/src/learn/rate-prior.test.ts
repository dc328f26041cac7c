import { describe, expect, test } from "vitest";
import { priorMap } from "../model/maps/fixed-maps.js";
import { drawTransitions } from "./learn.test-helpers.js";
import { learningSet } from "./learning-set.js";
import { broadPrior, priorFor } from "./rate-prior.js";
import { priorCovariance, priorPoints, whitening } from "./residual-prior.js";

const priorOf = (count: number, seed: number) => {
  const set = learningSet(drawTransitions(priorMap, { count, seed }), 2);
  return priorFor(set, new Float64Array(count).fill(1));
};

describe("priorFor", () => {
  test("finds the one bump that a map is: centre 0.85, width 0.316, a hop in 3 s half the time", () => {
    // oracle: the constants of the published human prior
    const { logPeak, centre, sigma } = priorOf(2000, 3);
    expect(Math.exp(logPeak) / (Math.LN2 / 3)).toBeCloseTo(1, 0.7);
    expect(Math.abs(centre - 0.85)).toBeLessThan(0.05);
    expect(Math.abs(sigma - Math.sqrt(0.1))).toBeLessThan(0.04);
  });

  test("stays near what was believed before where hops are few", () => {
    const { centre, sigma } = priorOf(24, 5);
    expect(centre).toBeGreaterThan(0);
    expect(centre).toBeLessThan(1.6);
    expect(sigma).toBeGreaterThan(0.2);
    expect(sigma).toBeLessThan(2);
  });
});

describe("broadPrior", () => {
  test("expects as many hops as were seen", () => {
    const set = learningSet(drawTransitions(priorMap, { count: 500, seed: 3 }), 2);
    const { logPeak, centre, sigma } = broadPrior(set, new Float64Array(500).fill(1));
    const turned = [0, 2, 4].map((k) => [Math.cos((k * Math.PI) / 3), Math.sin((k * Math.PI) / 3)]);
    let [expected, seen] = [0, 0];
    for (let n = 0; n < 500; n++) {
      const [x, y] = [set.beam[2 * n]!, set.beam[2 * n + 1]!];
      seen += 1 - set.outcome[n * (set.numSites + 1)]!;
      for (const [c, s] of turned as [number, number][]) {
        const squared = (c * x + s * y - centre) ** 2 + (c * y - s * x) ** 2;
        expected += set.dwellTimeS[n]! * Math.exp(logPeak - squared / (2 * sigma ** 2));
      }
    }
    expect(expected / seen).toBeCloseTo(1, 6);
  });
});

describe("whitening", () => {
  test.each([true, false])("turns the process into white noise, reflection %s", (reflection) => {
    const n = priorPoints.along.length;
    const [w, k] = [whitening(reflection), priorCovariance(reflection)];
    let worst = 0;
    for (const [i, j] of [
      [0, 0],
      [7, 3],
      [40, 40],
      [95, 2],
      [95, 95],
    ]) {
      let sum = 0;
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) sum += w[i * n + a] * k[a * n + b] * w[j * n + b];
      }
      worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
    }
    expect(worst).toBeLessThan(1e-4);
  });
});
