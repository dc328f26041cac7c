import { hostArray, key, random, type HostArray } from "@quadrivium/core";
import { compile, dispose, liveArrayCount, read, valueAndGrad, type np } from "@quadrivium/engine";
import { describe, expect, test } from "vitest";
import { trainingConfig, type TrainingConfig } from "./config.js";
import { initialParameters } from "./initialize.js";
import { batchObjective, crossEntropy, gridObjective } from "./objective.js";
import type { Parameters } from "./parameters.js";
import { referenceObjective, toFloat64 } from "./reference.test-helpers.js";

const modulus = 5;
const allPairs = Array.from(
  { length: modulus ** 2 },
  (_, pair) => [Math.floor(pair / modulus), pair % modulus] as const,
);
const sumOf = ([a, b]: readonly [number, number]): number => (a + b) % modulus;

/** Random parameters of a tiny network, biases included. */
function randomParameters(config: TrainingConfig): Parameters<HostArray> {
  const start = initialParameters(config, key(1));
  return Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }], index) =>
      shape.length > 1
        ? [name, hostArray(data, shape)]
        : [name, random.normal(key(100 + index), shape, { dtype: "float32" })],
    ),
  );
}

/** Central differences of the float64 reference, one number at a time. */
function finiteDifferences(
  config: TrainingConfig,
  params: Parameters<HostArray>,
  pairs: readonly (readonly [number, number])[],
): Parameters<Float64Array> {
  const point = toFloat64(params);
  const labels = pairs.map(sumOf);
  const step = 1e-6;
  const slope = (data: Float64Array, at: number): number => {
    const kept = data[at];
    data[at] = kept + step;
    const above = referenceObjective(config, point, pairs, labels);
    data[at] = kept - step;
    const below = referenceObjective(config, point, pairs, labels);
    data[at] = kept;
    return (above - below) / (2 * step);
  };
  return Object.fromEntries(
    Object.entries(point).map(([name, { data }]) => [
      name,
      Float64Array.from(data, (_, at) => slope(data, at)),
    ]),
  );
}

/** ‖gradient − reference‖ / ‖reference‖, the worst over the parameters. */
function worstError(grads: Parameters<HostArray>, reference: Parameters<Float64Array>): number {
  const errors = Object.entries(reference).map(([name, slopes]) => {
    const { data } = grads[name];
    const difference = Math.hypot(...slopes.map((slope, at) => slope - Number(data[at])));
    return difference / Math.hypot(...slopes);
  });
  return Math.max(...errors);
}

const architectures = [
  { embedding: "one-hot", combine: "concat", hiddenLayers: 1, activation: "relu" },
  { embedding: "one-hot", combine: "add", hiddenLayers: 2, activation: "relu" },
  { embedding: "shared", combine: "concat", hiddenLayers: 1, activation: "relu" },
  { embedding: "shared", combine: "add", hiddenLayers: 1, activation: "square" },
  { embedding: "separate", combine: "concat", hiddenLayers: 3, activation: "relu" },
  { embedding: "separate", combine: "add", hiddenLayers: 1, activation: "abs" },
  { embedding: "shared", combine: "concat", hiddenLayers: 4, activation: "relu" },
] as const;
const optimizers = [
  { optimizer: "adamw", weightDecay: 1 },
  { optimizer: "adam-l2", weightDecay: 0.01 },
] as const;
const configs = architectures.flatMap((architecture) =>
  optimizers.map((optimizer) =>
    trainingConfig.parse({ modulus, width: 6, embeddingDim: 4, ...architecture, ...optimizer }),
  ),
);

describe("gridObjective", () => {
  test.each(configs)(
    "has the gradient of finite differences in float64: $embedding $combine L=$hiddenLayers $activation $optimizer",
    async (config) => {
      const trained = allPairs.filter((_, pair) => pair % 4 !== 3);
      const targets = new Float32Array(modulus ** 3);
      allPairs.forEach((pair, at) => (targets[at * modulus + sumOf(pair)] = 1));
      const weights = Float32Array.from(allPairs, (_, pair) =>
        pair % 4 === 3 ? 0 : 1 / trained.length,
      );
      const params = randomParameters(config);
      const args = [
        params,
        hostArray(targets, [modulus ** 2, modulus]),
        hostArray(weights, [modulus ** 2]),
      ] as const;
      const program = await compile(
        (p: Parameters<np.Array>, t: np.Array, w: np.Array) =>
          valueAndGrad(gridObjective(config))(p, t.ref, w.ref)[1],
        args,
        { executor: "wasm" },
      );
      const grads = await program.run(...args);
      const error = worstError(await read(grads), finiteDifferences(config, params, trained));
      dispose(grads);
      await program.dispose();
      expect(error).toBeLessThan(1e-5);
    },
  );
});

describe("batchObjective", () => {
  test.each(configs)(
    "has the gradient of finite differences in float64: $embedding $combine L=$hiddenLayers $activation $optimizer",
    async (config) => {
      const batch = [0, 7, 7, 13, 24, 3].map((pair) => allPairs[pair]);
      const column = (values: readonly number[]): HostArray =>
        hostArray(Int32Array.from(values), [values.length]);
      const params = randomParameters(config);
      const args = [
        params,
        column(batch.map(([a]) => a)),
        column(batch.map(([, b]) => b)),
        column(batch.map(sumOf)),
      ] as const;
      const program = await compile(
        (p: Parameters<np.Array>, a: np.Array, b: np.Array, c: np.Array) =>
          valueAndGrad(batchObjective(config))(p, a.ref, b.ref, c.ref)[1],
        args,
        { executor: "wasm" },
      );
      const grads = await program.run(...args);
      const error = worstError(await read(grads), finiteDifferences(config, params, batch));
      dispose(grads);
      await program.dispose();
      expect(error).toBeLessThan(1e-5);
    },
  );
});

describe("crossEntropy", () => {
  test("keeps its gradient where the usual softmax has none left in float32", async () => {
    const logits = hostArray(Float32Array.of(60, 0, 1), [1, 3]);
    const targets = hostArray(Float32Array.of(1, 0, 0), [1, 3]);
    const weights = hostArray(Float32Array.of(1), [1]);
    const program = await compile(
      (z: np.Array, y: np.Array, w: np.Array) => valueAndGrad(crossEntropy)(z, y.ref, w.ref)[1],
      [logits, targets, weights],
      { executor: "wasm" },
    );
    const grads = await program.run(logits, targets, weights);
    const [right, ...wrong] = (await grads.read()).data as Float32Array;
    dispose(grads);
    await program.dispose();
    const expected = [Math.exp(-60), Math.exp(-59)];
    expect(wrong[0] / expected[0]).toBeCloseTo(1, 5);
    expect(wrong[1] / expected[1]).toBeCloseTo(1, 5);
    expect(right / -(expected[0] + expected[1])).toBeCloseTo(1, 5);
  });

  test("does not overflow where the right class is far behind", async () => {
    const logits = hostArray(Float32Array.of(-200, 0, 100), [1, 3]);
    const targets = hostArray(Float32Array.of(1, 0, 0), [1, 3]);
    const weights = hostArray(Float32Array.of(1), [1]);
    const program = await compile(crossEntropy, [logits, targets, weights], { executor: "wasm" });
    const loss = await program.run(logits, targets, weights);
    expect((await loss.read()).data[0]).toBe(300);
    dispose(loss);
    await program.dispose();
  });
});

test("no engine array is left alive", () => {
  expect(liveArrayCount()).toBe(0);
});
