import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { fitLossSurface, lossAt, type SizedRecord } from "./loss-surface.js";
import { reportSurface } from "./surface-report.js";
import { noisy, runsOf, truth } from "./runs.test-helpers.js";

// The surface above times exp(0.004 t₃) for NumPy's default_rng(7), four decimals, by rows of size.
// oracle: SciPy 1.17.1, L-BFGS-B from 8 starts, then Nelder-Mead and BFGS in turns to 1e-12
const drawn = [
  4.6533, 4.2794, 4.0482, 3.887, 3.7896, 4.1195, 3.67, 3.477, 3.3357, 3.2158, 3.6446, 3.3167,
  3.0708, 2.918, 2.7951, 3.4074, 3.0677, 2.8037, 2.665, 2.562, 3.2422, 2.8655, 2.6395, 2.4742,
  2.3666, 3.1365, 2.7711, 2.5163, 2.3636, 2.2555,
];

describe("fitLossSurface", () => {
  test("finds the surface that losses without noise lie on", () => {
    const fit = fitLossSurface(runsOf((record) => lossAt(truth, record)));
    expect(fit.floor).toBeCloseTo(truth.floor, 4);
    expect(fit.paramsExponent).toBeCloseTo(truth.paramsExponent, 4);
    expect(fit.tokensExponent).toBeCloseTo(truth.tokensExponent, 4);
    expect(fit.paramsFactor / truth.paramsFactor).toBeCloseTo(1, 3);
    expect(Math.max(...fit.residuals.map(Math.abs))).toBeLessThan(1e-5);
  });

  test("reaches the minimum that another library's minimisers find", () => {
    const fit = fitLossSurface(runsOf((_, i) => drawn[i]!));
    expect(fit.misfit).toBeLessThan(2.34995491 * (1 + 1e-6));
    expect(fit.paramsExponent).toBeCloseTo(0.35173, 3);
    expect(fit.tokensExponent).toBeCloseTo(0.3723, 3);
    expect(fit.floor).toBeCloseTo(1.82778, 3);
  });

  test("is not led away by a run that failed", () => {
    const fit = fitLossSurface(runsOf((record, i) => (i === 17 ? 3 : 1) * lossAt(truth, record)));
    expect(Math.abs(fit.paramsExponent - truth.paramsExponent)).toBeLessThan(2e-3);
    expect(Math.abs(fit.tokensExponent - truth.tokensExponent)).toBeLessThan(2e-3);
  });

  test("takes a known floor as given", () => {
    const fit = fitLossSurface(noisy(1, 0.01), { knownFloor: truth.floor });
    expect(fit.floor).toBe(truth.floor);
    expect(Math.abs(fit.paramsExponent - truth.paramsExponent)).toBeLessThan(0.06);
  });

  test("refuses runs in which size and data cannot be told apart", () => {
    const together = runsOf((record) => lossAt(truth, record)).map((record) => ({
      ...record,
      numTokens: 20 * record.numParams,
    }));
    expect(() => fitLossSurface(together)).toThrow(/grow together.*cannot be told apart/);
    expect(() => fitLossSurface(together.slice(0, 5))).toThrow(/needs ≥ 6 losses.*got 5/);
  });
});

describe("reportSurface", () => {
  test("gives the compute-optimal exponents, and no warning where nothing is wrong", () => {
    const { numbers, warnings } = reportSurface(noisy(3, 0.002), { key: key(0) });
    expect(numbers.sizeExponent.value).toBeCloseTo(0.3658 / 0.7136, 1);
    expect(numbers.lossExponent.value).toBeCloseTo((0.3478 * 0.3658) / 0.7136, 1);
    expect(warnings).toEqual([]);
  });

  test("gives intervals where the losses have no floor", () => {
    const bottomless = runsOf((record) => lossAt({ ...truth, floor: 0 }, record));
    const { numbers } = reportSurface(bottomless, { key: key(0), draws: 40 });
    expect(numbers.floor.value).toBeLessThan(0.01);
    expect(numbers.paramsExponent.interval![0]).toBeCloseTo(truth.paramsExponent, 2);
    expect(numbers.tokensExponent.interval![1]).toBeCloseTo(truth.tokensExponent, 2);
  });

  test("says when data do not matter, when exponents drift, when nothing fits", () => {
    const said = (records: readonly SizedRecord[]): string =>
      reportSurface(records, { key: key(0), draws: 40 }).warnings.join("; ");
    const withoutData = runsOf(({ numParams }) => 2 + 482 * numParams ** -0.35);
    expect(said(withoutData)).toMatch(/β \(of data\) means nothing here/);
    const bent = runsOf(
      ({ numParams, numTokens }) =>
        1 + 60 * numTokens ** -0.25 + 2 * (1e8 / numParams) ** (numParams < 1e8 ? 0.1 : 0.6),
    );
    expect(said(bent)).toMatch(/α \(of size\) drifts/);
    expect(said(noisy(4, 0.3))).toMatch(/scatter by \d+ %/);
  });
});
