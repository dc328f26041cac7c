import {
  flattenTree,
  hashTree,
  hostArray,
  isHostArray,
  key,
  type HostArray,
} from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { smallConfig, trained } from "../train/train.test-helpers.js";
import { layerDensities } from "./densities.js";
import { exchangeMask, numKept, pruneMask, randomMask } from "./masks.js";
import { exchangedShare, prunedShare } from "./schedule.js";
import { initialMasks, maskChangeAfter, maskParams, sparsityOf, type Masks } from "./sparsifier.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

describe("schedules", () => {
  test("pruning follows a cubic from 20 % to 80 % of the training", () => {
    const at = (progress: number): number => prunedShare(progress, { sparsity: 0.95 });
    expect([0, 0.2, 0.8, 1].map(at)).toEqual([0, 0, 0.95, 0.95]);
    // Half way: 0.95 (1 − 1/8).
    expect(at(0.5)).toBeCloseTo(0.83125, 12);
  });

  test("RigL exchanges three tenths at first, half of that half way, nothing at the end", () => {
    expect(exchangedShare(0)).toBeCloseTo(0.3, 12);
    expect(exchangedShare(0.375)).toBeCloseTo(0.15, 12);
    expect([0.75, 1].map((t) => exchangedShare(t))).toEqual([0, 0]);
  });
});

describe("layerDensities", () => {
  const shapes = { conv: [3, 3, 4, 8], dense: [500, 40], small: [5, 2] };
  const size = { conv: 288, dense: 20_000, small: 10 };

  test.each([0.05, 0.3, 0.8])("keeps %d of all weights, small layers densest", (density) => {
    const densities = layerDensities(shapes, density);
    const kept = Object.entries(size).reduce((sum, [path, n]) => sum + densities[path] * n, 0);
    expect(kept).toBeCloseTo(density * 20_298, 6);
    expect(densities.small).toBeLessThanOrEqual(1);
    expect(densities.small).toBeGreaterThanOrEqual(densities.conv);
    expect(densities.conv).toBeGreaterThanOrEqual(densities.dense);
  });

  test("is in proportion to the sum of lengths over their product where none is full", () => {
    const { conv, dense } = layerDensities({ conv: [3, 3, 40, 80], dense: [500, 400] }, 0.01);
    expect(conv / dense).toBeCloseTo(126 / 28_800 / (900 / 200_000), 12);
  });

  test("one layer alone is as dense as asked", () => {
    expect(layerDensities({ a: [30, 20] }, 0.1).a).toBeCloseTo(0.1, 12);
  });
});

describe("masks", () => {
  test("a random mask keeps exactly as many as asked, each as likely", () => {
    const counts = new Float64Array(10);
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) {
      const mask = randomMask(key(seed), 10, 3);
      expect(numKept(mask)).toBe(3);
      mask.forEach((kept, i) => (counts[i] += kept));
    }
    // Standard deviation √(4000 · 0.3 · 0.7) = 29; five of them: false alarm 6e-6 for ten places.
    for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(145);
  });

  test("pruning keeps the largest of those still kept, and never brings one back", () => {
    const weights = [5, -4, 3, -2, 1, 9];
    expect([...pruneMask(Uint8Array.of(1, 1, 1, 1, 1, 0), weights, 3)]).toEqual([1, 1, 1, 0, 0, 0]);
    expect([...pruneMask(Uint8Array.of(1, 1, 0, 0, 0, 0), weights, 4)]).toEqual([1, 1, 0, 0, 0, 0]);
    expect([...pruneMask(new Uint8Array(3).fill(1), [2, 2, 2], 2)]).toEqual([1, 1, 0]);
  });

  test("an exchange drops the smallest weights and grows the largest gradients", () => {
    const mask = Uint8Array.of(1, 1, 1, 0, 0, 0);
    const weights = [3, -0.1, 2, 0, 0, 0];
    // Weight 1 has the largest gradient of all; having been dropped it does not grow at once.
    const gradient = [0, 99, 0, 0.5, -2, 1];
    expect([...exchangeMask(mask, { weights, gradient, count: 1 })]).toEqual([1, 0, 1, 0, 1, 0]);
    expect(numKept(exchangeMask(mask, { weights, gradient, count: 9 }))).toBe(3);
    expect([...exchangeMask(mask, { weights, gradient, count: 0 })]).toEqual([...mask]);
  });
});

