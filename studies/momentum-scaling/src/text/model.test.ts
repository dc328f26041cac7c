import { hostArray, key, random, type HostArray } from "@quadrivium/core";
import { compile, dispose, grad, read, type np } from "@quadrivium/engine";
import { describe, expect, test } from "vitest";
import type { LaneBatch } from "./corpus/lane-source.js";
import {
  batchSpec,
  emptyMemory,
  initialParams,
  sequenceLoss,
  type Memory,
  type ModelParams,
} from "./model.js";
import { numParamsOf } from "./model-shape.js";
import { plainLoss } from "./plain-model.test-helpers.js";

const shape = { numSymbols: 5, width: 3, layers: 2 };
const lanes = { batchSize: 2, sequenceLength: 6 };

/** Every array of a tree, by path, in one order. */
function leavesOf(tree: unknown, path = ""): [string, HostArray][] {
  if (typeof tree === "object" && tree !== null && "data" in tree)
    return [[path, tree as HostArray]];
  return Object.entries(tree as object).flatMap(([name, child]) =>
    leavesOf(child, `${path}/${name}`),
  );
}

const asFloat64 = <T>(tree: T): T =>
  typeof tree === "object" && tree !== null && "data" in tree
    ? (hostArray(
        Float64Array.from((tree as unknown as HostArray<Float32Array>).data),
        (tree as unknown as HostArray).shape,
      ) as T)
    : (Object.fromEntries(
        Object.entries(tree as object).map(([name, child]) => [name, asFloat64(child)]),
      ) as T);

const ids = (seed: number, length: number): HostArray<Int32Array> =>
  random.randint(key(seed), [lanes.batchSize, length], { min: 0, max: shape.numSymbols });

type Args = readonly [ModelParams<np.Array>, Memory<np.Array>, LaneBatch<np.Array>];
const lossAlone = (...args: Args): np.Array => sequenceLoss(...args)[0];
const slopesOfLoss = grad(lossAlone) as unknown as (...args: Args) => ModelParams<np.Array>;

describe("the language model", () => {
  const params = initialParams(shape, key(1));

  test("has as many parameters as it says", () => {
    const count = leavesOf(params).reduce((sum, [, leaf]) => sum + leaf.data.length, 0);
    expect(numParamsOf(shape)).toBe(count);
  });

  test("has in float64 the loss and every slope of plain loops, to a relative 10⁻⁵", async () => {
    const exact: ModelParams<HostArray> = asFloat64(params);
    const memory: Memory<HostArray> = asFloat64(emptyMemory(shape, lanes.batchSize));
    const batch = { inputs: ids(2, 6), labels: ids(3, 6) };
    const options = { executor: "wasm" } as const;
    const args = [exact, memory, batch] as const;
    const loss = await compile(lossAlone, args, options);
    const slopes = await compile(slopesOfLoss, args, options);
    const [value, device] = [await loss.run(...args), await slopes.run(...args)];
    const gradient = new Map(leavesOf(await read(device)));
    const byLane = ({ data }: HostArray): number[][] =>
      [0, 6].map((from) => Array.from(data.slice(from, from + 6), Number));
    const plain = (): number => plainLoss(exact, byLane(batch.inputs), byLane(batch.labels));
    // WASM's exp errs by some 1e-8
    expect(Math.abs(Number((await value.read()).data[0]) - plain())).toBeLessThan(1e-7);
    for (const [path, { data }] of leavesOf(exact)) {
      const values = data as Float64Array;
      const differences = values.map((kept, at) => {
        const difference = (step: number): number => {
          values[at] = kept + step;
          const above = plain();
          values[at] = kept - step;
          const below = plain();
          values[at] = kept;
          return (above - below) / (2 * step);
        };
        // two steps together leave an error of the fourth power of the smaller
        return (4 * difference(1e-3) - difference(2e-3)) / 3;
      });
      const found = gradient.get(path)!.data;
      const error = Math.hypot(...differences.map((x, at) => x - Number(found[at])));
      expect({ path, isClose: error < 1e-5 * Math.hypot(...differences) }).toEqual({
        path,
        isClose: true,
      });
    }
    dispose(value);
    dispose(device);
    await Promise.all([loss.dispose(), slopes.dispose()]);
  });

  test("reads a text in two pieces, memory carried on, as in one", async () => {
    const [inputs, labels] = [ids(4, 12), ids(5, 12)];
    const half = (array: HostArray<Int32Array>, from: number): HostArray =>
      hostArray(
        Int32Array.of(
          ...array.data.slice(from, from + 6),
          ...array.data.slice(12 + from, 18 + from),
        ),
        [2, 6],
      );
    const memory = emptyMemory(shape, lanes.batchSize);
    const whole = await compile(sequenceLoss, [
      params,
      memory,
      batchSpec({ ...lanes, sequenceLength: 12 }),
    ]);
    const piece = await compile(sequenceLoss, [params, memory, batchSpec(lanes)]);
    const scalar = async (value: { read(): Promise<HostArray> }) =>
      Number((await value.read()).data[0]);
    const [loss, after] = await whole.run(params, memory, { inputs, labels });
    const [first, between] = await piece.run(params, memory, {
      inputs: half(inputs, 0),
      labels: half(labels, 0),
    });
    const [second, end] = await piece.run(params, between, {
      inputs: half(inputs, 6),
      labels: half(labels, 6),
    });
    expect(((await scalar(first)) + (await scalar(second))) / 2).toBeCloseTo(await scalar(loss), 6);
    const [one, two] = [leavesOf(await read(after)), leavesOf(await read(end))];
    one.forEach(([, leaf], index) => {
      leaf.data.forEach((value, i) => expect(two[index]![1].data[i]).toBeCloseTo(Number(value), 6));
    });
    for (const tree of [loss, after, first, between, second, end]) dispose(tree);
    await Promise.all([whole.dispose(), piece.dispose()]);
  });
});
