import { describe, expect, test } from "vitest";
import { priorMap } from "../model/maps/fixed-maps.js";
import { drawTransitions } from "./learn.test-helpers.js";
import { learningSet } from "./learning-set.js";
import { priorFor } from "./rate-prior.js";
import { priorCovariance, priorPoints, whitening } from "./residual-prior.js";

const priorOf = (count: number, seed: number, { wrongShare = 0, robust = true } = {}) => {
  const set = learningSet(drawTransitions(priorMap, { count, seed, wrongShare }), 2);
  return priorFor(set, new Float64Array(count).fill(1), robust);
};

describe("priorFor", () => {
  test("finds the one bump that a map is: centre 0.85, width 0.316, a hop in 3 s half the time", () => {
    // oracle: the constants of the published human prior
    const { logPeak, centre, sigma } = priorOf(2000, 3);
    expect(Math.exp(logPeak) / (Math.LN2 / 3)).toBeCloseTo(1, 0.7);
    expect(Math.abs(centre - 0.85)).toBeLessThan(0.05);
    expect(Math.abs(sigma - Math.sqrt(0.1))).toBeLessThan(0.04);
  });

  test("is not widened by one wrong label in ten, unless every label is believed", () => {
    const width = Math.sqrt(0.1);
    expect(Math.abs(priorOf(2000, 3, { wrongShare: 0.1 }).sigma - width)).toBeLessThan(0.06);
    const { sigma } = priorOf(2000, 3, { wrongShare: 0.1, robust: false });
    expect(sigma - width).toBeGreaterThan(0.1);
  });

  test("stays near what was believed before where hops are few", () => {
    const { centre, sigma } = priorOf(24, 5);
    expect(centre).toBeGreaterThan(0);
    expect(centre).toBeLessThan(1.6);
    expect(sigma).toBeGreaterThan(0.2);
    expect(sigma).toBeLessThan(2);
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
