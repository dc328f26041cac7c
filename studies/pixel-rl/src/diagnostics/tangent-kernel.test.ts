import { hostArray, isHostArray, key, mapTree, type HostArray, type Tree } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, expect, test } from "vitest";
import { openAgent, type SavedAgent } from "../agent/agent.js";
import { batchSize, randomBatch, smallConfig } from "../train/train.test-helpers.js";
import { sampleGradient } from "../agent/sample-gradient.js";
import { tangentKernel } from "./tangent-kernel.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const rows = (...all: number[][]): Float32Array[] => all.map((row) => Float32Array.from(row));

test("the kernel of orthogonal, opposed and equal gradients, by hand", () => {
  const orthogonal = tangentKernel(rows([3, 0, 0], [0, 4, 0], [0, 0, 5]))!;
  expect(orthogonal.diagonalMean).toBeCloseTo(50 / 3, 12);
  expect(orthogonal).toMatchObject({ offDiagonalMean: 0, positiveShare: 0, negativeShare: 0 });
  expect(orthogonal).toMatchObject({ effectiveRank: 3, largestShare: 0.5 });
  // Products: 4, −2 and −2 beside squares 4, 4 and 1.
  const aligned = tangentKernel(rows([2, 0], [2, 0], [-1, 0]))!;
  expect(aligned).toMatchObject({ diagonalMean: 3, offDiagonalMean: 0, effectiveRank: 1 });
  expect(aligned.positiveShare).toBeCloseTo(1 / 3, 12);
  expect(aligned.negativeShare).toBeCloseTo(2 / 3, 12);
  expect(aligned.diagonalSpread).toBeCloseTo(Math.SQRT2, 12);
  expect(aligned.largestShare).toBeCloseTo(1, 9);
});

test("gradients that are not finite, or all zero, have no kernel", () => {
  expect(tangentKernel(rows([1, Number.NaN], [1, 2]))).toBeNull();
  expect(tangentKernel(rows([0, 0], [0, 0]))).toBeNull();
});

test("a kernel's column is how all losses change along one sample's gradient", async () => {
  const config = smallConfig({ loss: "squared", denseUnits: 8, learningRate: 1e-30 });
  const compute = { executor: "auto", threads: 1 } as const;
  const open = (saved?: SavedAgent) =>
    openAgent(config, { key: key(3), compute, ...(saved === undefined ? {} : { saved }) });
  const batch = randomBatch(7);
  const agent = await open();
  const saved = await agent.save();
  const gradients: Float32Array[] = [];
  for (let sample = 0; sample < batchSize; sample++) {
    gradients.push(await sampleGradient(agent, batch, { sample, updates: 0 }));
  }
  await agent.dispose();
  /** Losses, by forward passes, with the parameters moved along a sample's gradient. */
  const lossesAt = async (sample: number, step: number): Promise<Float32Array> => {
    const moved = await open({ ...saved, params: along(saved.params, gradients[sample], step) });
    const losses = await moved.learn(batch, 0);
    await moved.dispose();
    return losses;
  };
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, k) => sum + value * b[k], 0);
  for (const sample of [0, 5]) {
    // Small beside the distance to where a unit falls silent, large beside rounding.
    const square = dot(gradients[sample], gradients[sample]);
    const step = 0.003 / square;
    const [above, below] = [await lossesAt(sample, step), await lossesAt(sample, -step)];
    gradients.forEach((gradient, other) => {
      const slope = (above[other] - below[other]) / (2 * step);
      expect(Math.abs(slope - dot(gradient, gradients[sample])) / square).toBeLessThan(0.002);
    });
  }
});

/** Parameters moved along a direction that lists them one array after another. */
function along<T>(params: T, direction: Float32Array, step: number): T {
  let from = 0;
  return mapTree<HostArray, HostArray>(params as Tree<HostArray>, isHostArray, (leaf) => {
    const data = (leaf.data as Float32Array).map((value, i) => value + step * direction[from + i]);
    from += data.length;
    return hostArray(data, leaf.shape);
  }) as T;
}
