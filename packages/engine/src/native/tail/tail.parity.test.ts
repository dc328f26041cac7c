import { hostArray, type HostArray } from "@quadrivium/core";
import { afterEach, describe, expect, test } from "vitest";
import {
  compile,
  dispose,
  grad,
  liveArrayCount,
  np,
  upload,
  type Array as Traced,
} from "../../index.js";
import { expectClose, expectParity, uniform } from "../../parity.test-helpers.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

interface State {
  readonly w: Traced;
  readonly b: Traced;
  readonly velocity: { readonly w: Traced; readonly b: Traced };
}

const loss = ({ w, b }: { w: Traced; b: Traced }, x: Traced): Traced =>
  np.sum(np.square(np.matmul(x.ref, w.ref).add(b.ref)));

/** A step with momentum, whose decay depends on a number computed in the step. */
function momentumStep({ w, b, velocity }: State, x: Traced): State {
  const gradients = grad(loss)({ w: w.ref, b: b.ref }, x.ref);
  const decay = np.exp(np.mean(x.ref).neg());
  const move = (param: Traced, gradient: Traced, old: Traced) => {
    const next = old.ref.mul(decay.ref).add(gradient.ref.add(param.ref.mul(1e-2)));
    return { next, moved: param.ref.sub(next.ref.mul(0.01)) };
  };
  const [forW, forB] = [move(w, gradients.w, velocity.w), move(b, gradients.b, velocity.b)];
  return { w: forW.moved, b: forB.moved, velocity: { w: forW.next, b: forB.next } };
}

// Neither array fills whole vectors of four.
const start = {
  w: uniform([3, 5], { seed: 1 }),
  b: uniform([5], { seed: 2 }),
  velocity: { w: uniform([3, 5], { seed: 3 }), b: uniform([5], { seed: 4 }) },
};
const x = uniform([7, 3], { seed: 5 });

const compileStep = (options: { executor: "native" | "wasm"; consumes?: readonly number[] }) =>
  compile(momentumStep, [start, x], options);

async function readAll(state: {
  w: { read(): Promise<HostArray> };
  b: { read(): Promise<HostArray> };
}) {
  return [await state.w.read(), await state.b.read()];
}

describe("arithmetic at the end of a program", () => {
  test("becomes one kernel for each array, and the rest stays with ONNX Runtime", async () => {
    const program = await compileStep({ executor: "native" });
    const operators = Object.fromEntries(program.operators!);
    expect(operators["quadrivium.Kernel"]).toBe(2);
    expect(operators).not.toHaveProperty("Sub");
    expect(operators).toHaveProperty("Gemm");
    await program.dispose();
  });

  test.each([[[]], [[0]]])(
    "gives what jax-js gives, step after step, consuming %j",
    async (consumes) => {
      const after: HostArray[][] = [];
      for (const executor of ["native", "wasm"] as const) {
        const program = await compileStep({ executor, consumes });
        let state = await program.run(start, x);
        for (let at = 0; at < 4; at++) {
          const next = await program.run(state, x);
          dispose(state);
          state = next;
        }
        after.push(await readAll(state));
        dispose(state);
        await program.dispose();
      }
      after[0].forEach((array, at) => expectClose(array, after[1][at], 1e-5));
    },
  );

  test("leaves alone what the call does not consume", async () => {
    const program = await compileStep({ executor: "native" });
    const first = await program.run(start, x);
    const before = await readAll(first);
    dispose(await program.run(first, x));
    expect(await readAll(first)).toEqual(before);
    dispose(first);
    await program.dispose();
  });

  test("writes over what it consumes, unless that is given twice", async () => {
    const program = await compileStep({ executor: "native", consumes: [0] });
    const reference = await compileStep({ executor: "native" });
    const [one, other] = [await program.run(start, x), await program.run(start, x)];
    const shared = { w: one.w, b: one.b, velocity: { w: one.w, b: one.b } };
    const copies = { w: other.w, b: other.b, velocity: { w: other.w, b: other.b } };
    const [result, expected] = [await program.run(shared, x), await reference.run(copies, x)];
    expect(await readAll(result)).toEqual(await readAll(expected));
    await expect(one.w.read()).rejects.toMatchObject({ code: "E_FREED" });
    dispose([one, other, result, expected]);
    await program.dispose();
    await reference.dispose();
  });

  test("takes arrays from the host and from other programs, and leaves the host's as they were", async () => {
    const program = await compileStep({ executor: "native", consumes: [0] });
    const w = hostArray((start.w.data as Float32Array).slice(), [3, 5]);
    const [fromHost, uploaded] = [
      await program.run({ ...start, w }, x),
      await program.run(await upload({ ...start, w }, { executor: "native" }), x),
    ];
    expect(w).toEqual(start.w);
    expect(await readAll(uploaded)).toEqual(await readAll(fromHost));
    dispose([fromHost, uploaded]);
    await program.dispose();
  });

  test("may choose by comparisons of its own, and not by those it shares with the rest", async () => {
    const clip = (a: Traced, shared: boolean): Traced[] => {
      const product = np.matmul(a.ref, a.ref);
      const big = np.less(1, np.abs(product.ref));
      const clipped = np.where(big.ref, np.sign(product.ref), product.ref.mul(0.5)).add(1);
      return shared ? [clipped, np.any(big)] : [clipped];
    };
    for (const shared of [false, true]) {
      const fn = (a: Traced): Traced[] => clip(a, shared);
      await expectParity({ name: `clip ${shared}`, fn, inputs: [uniform([5, 5])] });
    }
  });

  test("may be nothing but views of what came before, given out twice", async () => {
    const fn = (a: Traced, b: Traced): Traced[] => {
      const product = np.matmul(a.ref, b.ref);
      const flat = product.ref.reshape([6]);
      const moved = flat.ref
        .add(b.ref.reshape([6]))
        .mul(0.25)
        .sub(flat.ref);
      return [moved.ref, moved.ref.reshape([2, 3]), product.ref, np.max(product.ref)];
    };
    await expectParity({
      name: "views",
      fn,
      inputs: [uniform([2, 2]), uniform([2, 3], { seed: 9 })],
    });
  });
});