const options = {
  sparsifyScope: "all",
  sparsity: 0.9,
  maskPeriod: 10,
  totalUpdates: 100,
} as const;
const params = {
  encoder: { conv: { kernel: ones([3, 3, 4, 8]), bias: ones([8]) } },
  bottleneck: { hidden: { kernelMean: ones([50, 40]), kernelWidth: ones([50, 40]) } },
};

function ones(shape: readonly number[]): HostArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return hostArray(new Float32Array(size).fill(1), shape);
}

describe("sparsifier", () => {
  test("masks kernels in scope and nothing else; a noisy width goes with its mean", () => {
    const all = initialMasks({ ...options, sparsify: "static" }, params, key(0));
    expect(Object.keys(all).sort()).toEqual([
      "bottleneck/hidden/kernelMean",
      "encoder/conv/kernel",
    ]);
    expect(sparsityOf(all)).toBeCloseTo(0.9, 2);
    const own = { ...options, sparsify: "static", sparsifyScope: "bottleneck" } as const;
    const masks = initialMasks(own, params, key(0));
    expect(Object.keys(masks)).toEqual(["bottleneck/hidden/kernelMean"]);
    const thin = maskParams(params, masks);
    const { kernelMean, kernelWidth } = thin.bottleneck.hidden;
    expect(kernelWidth.data).toEqual(kernelMean.data);
    expect(numKept(Uint8Array.from(kernelMean.data as Float32Array))).toBe(200);
    expect(thin.encoder).toEqual(params.encoder);
  });

  test("static masks never change, RigL's until 75 %, pruning's from 20 % to 80 %", () => {
    const due = (sparsify: "none" | "static" | "rigl" | "pruning"): number[] =>
      Array.from({ length: 101 }, (_, n) => n).filter(
        (n) => n > 0 && maskChangeAfter(n, { ...options, sparsify }) !== null,
      );
    expect(due("none")).toEqual([]);
    expect(due("static")).toEqual([]);
    expect(due("rigl")).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(due("pruning")).toEqual([30, 40, 50, 60, 70, 80]);
  });
});

const masksOf = (tree: unknown): Masks => (tree as { masks: Masks }).masks;
const kernelsOf = (tree: unknown) =>
  flattenTree((tree as { params: HostArray }).params, isHostArray).filter(({ path }) =>
    path.endsWith("kernel"),
  );
const zerosOf = ({ data }: HostArray): number =>
  (data as Float32Array).reduce((count, value) => count + (value === 0 ? 1 : 0), 0);

describe("train", () => {
  const set = { optimizer: "adam", learningRate: 1e-3, maskPeriod: 20, sparsity: 0.8 } as const;

  test.each([
    ["rigl", "all"],
    ["pruning", "bottleneck"],
  ] as const)("%s in %s ends as sparse as asked, and resumes exactly", async (mode, scope) => {
    const config = smallConfig({ ...set, sparsify: mode, sparsifyScope: scope });
    const whole = await trained(config);
    expect(whole.result?.sparsity).toBeCloseTo(0.8, 2);
    const masks = masksOf(whole.checkpoint.tree);
    const kernels = kernelsOf(whole.checkpoint.tree);
    const inScope = kernels.filter(({ path }) => scope === "all" || path.startsWith("bottleneck/"));
    expect(Object.keys(masks).sort()).toEqual(inScope.map(({ path }) => path));
    for (const { path, leaf } of inScope) {
      const { data } = masks[path];
      expect(data.every((kept, i) => kept === 1 || leaf.data[i] === 0)).toBe(true);
      // Hardly any weight that is kept is 0 by chance.
      const removed = data.length - numKept(data);
      expect(zerosOf(leaf) - removed).toBeLessThan(0.05 * data.length);
    }
    const half = await trained(config, { until: 200 });
    const rest = await trained(config, { checkpoint: half.checkpoint });
    expect(hashTree(rest.checkpoint.tree)).toBe(hashTree(whole.checkpoint.tree));
    expect(hashTree(masksOf(half.checkpoint.tree))).not.toBe(hashTree(masks));
  });

  test("a sparsity of 0 is the dense run, bit for bit", async () => {
    const dense = await trained(smallConfig({ ...set, frames: 150 }));
    const masked = await trained(
      smallConfig({ ...set, frames: 150, sparsify: "static", sparsity: 0 }),
    );
    const [a, b] = [masked, dense].map(({ checkpoint }) => hashTree(checkpoint.tree.params));
    expect(a).toBe(b);
  });
});
