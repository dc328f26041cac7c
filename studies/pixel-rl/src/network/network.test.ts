import { flattenTree, hostArray, isHostArray, key, sizeOf, type HostArray } from "@quadrivium/core";
import { compile, dispose, grad, liveArrayCount, read, type np } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { makeBottleneck } from "./bottleneck/make-bottleneck.js";
import { bottleneckNames, type BottleneckOptions } from "./bottleneck/bottleneck.js";
import { costsOf } from "./costs.js";
import { tokenKinds } from "./bottleneck/map-tokens.js";
import { withCoordinates } from "./coordinates.js";
import { encoderNames } from "./encoders.js";
import { applyNetwork, initNetwork, makeNetwork, type NetworkOptions } from "./network.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const base: NetworkOptions = {
  encoder: "impala",
  width: 1,
  depth: 1,
  padding: "SAME",
  bottleneck: "flatten",
  hidden: 8,
  poolSize: 2,
  tokens: "per-conv",
  numExperts: 2,
  coordinates: false,
  numActions: 6,
  numAtoms: 1,
  dueling: false,
  noisy: false,
};

const numElements = (tree: Parameters<typeof flattenTree<HostArray>>[0]): number =>
  flattenTree(tree, isHostArray).reduce((sum, { leaf }) => sum + sizeOf(leaf.shape), 0);

describe("costsOf", () => {
  const variants = [
    ...encoderNames.map((encoder) => ({ encoder })),
    ...bottleneckNames.map((bottleneck) => ({ bottleneck })),
    ...bottleneckNames.map((bottleneck) => ({ bottleneck, noisy: true })),
    ...tokenKinds.map((tokens) => ({ bottleneck: "tokens-mean", tokens }) as const),
    ...tokenKinds.map((tokens) => ({ bottleneck: "soft-moe", tokens }) as const),
    { coordinates: true },
    { dueling: true, numAtoms: 5 },
    { noisy: true, dueling: true },
    { depth: 2, width: 2 },
  ];
  test.each(variants)("counts the parameters that %o makes", (variant) => {
    const network = makeNetwork({ ...base, ...variant }, { height: 20, width: 20, channels: 3 });
    const params = initNetwork(key(0), network);
    const costs = costsOf(network);
    expect(numElements(params.encoder)).toBe(costs.encoderParams);
    expect(numElements(params.bottleneck)).toBe(costs.bottleneckParams);
    expect(numElements(params.head)).toBe(costs.headParams);
  });

  // Impala ×1 at 84×84×4 leaves 11×11×32; 512 units. By hand, biases included.
  test.each([
    [{ bottleneck: "flatten" }, 11 * 11 * 32 * 512 + 512],
    [{ bottleneck: "gap" }, 16_896],
    [{ bottleneck: "attention" }, 32 + 16_896],
    [{ bottleneck: "hadamard" }, 2 * 1_982_976],
    [{ bottleneck: "tokens-mean" }, 16_896],
    [{ bottleneck: "tokens-sum", tokens: "per-patch" }, 16_896],
    [{ bottleneck: "tokens-mean", tokens: "per-feature" }, 121 * 512 + 512],
    [{ bottleneck: "soft-moe", numExperts: 1 }, 32 * 121 + 2 * 32 * 512 + 512 + 32],
    [{ bottleneck: "soft-moe", numExperts: 4, tokens: "per-patch" }, 32 * 16 + 4 * (32_768 + 544)],
  ] as const)("counts Impala's bottleneck on Atari's images: %o", (options, expected) => {
    const network = makeNetwork(
      { ...base, depth: 1, hidden: 512, ...options },
      { height: 84, width: 84, channels: 4 },
    );
    expect(costsOf(network).bottleneckParams).toBe(expected);
    expect(costsOf(network).encoderParams).toBe(97_744);
  });

  test("coordinates add two input channels and nothing else", () => {
    const input = { height: 10, width: 10, channels: 4 };
    const [without, using] = [false, true].map((coordinates) =>
      costsOf(makeNetwork({ ...base, coordinates }, input)),
    );
    expect(using.encoderParams - without.encoderParams).toBe(2 * 3 * 3 * 16);
    expect(using.bottleneckParams).toBe(without.bottleneckParams);
  });
});

const shape = { height: 3, width: 4, channels: 2 };
const batch = 2;

