import { hostArray, sizeOf, type HostArray } from "@quadrivium/core";
import * as runtime from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { compile, grad, lax, np, vmap, type Array as Traced } from "../../index.js";
import { as, evaluate, expectClose, expectParity, uniform } from "../../parity.test-helpers.js";
import { convolveByDefinition, type ConvGeometry } from "./convolution.test-helpers.js";

type Pairs = readonly (readonly [number, number])[];

/** A convolution with the shapes it is tried on. */
interface ConvCase extends ConvGeometry {
  readonly name: string;
  readonly input: readonly number[];
  readonly kernel: readonly number[];
  readonly groups?: number;
  /** Whether it is tried under `vmap` too. */
  readonly mapped?: boolean;
}

const same3: Pairs = [
  [1, 1],
  [1, 1],
];
const none: Pairs = [
  [0, 0],
  [0, 0],
];
const one = [1, 1];
const two = [2, 2];

const cases: readonly ConvCase[] = [
  { name: "3×3", input: [2, 3, 9, 9], kernel: [5, 3, 3, 3], strides: one, padding: same3 },
  {
    name: "stride 2",
    mapped: true,
    input: [2, 3, 9, 9],
    kernel: [5, 3, 3, 3],
    strides: two,
    padding: same3,
  },
  {
    name: "stride that leaves a rest",
    input: [2, 3, 10, 10],
    kernel: [5, 3, 3, 3],
    strides: two,
    padding: none,
  },
  {
    name: "whole blocks of channels",
    mapped: true,
    input: [2, 16, 7, 7],
    kernel: [16, 16, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "few channels, many features",
    mapped: true,
    input: [3, 4, 12, 12],
    kernel: [32, 4, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "middling images",
    mapped: true,
    input: [2, 16, 12, 12],
    kernel: [16, 16, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "large images",
    mapped: true,
    input: [1, 16, 16, 16],
    kernel: [16, 16, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "images smaller than the kernel",
    mapped: true,
    input: [4, 32, 2, 2],
    kernel: [32, 32, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "blocks filled up",
    input: [2, 20, 6, 6],
    kernel: [18, 20, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "channels in no block",
    input: [2, 17, 6, 6],
    kernel: [20, 17, 3, 3],
    strides: one,
    padding: same3,
  },
  {
    name: "8×8 by 4",
    input: [2, 4, 20, 20],
    kernel: [32, 4, 8, 8],
    strides: [4, 4],
    padding: none,
  },
  { name: "4×4 by 2", input: [2, 32, 10, 10], kernel: [64, 32, 4, 4], strides: two, padding: none },
  { name: "1×1", input: [2, 5, 4, 4], kernel: [7, 5, 1, 1], strides: one, padding: none },
  {
    name: "one axis",
    mapped: true,
    input: [2, 3, 11],
    kernel: [4, 3, 3],
    strides: [2],
    padding: [[1, 1]],
  },
  {
    name: "three axes",
    input: [2, 3, 5, 6, 5],
    kernel: [4, 3, 2, 3, 2],
    strides: [1, 2, 1],
    padding: [
      [0, 1],
      [1, 0],
      [0, 0],
    ],
  },
  { name: "no axis", input: [3, 4], kernel: [5, 4], strides: [], padding: [] },
  {
    name: "unlike ends",
    input: [2, 3, 9, 7],
    kernel: [5, 3, 3, 2],
    strides: [2, 1],
    padding: [
      [0, 1],
      [1, 0],
    ],
  },
  {
    name: "negative padding",
    input: [2, 3, 9, 9],
    kernel: [4, 3, 3, 3],
    strides: one,
    padding: [
      [-1, 0],
      [0, -2],
    ],
  },
  {
    name: "a dilated kernel",
    input: [2, 3, 12, 12],
    kernel: [4, 3, 3, 3],
    strides: one,
    padding: [
      [2, 2],
      [2, 2],
    ],
    rhsDilation: two,
  },
  {
    name: "a dilated input",
    mapped: true,
    input: [2, 3, 5, 5],
    kernel: [4, 3, 3, 3],
    strides: one,
    padding: [
      [2, 2],
      [1, 3],
    ],
    lhsDilation: two,
  },
  {
    name: "a dilated input with stride",
    input: [2, 3, 5, 6],
    kernel: [4, 3, 3, 3],
    strides: [2, 3],
    padding: [
      [2, 2],
      [2, 2],
    ],
    lhsDilation: two,
  },
  {
    name: "a dilated input, cropped",
    input: [2, 3, 5, 5],
    kernel: [4, 3, 3, 3],
    strides: one,
    padding: [
      [-1, 0],
      [0, -2],
    ],
    lhsDilation: [2, 3],
  },
  {
    name: "everything dilated, far padding",
    input: [2, 3, 5, 5],
    kernel: [4, 3, 2, 2],
    strides: one,
    padding: [
      [3, 4],
      [5, 1],
    ],
    lhsDilation: [2, 3],
    rhsDilation: [3, 2],
  },
  {
    name: "groups",
    mapped: true,
    input: [2, 6, 9, 9],
    kernel: [9, 2, 3, 3],
    strides: two,
    padding: same3,
    groups: 3,
  },
  {
    name: "depthwise",
    input: [2, 16, 6, 6],
    kernel: [16, 1, 3, 3],
    strides: one,
    padding: same3,
    groups: 16,
  },
];

const convolve =
  ({ strides, padding, lhsDilation, rhsDilation, groups }: ConvCase) =>
  (x: Traced, w: Traced): Traced =>
    lax.convGeneralDilated(
      x.ref,
      w.ref,
      [...strides],
      padding.map(([a, b]): [number, number] => [a, b]),
      {
        ...(lhsDilation === undefined ? {} : { lhsDilation: [...lhsDilation] }),
        ...(rhsDilation === undefined ? {} : { rhsDilation: [...rhsDilation] }),
        ...(groups === undefined ? {} : { featureGroupCount: groups }),
      },
    );

/** The convolution and the gradients of half the sum of its squares. */
const withGradients =
  (each: ConvCase) =>
  (x: Traced, w: Traced): Traced[] => {
    const conv = convolve(each);
    const loss = (a: Traced, b: Traced): Traced => np.sum(np.square(conv(a, b))).mul(0.5);
    return [conv(x, w), ...(grad(loss, { argnums: [0, 1] })(x, w) as Traced[])];
  };

/** Inputs up to 1 and a kernel small enough that results are of order 1 too. */
function operandsOf({ input, kernel }: ConvCase, maps: readonly number[] = []): HostArray[] {
  const reach = 2 / Math.sqrt(sizeOf(kernel.slice(1)));
  return [
    uniform([...maps, ...input], { low: -1, high: 1 }),
    uniform([...maps, ...kernel], { seed: 2, low: -reach, high: reach }),
  ];
}

/** Sums of up to a thousand products: some hundred float32 ulps of 1 + |sum|. */
const tolerance = 2e-5;

describe("convolution", () => {
  test.each(cases)("and both gradients agree with jax-js: $name", async (each) => {
    const inputs = operandsOf(each);
    await expectParity({ name: each.name, fn: withGradients(each), inputs, tolerance });
  });

  test.each(cases.filter(({ mapped }) => mapped))(
    "agrees with jax-js under vmap of either side: $name",
    async (each) => {
      const [x, w] = operandsOf(each);
      const [xs, ws] = operandsOf(each, [2]);
      const fn = withGradients(each);
      const name = each.name;
      await expectParity({ name, fn: vmap(fn), inputs: [xs, ws], tolerance });
      await expectParity({ name, fn: vmap(fn, [0, null]), inputs: [xs, w], tolerance });
      await expectParity({ name, fn: vmap(fn, [null, 0]), inputs: [x, ws], tolerance });
    },
  );

  test.each(cases.filter(({ groups }) => groups === undefined))(
    "equals its definition, summed in float64: $name",
    async (each) => {
      const inputs = operandsOf(each);
      const expected = convolveByDefinition(inputs[0], inputs[1], each);
      for (const wide of [false, true]) {
        const given = wide ? inputs.map((input) => as("float64", input)) : inputs;
        const [got] = await evaluate(
          { name: each.name, fn: convolve(each), inputs: given },
          "native",
        );
        const values = wide ? expected.data : Float32Array.from(expected.data);
        expectClose(got, hostArray(values, expected.shape), wide ? 1e-13 : tolerance);
      }
    },
  );

  test.each(cases.filter(({ groups }) => groups === undefined))(
    "has the gradients that finite differences of its definition give: $name",
    async (each) => {
      const inputs = operandsOf(each);
      const fn = withGradients(each);
      const [, ...gradients] = await evaluate({ name: each.name, fn, inputs }, "native");
      gradients.forEach((gradient, which) => {
        const direction = uniform(gradient.shape, { seed: 5 });
        const loss = (step: number): number => {
          const moved = inputs.map((input, at) =>
            at === which ? shifted(input, direction, step) : input,
          );
          return convolveByDefinition(moved[0], moved[1], each).data.reduce(
            (sum, y) => sum + (y * y) / 2,
            0,
          );
        };
        // The loss is quadratic along a line, so that central differences are exact.
        const slope = (loss(0.5) - loss(-0.5)) / 1;
        const along = dotProduct(gradient, direction);
        expect(Math.abs(along - slope)).toBeLessThanOrEqual(
          1e-5 * (1 + norm(gradient) * norm(direction)),
        );
      });
    },
  );

  test.each(cases.filter(({ input }) => input.length === 4))(
    "plus a bias agrees with jax-js in any shape that the bias may have: $name",
    async (each) => {
      const features = each.kernel[0];
      const bias = uniform([features], { seed: 6 });
      const fn = (x: Traced, w: Traced, b: Traced): Traced[] => {
        const y = convolve(each)(x, w);
        const sum = y.ref.add(b.ref.reshape([features, 1, 1]));
        return [sum, b.ref.reshape([1, features, 1, 1]).add(convolve(each)(x, w.ref.mul(2)))];
      };
      const [x, w] = operandsOf(each);
      await expectParity({ name: each.name, fn, inputs: [x, w, bias], tolerance });
    },
  );

  test.each([[[2, 3]], [[2]], [[3]], [[0, 3]], [[0, 1, 2, 3]]])(
    "reads kernels that are turned round along axes %j",
    async (axes) => {
      for (const kernel of [
        [16, 32, 3, 2],
        [32, 4, 3, 3],
      ]) {
        const { strides, padding } = cases[0];
        const each = { name: "turned", input: [2, kernel[1], 6, 6], kernel, strides, padding };
        const fn = (x: Traced, w: Traced): Traced => {
          const turned = convolve(each)(x, np.flip(w.ref, axes));
          const swapped = convolve(each)(
            turned.ref,
            np.flip(np.transpose(w.ref, [1, 0, 2, 3]), axes),
          );
          return np.sum(swapped, [2, 3]);
        };
        await expectParity({ name: "turned", fn, inputs: operandsOf(each), tolerance: 1e-4 });
      }
    },
  );

  test("computes whole numbers exactly", async () => {
    const inputs = [
      as("int32", uniform([2, 3, 6, 6], { low: -9, high: 9 })),
      as("int32", uniform([4, 3, 3, 3], { seed: 2, low: -9, high: 9 })),
    ];
    await expectParity({ name: "int32", fn: convolve(cases[1]), inputs });
  });
});

function shifted(from: HostArray, direction: HostArray, step: number): HostArray {
  const data = Float64Array.from(
    from.data as Float32Array,
    (value, at) => value + step * Number(direction.data[at]),
  );
  return hostArray(data, from.shape);
}

function dotProduct(a: HostArray, b: HostArray): number {
  return (a.data as Float32Array).reduce((sum, value, at) => sum + value * Number(b.data[at]), 0);
}

const norm = (a: HostArray): number => Math.sqrt(dotProduct(a, a));

describe("the lowering of convolutions", () => {
  const operatorsOf = async (each: ConvCase): Promise<readonly string[]> => {
    const specs = [each.input, each.kernel].map((shape) => ({ dtype: "float32", shape }) as const);
    const program = await compile(withGradients(each), [specs[0], specs[1]], {
      executor: "native",
    });
    const names = (program.operators ?? []).map(([name]) => name);
    await program.dispose();
    return names;
  };
  const named = (name: string): ConvCase => cases.find((each) => each.name === name)!;

  test("gives weight gradients to matrix products and strided input gradients to ConvTranspose", async () => {
    expect(await operatorsOf(named("4×4 by 2"))).toContain("ConvTranspose");
    expect(await operatorsOf(named("middling images"))).toContain("MatMul");
    expect(await operatorsOf(named("large images"))).toContain("com.microsoft.FusedMatMul");
    expect(await operatorsOf(named("few channels, many features"))).toContain(
      "com.microsoft.FusedMatMul",
    );
  });

  test("adds a bias within the kernel", async () => {
    const each = named("3×3");
    const fn = (x: Traced, w: Traced, b: Traced): Traced =>
      convolve(each)(x, w).add(b.ref.reshape([5, 1, 1]));
    const inputs = [...operandsOf(each), uniform([5])] as [HostArray, HostArray, HostArray];
    const program = await compile(fn, inputs, { executor: "native" });
    expect((program.operators ?? []).map(([name]) => name)).not.toContain("Add");
    await program.dispose();
  });

  test("saves a model that asks for no machine's blocks and computes the same", async () => {
    const each = named("whole blocks of channels");
    const inputs = operandsOf(each);
    const program = await compile(withGradients(each), inputs as [HostArray, HostArray], {
      executor: "native",
    });
    const session = await runtime.InferenceSession.create(program.saveOnnx!());
    await program.dispose();
    const feeds = Object.fromEntries(
      inputs.map(({ data, shape }, at) => [
        session.inputNames[at],
        new runtime.Tensor("float32", data as Float32Array, [...shape]),
      ]),
    );
    const saved = await session.run(feeds);
    const expected = await evaluate({ name: each.name, fn: withGradients(each), inputs }, "wasm");
    session.outputNames.forEach((name, at) => {
      const { data, dims } = saved[name];
      expectClose(hostArray(data as Float32Array, dims), expected[at], tolerance);
    });
    await session.release();
  });
});
