import { expect, test } from "vitest";
import { dormantShare, relativeActivity, stillShare } from "./dormancy.js";
import { effectiveRank, featureSpectrum, thresholdRank } from "./rank.js";

const rows = [
  [0, 0, 1, 2, 0.05],
  [0, 0.02, 3, 1, 0.1],
  [0, 0, 2, 4, 0],
];
const layer = { data: rows.flat(), batch: 3, units: 5, places: 1 };

test("relative activity and dormant shares of a worked example", () => {
  // By hand: means 0, .00667, 2, 2.333, .05; their mean .878.
  const expected = [0, 0.007593, 2.277904, 2.657555, 0.056948];
  relativeActivity(layer).forEach((s, i) => expect(s).toBeCloseTo(expected[i], 6));
  expect([0, 0.025, 0.1].map((tau) => dormantShare(layer, tau))).toEqual([0.2, 0.4, 0.6]);
});

test("a feature map is one unit a channel, over all places", () => {
  const map = { data: [0, 0, 1, 3, 0, 0, 2, 2], batch: 2, units: 2, places: 2 };
  expect(dormantShare(map, 0)).toBe(0.5);
  expect([...relativeActivity(map)][1]).toBeCloseTo(2, 6);
});

test("a unit that never changes is still, and dormant only when it is also silent", () => {
  const constant = { data: [5, 0, 1, 5, 0, 2], batch: 2, units: 3, places: 1 };
  expect(stillShare(constant, 0)).toBeCloseTo(2 / 3, 12);
  expect(dormantShare(constant, 0.1)).toBeCloseTo(1 / 3, 12);
});

test("refuses activations of another shape", () => {
  expect(() => dormantShare({ ...layer, units: 4 }, 0)).toThrow(/got 15 for 3 · 4 · 1/);
});

test("ranks of a known spectrum", () => {
  const singularValues = [10, 5, 1, 0.5, 0.05, 0.001];
  expect(effectiveRank(singularValues)).toBe(4);
  expect([0, 0.001, 0.01].map((t) => thresholdRank(singularValues, t))).toEqual([6, 5, 4]);
});

test("the spectrum of features is that of a diagonal, whatever rows repeat", () => {
  // Row i is d_i e_i; repeating a row k times multiplies its singular value by √k.
  const diagonal = [3, 0, 7, 2];
  const rows = diagonal.map((d, i) => diagonal.map((_, j) => (i === j ? d : 0)));
  const repeated = [...rows, rows[2], rows[2], rows[2]].flat();
  const spectrum = featureSpectrum(repeated, 7)!;
  [14, 3, 2, 0, 0, 0, 0].forEach((value, i) => expect(spectrum[i]).toBeCloseTo(value, 5));
});

test("features that are not finite have no spectrum", () => {
  expect(featureSpectrum([1, 2, Number.NaN, 3], 2)).toBeNull();
  expect(featureSpectrum([1, 2, Infinity, 3], 2)).toBeNull();
});

test("the spectrum of features that are all zero is zero", () => {
  expect([...featureSpectrum(new Float32Array(12), 3)!]).toEqual([0, 0, 0]);
});

test("the spectrum of circulant features is their Fourier transform", () => {
  const first = [4, 1, 0, 0, 0, 1];
  const rows = first.map((_, i) => first.map((__, j) => first[(j - i + 6) % 6])).flat();
  // 4 + 2 cos(2πk/6): 6, 5, 5, 3, 3, 2.
  featureSpectrum(rows, 6)!.forEach((value, i) =>
    expect(value).toBeCloseTo([6, 5, 5, 3, 3, 2][i], 9),
  );
});
