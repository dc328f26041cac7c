import { describe, expect, test } from "vitest";
import { compile, grad, jaxNn, np, vmap, type Array as Traced, type ArraySpec } from "./index.js";

/** The operators that a function becomes, by name. */
async function operatorsOf(
  fn: (...arrays: Traced[]) => unknown,
  ...inputs: readonly ArraySpec[]
): Promise<{ readonly [operator: string]: number }> {
  const program = await compile(fn, [...inputs], { executor: "native" });
  const operators = Object.fromEntries(program.operators!);
  await program.dispose();
  return operators;
}

const f32 = (...shape: number[]): ArraySpec => ({ dtype: "float32", shape });

describe("native compilation", () => {
  test("makes a dense layer and its bias one product", async () => {
    const layer = (x: Traced, w: Traced, b: Traced): Traced => np.matmul(x.ref, w.ref).add(b.ref);
    expect(await operatorsOf(layer, f32(8, 3), f32(3, 5), f32(5))).toEqual({ Gemm: 1 });
  });

  test("makes both gradients of a product one product each, laid out as they are wanted", async () => {
    const loss = (x: Traced, w: Traced, g: Traced): Traced =>
      np.sum(np.matmul(x.ref, w.ref).mul(g.ref));
    const gradients = (x: Traced, w: Traced, g: Traced): unknown =>
      grad(loss, { argnums: [0, 1] })(x, w, g);
    expect(await operatorsOf(gradients, f32(8, 3), f32(3, 5), f32(8, 5))).toEqual({ Gemm: 2 });
  });

  test("makes the step of gradient descent part of the product", async () => {
    const step = (w: Traced, x: Traced, g: Traced): Traced =>
      w.ref.sub(np.matmul(np.transpose(x.ref), g.ref).mul(0.1));
    expect(await operatorsOf(step, f32(3, 5), f32(8, 3), f32(8, 5))).toEqual({ Gemm: 1 });
  });

  test("makes a batch of products one batched product without expanding or moving anything", async () => {
    const batch = vmap((x: Traced, w: Traced) => np.matmul(x.ref, w.ref));
    expect(await operatorsOf(batch, f32(6, 8, 3), f32(6, 3, 5))).toEqual({ MatMul: 1 });
  });

  test("makes softmax six operators without a movement among them", async () => {
    expect(await operatorsOf((x) => jaxNn.softmax(x.ref), f32(4, 7))).toEqual({
      Exp: 1,
      Mul: 1,
      ReduceMax: 1,
      ReduceSum: 1,
      Reciprocal: 1,
      Sub: 1,
    });
  });

  test("looks embeddings up with Gather and scatters their gradient once", async () => {
    const loss = (table: Traced, rows: Traced): Traced =>
      np.sum(np.square(np.take(table.ref, rows.ref, 0)));
    const operators = await operatorsOf((table, rows) => grad(loss)(table, rows), f32(10, 4), {
      dtype: "int32",
      shape: [6],
    });
    expect(operators).toMatchObject({ Gather: 1, ScatterND: 1 });
  });

  test("computes what is known while compiling", async () => {
    const known = (x: Traced): Traced => x.ref.mul(np.array(2).mul(3).add(-6).add(1)).add(0);
    expect(await operatorsOf(known, f32(4))).toEqual({ Identity: 1 });
  });

  test("chooses the rectifier's gradient by a product, not a selection", async () => {
    const operators = await operatorsOf(
      (x) => grad((y: Traced) => np.sum(np.square(jaxNn.relu(y.ref))))(x),
      f32(16),
    );
    expect(operators).not.toHaveProperty("Where");
  });

  test("knows an absolute value and a clearing of tiny numbers", async () => {
    const cleared = (x: Traced): Traced => np.where(np.abs(x.ref).less(1e-25), 0, x.ref);
    expect(await operatorsOf(cleared, f32(16))).toEqual({
      Abs: 1,
      Cast: 1,
      LessOrEqual: 1,
      Mul: 1,
    });
  });

  test("keeps a selection that hides values which are not finite", async () => {
    const entropy = (p: Traced): Traced =>
      np.max(np.where(np.less(0, p.ref), p.ref.mul(np.log(p.ref)), 0));
    expect(await operatorsOf(entropy, f32(16))).toHaveProperty("Where");
  });
});
