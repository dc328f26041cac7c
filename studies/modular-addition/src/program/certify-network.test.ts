import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { mlpNet, type MlpWeights } from "../pair-net/mlp.js";
import type { DenseMap } from "../pair-net/pair-net.js";
import { logitRows, pairGrid } from "../pair-net/pair-rows.js";
import { acrtNet } from "../planted/simple-neurons.js";
import { certifyNetwork } from "./certify-network.js";

const n = 5;
const stream = streamOf(key(9));
const floats = (length: number): Float64Array =>
  Float64Array.from({ length }, () => Math.fround(stream.normal()));
const dense = (inputs: number, outputs: number): DenseMap => ({
  inputs,
  outputs,
  weight: floats(inputs * outputs),
  bias: floats(outputs),
});
const weights: MlpWeights = {
  modulus: n,
  activation: "relu",
  combine: "concat",
  embeddings: [floats(n * 3)],
  first: dense(6, 4),
  hiddenLayers: [dense(4, 4)],
  readout: dense(4, n),
};

/** Binary places of the fixed-point numbers: products of four float32 numbers are exact. */
const places = 700n;

/** A double as a fixed-point number, without rounding. */
function exact(x: number): bigint {
  const scaled = x * 2 ** 200; // a power of two: exact
  return BigInt(scaled) << (places - 200n);
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> places;
const rectify = (x: bigint): bigint => (x > 0n ? x : 0n);

function exactMap({ outputs, weight, bias }: DenseMap, x: readonly bigint[]): bigint[] {
  return Array.from({ length: outputs }, (_, j) =>
    x.reduce((sum, value, k) => sum + times(exact(weight[k * outputs + j]), value), exact(bias[j])),
  );
}

function exactLogits(a: number, b: number): bigint[] {
  const [embedding] = weights.embeddings as readonly [Float64Array];
  const token = (t: number): bigint[] => Array.from(embedding.subarray(3 * t, 3 * t + 3), exact);
  const first = exactMap(weights.first, [...token(a), ...token(b)]).map(rectify);
  const second = exactMap(weights.hiddenLayers[0], first).map(rectify);
  return exactMap(weights.readout, second);
}

describe("certifyNetwork", () => {
  test("bounds the distance to logits in exact arithmetic, and not by much too much", () => {
    const net = mlpNet(weights);
    const grid = pairGrid(logitRows(net));
    const { errorBound } = certifyNetwork(net)!;
    let [largest, size] = [0, 0];
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        for (const [c, logit] of exactLogits(a, b).entries()) {
          const computed = grid[(a * n + b) * n + c];
          const gap = exact(computed) - logit;
          // in units of 2^-200, far below any rounding error
          largest = Math.max(largest, Math.abs(Number(gap >> (places - 200n))) / 2 ** 200);
          size = Math.max(size, Math.abs(computed));
        }
      }
    }
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(errorBound);
    expect(errorBound).toBeLessThan(1e-12 * size);
  });

  test("proves a planted network right, and none whose margin is within rounding or negative", () => {
    const planted = acrtNet(31, [3, 7, 11], { kind: "torus", points: 4 });
    expect(certifyNetwork(planted)).toMatchObject({ proved: true });
    const withReadout = (change: Partial<DenseMap>) =>
      certifyNetwork({ ...planted, readout: { ...planted.readout, ...change } })!;

    // class 0 is lifted until it just ties with the right one of some pair
    const grid = pairGrid(logitRows(planted));
    let lift = Infinity;
    for (let pair = 0; pair < 31 ** 2; pair++) {
      const right = (Math.floor(pair / 31) + (pair % 31)) % 31;
      if (right !== 0) lift = Math.min(lift, grid[pair * 31 + right] - grid[pair * 31]);
    }
    const tied = withReadout({ bias: planted.readout.bias.with(0, lift) });
    expect(Math.abs(tied.marginMin)).toBeLessThan(1e-13);
    expect(tied.proved).toBe(false);

    const negative = withReadout({ weight: planted.readout.weight.map((x) => -x) });
    expect(negative.marginMin).toBeLessThan(0);
    expect(negative.proved).toBe(false);
    const broken = withReadout({ weight: planted.readout.weight.with(0, Number.NaN) });
    expect(broken.proved).toBe(false);
  });

  test("says nothing of networks whose values are no elementary sums", () => {
    expect(certifyNetwork({ ...mlpNet(weights), activation: "gelu" })).toBeNull();
  });
});
