import { flattenTree, type HostArray, hostArray, mapTree } from "@quadrivium/core";
import {
  type Array,
  compile,
  dispose,
  listExecutors,
  liveArrayCount,
  read,
  vmap,
} from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { arrayOps } from "./array-ops.js";
import {
  adam,
  adamW,
  applyUpdates,
  danaAdaptive,
  effectiveDimensionMomentum,
  flattened,
  hostArrayOps,
  type Optimizer,
  type OptimizerState,
  type PlainArray,
  type Rule,
  schedules,
  typedArrayOps,
} from "./optimizers/index.js";
import {
  catalogue,
  descend,
  exampleParams,
  leavesOf,
  type Params,
  quadraticGradient,
  start,
} from "./optimizers/optimizers.test-helpers.js";

const executors = (await listExecutors())
  .filter(({ name, available }) => available && name !== "webgpu")
  .map(({ name }) => name);

type Stepped = ReturnType<Optimizer<PlainArray>["update"]> & { readonly updates: PlainArray };
type TracedParams = { readonly mlp: readonly { readonly kernel: Array; readonly bias: Array }[] };
type HostParams = {
  readonly mlp: readonly { readonly kernel: HostArray; readonly bias: HostArray }[];
};

const onHost = (tree: Params): HostParams =>
  mapTree<PlainArray, HostArray>(tree, typedArrayOps.isLeaf, (leaf) =>
    hostArray(leaf, [leaf.length]),
  ) as HostParams;

/** The curvature of the quadratic that {@link quadraticGradient} descends. */
function curvatures(): HostParams {
  const ones = exampleParams("float32").mlp.map(({ kernel, bias }) => ({
    kernel: kernel.map(() => 1),
    bias: bias.map(() => 1),
  }));
  return onHost(quadraticGradient({ mlp: ones }));
}

function traced(rule: Rule) {
  const optimizer = rule(arrayOps);
  return (curvature: TracedParams, params: TracedParams, state: OptimizerState<Array>) => {
    const grads: TracedParams = {
      mlp: params.mlp.map(({ kernel, bias }, k) => ({
        kernel: kernel.ref.mul(curvature.mlp[k].kernel.ref),
        bias: bias.ref.mul(curvature.mlp[k].bias.ref),
      })),
    };
    const result = optimizer.update(grads, state, params);
    return { params: applyUpdates(arrayOps, params, result.updates), state: result.state };
  };
}

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

