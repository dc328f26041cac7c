import { hostArray, key, random, type HostArray } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { trainingConfig } from "../config.js";
import { networkTask } from "../data.js";
import { digestOf, pairNetOf } from "./digest.js";
import { initialParameters } from "../initialize.js";
import { logitRows } from "../pair-net/pair-rows.js";
import type { Parameters } from "../parameters.js";
import { referenceLogits, toFloat64 } from "../reference.test-helpers.js";

/** A one-hot network of ideal simple neurons: nine phases for each frequency, φ_out = φ_a + φ_b. */
function idealNetwork(modulus: number, frequencies: readonly number[]): Parameters<HostArray> {
  const phases = [0, 1, 2].map((third) => (2 * Math.PI * third) / 3);
  const neurons = frequencies.flatMap((f) =>
    phases.flatMap((a) => phases.map((b) => ({ f, a, b }))),
  );
  const wave = (f: number, x: number, phase: number): number =>
    Math.cos((2 * Math.PI * f * x) / modulus + phase);
  const table = (read: (token: number, neuron: (typeof neurons)[number]) => number): number[] =>
    Array.from({ length: modulus }, (_, token) =>
      neurons.map((neuron) => read(token, neuron)),
    ).flat();
  const kernel = [
    ...table((token, { f, a }) => wave(f, token, a)),
    ...table((token, { f, b }) => wave(f, token, b)),
  ];
  const output = neurons.flatMap(({ f, a, b }) =>
    Array.from({ length: modulus }, (_, c) => wave(f, c, a + b)),
  );
  return {
    "hidden_0/kernel": hostArray(Float32Array.from(kernel), [2 * modulus, neurons.length]),
    "hidden_0/bias": hostArray(new Float32Array(neurons.length), [neurons.length]),
    "output/kernel": hostArray(Float32Array.from(output), [neurons.length, modulus]),
    "output/bias": hostArray(new Float32Array(modulus), [modulus]),
  };
}

describe("pairNetOf", () => {
  test.each([
    { embedding: "one-hot", combine: "concat", hiddenLayers: 1 },
    { embedding: "shared", combine: "add", hiddenLayers: 2 },
    { embedding: "separate", combine: "concat", hiddenLayers: 3, activation: "abs" },
    { embedding: "one-hot", combine: "concat", hiddenLayers: 4 },
  ])("computes the network's own logits: %j", (set) => {
    const config = trainingConfig.parse({ modulus: 7, width: 10, embeddingDim: 4, ...set });
    const start = initialParameters(config, key(1));
    const params = Object.fromEntries(
      Object.entries(start).map(([name, { shape, data }], index) => [
        name,
        shape.length > 1
          ? hostArray(data, shape)
          : random.normal(key(index), shape, { dtype: "float32" }),
      ]),
    );
    const rows = logitRows(pairNetOf(config, params));
    const row = new Float64Array(7 * 7);
    rows.fill(3, row);
    for (let b = 0; b < 7; b++) {
      const reference = referenceLogits(config, toFloat64(params), 3, b);
      for (let c = 0; c < 7; c++) expect(row[b * 7 + c]).toBeCloseTo(reference[c], 10);
    }
  });
});

describe("digestOf", () => {
  test("confirms a network of ideal simple neurons, and finds its frequencies", () => {
    const params = idealNetwork(59, [5, 1, 24]);
    const config = trainingConfig.parse({ embedding: "one-hot", width: 27 });
    const digest = digestOf(config, params, networkTask(config, key(0)));
    expect(digest.verdict.label).toBe("aCRT-CONFIRMED");
    expect(digest.clusters.map(({ frequency, size }) => [frequency, size])).toEqual([
      [1, 9],
      [5, 9],
      [24, 9],
    ]);
    expect(digest).toMatchObject({ remappedToOne: 1, isProved: true });
    expect(digest.agreement.s1).toBe(1);
  });

  test("does not confirm a network at its initialization", () => {
    const config = trainingConfig.parse({ modulus: 13, width: 32 });
    const task = networkTask(config, key(0));
    const digest = digestOf(config, initialParameters(config, task.key), task);
    expect(digest.verdict.label).toBe("NOT-SOLVED");
    expect(digest.r1Weighted).toBeLessThan(0.5);
  });
});