/** Unremarkable numbers that no two entries share. */
const wave = (size: number, phase: number): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => Math.sin(1.37 * i + phase) + 0.01 * i);

// Values apart from each other by 0.1 or more, so that a small step changes no maximum.
const map = hostArray(
  Float32Array.from({ length: 48 }, (_, i) => 0.1 * ((29 * i) % 48) - 2),
  [batch, 2, 3, 4],
);
const style = { noisy: false, start: "glorot-uniform" } as const;

/** A bottleneck's features of a map, and the gradient of a weighted sum of them to the map. */
async function through(options: Partial<BottleneckOptions>, given: HostArray, params?: unknown) {
  const bottleneck = makeBottleneck(
    shape,
    {
      bottleneck: "flatten",
      hidden: 5,
      poolSize: 2,
      tokens: "per-conv",
      numExperts: 2,
      ...options,
    },
    style,
  );
  const weights = hostArray(wave(batch * bottleneck.numFeatures, 2), [
    batch,
    bottleneck.numFeatures,
  ]);
  const tree = (params ?? bottleneck.init(key(4))) as HostArray;
  const features = (map: np.Array, tree: np.Array): np.Array =>
    bottleneck.apply(tree, map, { observe: () => {} });
  const program = await compile(
    (map: np.Array, tree: np.Array, weights: np.Array) => ({
      features: features(map, tree),
      slope: grad((map: np.Array) => features(map, tree).mul(weights.ref).sum())(map.ref),
    }),
    [given, tree, weights] as const,
  );
  const result = await program.run(given, tree, weights);
  const out = await read(result);
  dispose(result);
  await program.dispose();
  return {
    params: tree,
    weights: weights.data as Float32Array,
    features: Float64Array.from(out.features.data as Float32Array),
    slope: Float64Array.from(out.slope.data as Float32Array),
  };
}

const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>, digits = 5): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(a[i]).toBeCloseTo(b[i], digits);
};

/** The map with its places in another order, the same for all channels. */
function permuted(given: HostArray, order: (place: number) => number): HostArray {
  const data = Float32Array.from(
    given.data as Float32Array,
    (_, i) => (given.data as Float32Array)[i - (i % 12) + order(i % 12)],
  );
  return hostArray(data, given.shape);
}

