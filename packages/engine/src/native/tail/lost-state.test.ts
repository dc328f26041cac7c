import { expect, test } from "vitest";
import { compile, dispose, grad, liveArrayCount, np, type Array as Traced } from "../../index.js";
import { uniform } from "../../parity.test-helpers.js";

// Each state has 8 MiB, so that the memory of the kernels, 1 GiB, holds no more than 128 of them.
const [rows, columns] = [2048, 1024];
const fits = 128;
const more = fits + 32;

const loss = (w: Traced, x: Traced): Traced => np.sum(np.square(np.matmul(x.ref, w.ref)));
/** A gradient by products, which stay with ONNX Runtime, then arithmetic in a kernel. */
const descend = (w: Traced, x: Traced): Traced => {
  const decayed = grad(loss)(w.ref, x.ref).add(w.ref.mul(1e-2));
  return w.ref.sub(np.square(decayed.ref).mul(1e-9)).sub(decayed.ref.mul(1e-5));
};

const start = uniform([rows, columns], { seed: 1 });
const x = uniform([1, rows], { seed: 2 });
const compileDescent = (consumes: readonly number[]) =>
  compile(descend, [start, x], { executor: "native", name: "descend", consumes });

/** The state after some steps, each of which leaves the state before it unreachable. */
async function afterSteps(steps: number, consumes: readonly number[]) {
  const program = await compileDescent(consumes);
  expect(Object.fromEntries(program.operators!)).toMatchObject({ "quadrivium.Kernel": 1 });
  let w = await program.run(start, x);
  for (let step = 1; step < steps; step++) w = await program.run(w, x);
  const { data } = await w.read();
  dispose(w);
  await program.dispose();
  return data;
}

test("state that nobody can reach is given back, though it was never disposed", async () => {
  const dropped = await afterSteps(more, []);
  // memory that was given back too early would be written over
  const consumed = await afterSteps(more, [0]);
  expect(Buffer.from(dropped.buffer).equals(Buffer.from(consumed.buffer))).toBe(true);
}, 300_000);

test("state that is kept ends with a sentence that says what to dispose, and then goes on", async () => {
  const program = await compileDescent([]);
  const before = liveArrayCount();
  const kept: { dispose(): void }[] = [];
  const fill = async (): Promise<void> => {
    for (let step = 0; step <= fits; step++) kept.push(await program.run(start, x));
  };
  await expect(fill()).rejects.toMatchObject({
    code: "E_MEMORY",
    message: expect.stringMatching(
      /^descend: results must fit in the 1024 MiB .* got \[2048, 1024\] more beside 12\d arrays of 10\d\d MiB that the program still reaches; dispose the results of earlier calls that are no longer needed, or let `consumes` name the state$/,
    ) as string,
    details: { heldArrays: expect.any(Number) as number },
  });
  expect(kept.length).toBeGreaterThan(fits - 8);
  expect(liveArrayCount() - before).toBe(kept.length);
  kept.splice(0, 8).forEach((array) => array.dispose());
  (await program.run(start, x)).dispose();
  kept.forEach((array) => array.dispose());
  await program.dispose();
}, 300_000);