describe.each(executors)("on %s", (executor) => {
  test.each(catalogue)("traced $name equals it on typed arrays", async ({ rule }) => {
    const curvature = curvatures();
    let params = onHost(exampleParams("float32"));
    // Made on the host, as every executor's first state is.
    let state = rule(hostArrayOps).init(params);
    const program = await compile(traced(rule), [curvature, params, state], { executor });
    for (let step = 0; step < 20; step++) {
      const result = await program.run(curvature, params, state);
      ({ params, state } = await read(result));
      dispose(result);
    }
    await program.dispose();

    const optimizer = rule(typedArrayOps);
    const plain = descend(optimizer, start(optimizer, exampleParams("float32")), 20);
    const expected = leavesOf(plain.params);
    for (const { path, leaf } of flattenTree<HostArray>(params, hostArrayOps.isLeaf)) {
      const errors = expected[path].map((value, i) => Math.abs(Number(leaf.data[i]) - value));
      expect(Math.max(...errors), `${path}`).toBeLessThan(200 * 2 ** -24);
    }
  });

  test("a flattened rule equals the rule itself, bit for bit", async () => {
    const rule = adamW({ learningRate: 0.05, decays: (path) => path.endsWith("kernel") });
    const curvature = curvatures();
    const ends = [];
    for (const each of [rule, flattened(rule)]) {
      let params = onHost(exampleParams("float32"));
      let state = each(hostArrayOps).init(params);
      const program = await compile(traced(each), [curvature, params, state], { executor });
      for (let step = 0; step < 10; step++) {
        const result = await program.run(curvature, params, state);
        ({ params, state } = await read(result));
        dispose(result);
      }
      await program.dispose();
      ends.push(params);
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  test("traced danaAdaptive equals it on typed arrays, measured dimension and all", async () => {
    const rule = danaAdaptive({ gamma2: 0.1, batchSize: 2 });
    const optimizer = rule(arrayOps);
    const step = (params: Record<string, Array>, state: OptimizerState<Array>) => {
      const { model, shadow } = params;
      const grads = { model: model.ref.mul(0.5), shadow: shadow.ref.mul(0.5).sub(1) };
      const result = optimizer.update(grads, state, params);
      return { params: applyUpdates(arrayOps, params, result.updates), state: result.state };
    };
    const plain = rule(typedArrayOps);
    let theta: Record<string, PlainArray> = {
      model: Float32Array.of(1, -2),
      shadow: Float32Array.of(0, 0),
    };
    let memory = plain.init(theta);
    let params: Record<string, HostArray> = {
      model: hostArray(Float32Array.of(1, -2), [2]),
      shadow: hostArray(Float32Array.of(0, 0), [2]),
    };
    let state = rule(hostArrayOps).init(params);
    const program = await compile(step, [params, state], { executor });
    for (let n = 0; n < 10; n++) {
      const result = await program.run(params, state);
      ({ params, state } = await read(result));
      dispose(result);
      const { model, shadow } = theta;
      const grads: Record<string, PlainArray> = {
        model: model.map((x) => 0.5 * x),
        shadow: shadow.map((x) => 0.5 * x - 1),
      };
      const next = plain.update(grads, memory, theta);
      theta = applyUpdates(typedArrayOps, theta, next.updates);
      memory = next.state;
    }
    await program.dispose();
    for (const part of ["model", "shadow"]) {
      theta[part].forEach((x, i) => expect(Number(params[part].data[i])).toBeCloseTo(x, 5));
    }
    const dimension = Number((state.dimension as HostArray).data[0]);
    expect(dimension).toBeGreaterThan(1); // the weight has left its cap
    expect(dimension / (memory.dimension as PlainArray)[0]).toBeCloseTo(1, 5);
  });

  test("one vmap trains several networks, each as if it were alone", async () => {
    const rule = adam({ learningRate: schedules.cosine({ init: 0.1, numSteps: 30 }) });
    const optimizer = rule(arrayOps);
    const step = (x: Array, state: OptimizerState<Array>) => {
      const result = optimizer.update(x.ref.mul(x.ref), state, x);
      return { x: applyUpdates(arrayOps, x, result.updates), state: result.state };
    };
    const starts = [
      [1, -2, 3],
      [0.5, 0.1, -0.2],
    ];
    // jax-js's types know no read-only lists.
    const several = vmap(step as never) as unknown as typeof step;
    let x: HostArray = hostArray(Float32Array.from(starts.flat()), [2, 3]);
    const one = rule(hostArrayOps).init(hostArray(new Float32Array(3), [3]));
    let state = mapTree<HostArray, HostArray>(one, hostArrayOps.isLeaf, ({ data, shape }) => {
      const twice =
        data.constructor === Int32Array ? new Int32Array(2) : new Float32Array(2 * data.length);
      return hostArray(twice, [2, ...shape]);
    }) as OptimizerState<HostArray>;
    const program = await compile(several, [x, state], { executor });
    for (let n = 0; n < 5; n++) {
      const result = await program.run(x, state);
      ({ x, state } = await read(result));
      dispose(result);
    }
    await program.dispose();

    const alone = starts.flatMap((start) => {
      const plain = rule(typedArrayOps);
      let theta: PlainArray = Float32Array.from(start);
      let memory = plain.init(theta);
      for (let n = 0; n < 5; n++) {
        const grads: PlainArray = theta.map((value) => value * value);
        const result: Stepped = plain.update(grads, memory, theta);
        theta = applyUpdates(typedArrayOps, theta, result.updates);
        memory = result.state;
      }
      return [...theta];
    });
    alone.forEach((value, i) => expect(Number(x.data[i])).toBeCloseTo(value, 5));
  });

  test("traced schedules equal them on numbers", async () => {
    const { cosine, exponential, join, linear, polynomial, powerLaw, warmup } = schedules;
    const curves = {
      cosine: cosine({ init: 2, numSteps: 50, endFraction: 0.1 }),
      effectiveDimension: effectiveDimensionMomentum(
        { lambda: new Float64Array(400).map((_, j) => (j + 1) ** -2) },
        { gamma2: 0.2, delta: 4 },
      ),
      exponential: exponential({ init: 1, rate: 0.5, numSteps: 10, end: 0.2 }),
      join: join([0.5, linear({ init: 1, end: 2, numSteps: 5 }), 3], [3, 20]),
      polynomial: polynomial({ init: 1, end: 0.1, numSteps: 40, power: 2 }),
      powerLaw: powerLaw({ init: 1, power: -0.4, timescale: 3 }),
      warmup: warmup({ numSteps: 4, peak: 0.7 }),
    };
    const valuesAt = (step: Array): Record<string, Array> =>
      Object.fromEntries(
        Object.entries(curves).map(([name, value]) => [
          name,
          value(step, arrayOps.scalar) as Array,
        ]),
      );
    const program = await compile(valuesAt, [{ dtype: "float32", shape: [] }], { executor });
    for (const step of [0, 1, 3, 4, 17, 20, 40, 60]) {
      const result = await program.run(hostArray(Float32Array.of(step), []));
      const values: Record<string, HostArray> = await read(result);
      for (const [name, value] of Object.entries(curves)) {
        // Logarithms of jax-js on WebAssembly are good to about 1e-6.
        expect(Number(values[name].data[0]), `${name} at ${step}`).toBeCloseTo(value(step), 5);
      }
      dispose(result);
    }
    await program.dispose();
  });
});