describe("bottlenecks", () => {
  test.each([
    ...bottleneckNames.map((bottleneck) => ({ bottleneck })),
    { bottleneck: "tokens-mean", tokens: "per-feature" },
    { bottleneck: "soft-moe", tokens: "per-patch" },
  ] as const)("%o has the slope of finite differences", async (options) => {
    const { params, weights, slope } = await through(options, map);
    const at = async (index: number, step: number): Promise<number> => {
      const data = (map.data as Float32Array).slice();
      data[index] += step;
      const { features } = await through(options, hostArray(data, map.shape), params);
      return features.reduce((sum, value, i) => sum + value * weights[i], 0);
    };
    // Float32 sums leave differences about 1e-3 of the largest slope.
    const largest = Math.max(...slope.map(Math.abs));
    for (const index of [0, 7, 13, 30, 47]) {
      const difference = ((await at(index, 0.01)) - (await at(index, -0.01))) / 0.02;
      expect(Math.abs(difference - slope[index])).toBeLessThan(4e-3 * largest);
    }
  });

  test("gap: the gradient is the same at every place of a channel", async () => {
    const { slope } = await through({ bottleneck: "gap" }, map);
    for (let i = 0; i < slope.length; i++) expect(slope[i]).toBe(slope[i - (i % 12)]);
    expect(Math.max(...slope.map(Math.abs))).toBeGreaterThan(0);
  });

  test("gap, max, attention and token pools do not see where things are; flatten does", async () => {
    const shuffled = permuted(map, (place) => (5 * place + 3) % 12);
    for (const bottleneck of ["gap", "max", "attention", "tokens-mean", "tokens-sum"] as const) {
      const [a, b] = [await through({ bottleneck }, map), await through({ bottleneck }, shuffled)];
      expectClose(a.features, b.features);
    }
    const [a, b] = [await through({}, map), await through({}, shuffled)];
    expect(Math.max(...a.features.map((x, i) => Math.abs(x - b.features[i])))).toBeGreaterThan(0.1);
  });

  test("a 1×1 pool is the global average", async () => {
    const gap = await through({ bottleneck: "gap" }, map);
    const pool = await through({ bottleneck: "pool", poolSize: 1 }, map, gap.params);
    expectClose(pool.features, gap.features);
  });

  test("attention with a query of nothing is the global average", async () => {
    const gap = await through({ bottleneck: "gap" }, map);
    const indifferent = {
      ...(gap.params as object),
      query: hostArray(new Float32Array(2), [2, 1]),
    };
    const attention = await through({ bottleneck: "attention" }, map, indifferent);
    expectClose(attention.features, gap.features);
    const drawn = await through({ bottleneck: "attention" }, map);
    const { hidden } = drawn.params as unknown as { readonly hidden: HostArray };
    const plain = await through({ bottleneck: "gap" }, map, { hidden });
    expect(
      Math.max(...plain.features.map((x, i) => Math.abs(x - drawn.features[i]))),
    ).toBeGreaterThan(0.1);
  });

  test("attention with a sharp query picks the place that it is most alike to", async () => {
    const gap = await through({ bottleneck: "gap" }, map);
    const query = hostArray(Float32Array.of(1e4, 0), [2, 1]);
    const params = { ...(gap.params as object), query };
    const { features } = await through({ bottleneck: "attention" }, map, params);
    // Of each image all places are replaced by the one where channel 0 is largest.
    const values = map.data as Float32Array;
    const picked = Float32Array.from(values, (_, i) => {
      const image = i - (i % 24);
      const first = values.subarray(image, image + 12);
      return values[image + (i % 24 < 12 ? 0 : 12) + first.indexOf(Math.max(...first))];
    });
    const expected = await through({ bottleneck: "gap" }, hostArray(picked, map.shape), gap.params);
    expectClose(features, expected.features, 4);
  });

  test("hadamard is the product of two dense layers' hyperbolic tangents", async () => {
    const { params, features } = await through({ bottleneck: "hadamard" }, map);
    const layers = params as unknown as { readonly [name: string]: { readonly kernel: HostArray } };
    const values = map.data as Float32Array;
    const unit = (name: string, image: number, index: number): number => {
      const kernel = layers[name].kernel.data as Float32Array;
      let sum = 0;
      for (let i = 0; i < 24; i++) sum += values[image * 24 + i] * kernel[i * 5 + index];
      return Math.tanh(sum);
    };
    features.forEach((value, i) => {
      const [image, index] = [Math.floor(i / 5), i % 5];
      expect(value).toBeCloseTo(unit("hidden", image, index) * unit("factor", image, index), 5);
    });
  });

  test("tokens per patch are means over 3×3 places; the last column is a patch of its own", async () => {
    const tokens = await through({ bottleneck: "tokens-sum", tokens: "per-patch" }, map);
    // A 3×4 map has patches of 3×3 and of 3×1 places: constant there, places hold the token itself.
    const values = map.data as Float32Array;
    const columns = (from: number, end: number): HostArray =>
      hostArray(
        Float32Array.from(values, (_, i) => {
          const channel = i - (i % 12);
          const inside = [...values.subarray(channel, channel + 12)].filter(
            (_, place) => place % 4 >= from && place % 4 < end,
          );
          return inside.reduce((sum, x) => sum + x, 0) / inside.length;
        }),
        map.shape,
      );
    const [a, b] = [
      await through({ bottleneck: "gap" }, columns(0, 3), tokens.params),
      await through({ bottleneck: "gap" }, columns(3, 4), tokens.params),
    ];
    expectClose(
      tokens.features,
      a.features.map((x, i) => x + b.features[i]),
    );
  });

  test("tokens per feature keep places apart and forget which channel was which", async () => {
    const swapped = Float32Array.from(map.data as Float32Array, (_, i) => {
      const image = i - (i % 24);
      return (map.data as Float32Array)[image + ((i + 12) % 24)];
    });
    const options = { bottleneck: "tokens-mean", tokens: "per-feature" } as const;
    const a = await through(options, map);
    const b = await through(options, hostArray(swapped, map.shape), a.params);
    expectClose(a.features, b.features);
    const shuffled = await through(
      options,
      permuted(map, (place) => (5 * place + 3) % 12),
      a.params,
    );
    expect(
      Math.max(...a.features.map((x, i) => Math.abs(x - shuffled.features[i]))),
    ).toBeGreaterThan(0.05);
  });

  test("max is the largest value of each channel before the dense layer", async () => {
    const peaks = hostArray(
      Float32Array.from(map.data as Float32Array, (_, i) =>
        Math.max(...(map.data as Float32Array).subarray(i - (i % 12), i - (i % 12) + 12)),
      ),
      map.shape,
    );
    const max = await through({ bottleneck: "max" }, map);
    // The average of a map that is constant on each channel is that constant.
    expectClose(max.features, (await through({ bottleneck: "gap" }, peaks, max.params)).features);
  });

  test("mean of tokens is the global average where the ReLU cuts nothing", async () => {
    const tokens = await through({ bottleneck: "tokens-mean" }, map);
    const { hidden } = tokens.params as unknown as {
      readonly hidden: { readonly kernel: HostArray; readonly bias: HostArray };
    };
    const bias = hostArray(new Float32Array(5).fill(100), [5]);
    const positive = { hidden: { kernel: hidden.kernel, bias } };
    const a = await through({ bottleneck: "tokens-mean" }, map, positive);
    const b = await through({ bottleneck: "gap" }, map, positive);
    expectClose(a.features, b.features, 3);
    const c = await through({ bottleneck: "gap" }, map, tokens.params);
    expect(c.features).not.toEqual(tokens.features);
  });

  test("sum of tokens is their mean times their number", async () => {
    const mean = await through({ bottleneck: "tokens-mean" }, map);
    const sum = await through({ bottleneck: "tokens-sum" }, map, mean.params);
    expectClose(
      sum.features,
      mean.features.map((x) => 12 * x),
      4,
    );
  });

  test("soft-moe whose slots read all tokens alike gives every token one answer", async () => {
    const moe = await through({ bottleneck: "soft-moe", numExperts: 1 }, map);
    const weights = moe.params as unknown as { readonly [name: string]: HostArray };
    const indifferent = { ...weights, slots: hostArray(new Float32Array(24), [2, 12]) };
    const { features } = await through({ bottleneck: "soft-moe", numExperts: 1 }, map, indifferent);
    const shuffled = permuted(map, (place) => 11 - place);
    expectClose(
      (await through({ bottleneck: "soft-moe", numExperts: 1 }, shuffled, indifferent)).features,
      features,
    );
    // [batch, tokens, channels]: all tokens of an image are equal.
    for (let i = 0; i < features.length; i++) {
      expect(features[i]).toBeCloseTo(features[i - (i % 24) + (i % 2)], 5);
    }
  });
});

