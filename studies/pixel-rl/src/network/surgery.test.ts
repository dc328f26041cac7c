import { hostArray, key, type HostArray } from "@quadrivium/core";
import { compile, dispose, liveArrayCount, read, type np } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { bottleneckAnatomy } from "../diagnostics/bottleneck-anatomy.js";
import { translationSensitivity } from "../diagnostics/translation.js";
import { networkOf } from "../config.js";
import { smallConfig } from "../train/train.test-helpers.js";
import { applyToMap, initNetwork, type NetworkParams } from "./network.js";
import { flattenedToPooled, pooledToFlattened } from "./surgery.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const configs = {
  flatten: smallConfig({ encoder: "shallow", bottleneck: "flatten" }),
  gap: smallConfig({ encoder: "shallow", bottleneck: "gap" }),
};
const networks = { flatten: networkOf(configs.flatten), gap: networkOf(configs.gap) };
const { map } = networks.flatten;
const places = map.height * map.width;

/** Action values of a map. */
async function valuesOf(
  kind: "flatten" | "gap",
  params: NetworkParams<HostArray>,
  data: Float32Array,
): Promise<Float32Array> {
  const given = hostArray(data, [1, map.channels, map.height, map.width]);
  const program = await compile(
    (tree: np.Array, map: np.Array) =>
      applyToMap(networks[kind], tree as unknown as NetworkParams<np.Array>, map).outputs,
    [params as unknown as HostArray, given] as const,
  );
  const result = await program.run(params as unknown as HostArray, given);
  const values = (await read(result)).data as Float32Array;
  dispose(result);
  await program.dispose();
  return values;
}

const wave = Float32Array.from({ length: map.channels * places }, (_, i) => Math.sin(1.3 * i) + 1);
/** The same at every place of a channel. */
const level = wave.map((_, i) => wave[Math.floor(i / places)]);
const distance = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((x, i) => Math.abs(x - b[i])));

describe("surgery", () => {
  test("a flattened network made a pooled one agrees on level maps, and not on others", async () => {
    const params = initNetwork(key(2), networks.flatten);
    const pooled = flattenedToPooled(params, map);
    const before = await valuesOf("flatten", params, level);
    expect(distance(before, await valuesOf("gap", pooled, level))).toBeLessThan(1e-4);
    const uneven = await valuesOf("flatten", params, wave);
    expect(distance(uneven, await valuesOf("gap", pooled, wave))).toBeGreaterThan(0.01);
  });

  test("a pooled network made a flattened one agrees everywhere, and comes back", async () => {
    const params = initNetwork(key(3), networks.gap);
    const flat = pooledToFlattened(params, map);
    const before = await valuesOf("gap", params, wave);
    expect(distance(before, await valuesOf("flatten", flat, wave))).toBeLessThan(1e-4);
    const back = flattenedToPooled(flat, map);
    expect(distance(before, await valuesOf("gap", back, wave))).toBeLessThan(1e-4);
  });

  test("refuses another bottleneck", () => {
    const params = initNetwork(key(3), networks.gap);
    expect(() => flattenedToPooled(params, map)).toThrow(
      /one dense layer of 1600 inputs.*16 inputs/,
    );
  });
});

describe("bottleneckAnatomy", () => {
  test("weights that do not depend on the place lose nothing and are aligned", () => {
    // Two channels, three places, two units.
    const kernel = [1, 2, 1, 2, 1, 2, -3, 0, -3, 0, -3, 0];
    const anatomy = bottleneckAnatomy(kernel, { places: 3, units: 2 });
    anatomy.energyByPlace.forEach((energy) => expect(energy).toBeCloseTo(Math.sqrt(14), 12));
    expect(anatomy.placeAlignment).toBeCloseTo(1, 12);
    expect(anatomy.lostByPooling).toBeCloseTo(0, 12);
    expect(anatomy.effectiveRank).toBe(2);
  });

  test("weights that cancel over places lose all", () => {
    const anatomy = bottleneckAnatomy([2, -2], { places: 2, units: 1 });
    expect(anatomy).toEqual({
      energyByPlace: [2, 2],
      placeAlignment: -1,
      lostByPooling: 1,
      effectiveRank: 1,
    });
  });

  test("orthogonal places are not aligned, and lose half", () => {
    // One channel, two places, two units: (3, 0) and (0, 3).
    const anatomy = bottleneckAnatomy([3, 0, 0, 3], { places: 2, units: 2 });
    expect(anatomy.placeAlignment).toBeCloseTo(0, 12);
    expect(anatomy.lostByPooling).toBeCloseTo(0.5, 12);
  });
});

test("translationSensitivity is nothing where values do not see places, and by hand where they do", async () => {
  const shape = { channels: 1, height: 1, width: 3 };
  const image = Float32Array.of(1, 0, 0);
  const blind = await translationSensitivity([image], shape, {
    reach: 1,
    valuesOf: async () => [1, 2],
  });
  expect(blind).toEqual(Array.from({ length: 9 }, () => 0));
  const seeing = await translationSensitivity([image], shape, {
    reach: 1,
    valuesOf: async (x) => [x[1], 0],
  });
  // Moved right the border repeats: (1, 1, 0), so that the first value becomes 1: twice σ(1) − ½.
  const change = 2 * (1 / (1 + Math.exp(-1)) - 0.5);
  [0, 0, change].forEach((value, i) => {
    for (const row of [0, 1, 2]) expect(seeing[3 * row + i]).toBeCloseTo(value, 12);
  });
});