describe("applyNetwork", () => {
  test("coordinates let the encoder tell places of a blank image apart, from −1 to 1", async () => {
    const images = hostArray(new Float32Array(24), [2, 1, 3, 4]);
    const program = await compile((images: np.Array) => withCoordinates(images), [images] as const);
    const result = await program.run(images);
    const { data, shape } = await read(result);
    dispose(result);
    await program.dispose();
    expect(shape).toEqual([2, 3, 3, 4]);
    const third = 1 / 3;
    const rows = [-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1];
    const columns = [-1, -third, third, 1, -1, -third, third, 1, -1, -third, third, 1];
    const image = [...new Float32Array(12), ...rows, ...columns];
    expectClose(data as Float32Array, [...image, ...image]);
  });

  test("a dueling head's advantages have mean 0: shifting them changes nothing", async () => {
    const network = makeNetwork(
      { ...base, encoder: "shallow", dueling: true },
      { height: 4, width: 4, channels: 2 },
    );
    const params = initNetwork(key(1), network);
    const head = params.head as { readonly [name: string]: { kernel: HostArray; bias: HostArray } };
    const lifted = hostArray(new Float32Array(6).fill(7), [6]);
    const other = {
      ...params,
      head: { ...head, advantage: { ...head.advantage, bias: lifted } },
    };
    const images = hostArray(wave(32, 0), [1, 2, 4, 4]);
    const program = await compile(
      (tree: np.Array, images: np.Array) => applyNetwork(network, tree as never, images).outputs,
      [params as never as HostArray, images] as const,
    );
    const values: Float32Array[] = [];
    for (const tree of [params, other]) {
      const result = await program.run(tree as never as HostArray, images);
      values.push((await read(result)).data as Float32Array);
      dispose(result);
    }
    await program.dispose();
    expectClose(values[1], values[0], 4);
    expect(values[0].length).toBe(6);
  });
});
