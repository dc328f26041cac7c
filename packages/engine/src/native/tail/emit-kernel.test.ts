import { wasmModule } from "@quadrivium/numerics";
import { describe, expect, test } from "vitest";
import { emitKernel } from "./emit-kernel.js";
import type { Kernel, KernelOperand, KernelOperator } from "./kernel.js";

const parameter = (index: number): KernelOperand => ({ kind: "parameter", index });
const step = (index: number): KernelOperand => ({ kind: "step", index });
const number = (value: number): KernelOperand => ({ kind: "number", value });

/** Every kind of number, and pairs of them: zeros of both signs, subnormal, infinite, none. */
const values = [0, -0, 1, -1.5, 3e38, -3e38, 1e-40, -1e-45, Infinity, -Infinity, NaN, 0.1];
const lefts = Float32Array.from(values.flatMap((left) => values.map(() => left)));
const rights = Float32Array.from(values.flatMap(() => values));

/** Runs a kernel on the pairs, 16 bytes between arrays, so that strays would be seen. */
function run(kernel: Kernel): readonly Float32Array[] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(wasmModule([emitKernel(kernel)], { pages: 1, maximumPages: 1 })),
    { heap: { memory } },
  );
  const arrayOf = (at: number): Float32Array =>
    new Float32Array(memory.buffer, 64 + at * (lefts.byteLength + 16), lefts.length);
  const count = kernel.parameters.length + kernel.results.length;
  const arrays = Array.from({ length: count }, (_, at) => arrayOf(at));
  kernel.parameters.forEach((_, at) => arrays[at].set(at === 0 ? lefts : rights));
  const addresses = arrays.map(({ byteOffset }) => byteOffset);
  (exports.f0 as (...numbers: number[]) => void)(lefts.byteLength, ...addresses);
  return arrays.slice(kernel.parameters.length).map((array) => array.slice());
}

/** What single precision makes of it: JavaScript's double precision, rounded once. */
const expected = (of: (left: number, right: number) => number): Float32Array =>
  lefts.map((left, at) => Math.fround(of(left, rights[at])));

const arithmetic: readonly (readonly [KernelOperator, (x: number, y: number) => number])[] = [
  ["add", (x, y) => x + y],
  ["sub", (x, y) => x - y],
  ["mul", (x, y) => x * y],
  ["div", (x, y) => x / y],
  ["min", Math.min],
  ["max", Math.max],
  ["neg", (x) => -x],
  ["abs", Math.abs],
  ["sqrt", Math.sqrt],
];

describe("a kernel's operators", () => {
  test.each(arithmetic)(
    "%s is that of IEEE single precision for every kind of number",
    (operator, of) => {
      const operands = [parameter(0), parameter(1)].slice(0, of.length);
      const [result] = run({
        parameters: ["array", "array"],
        steps: [
          {
            operator,
            operands,
          },
        ],
        results: [step(0)],
      });
      expect(result).toEqual(expected(of));
    },
  );

  test.each([
    ["max", Math.max],
    ["min", Math.min],
  ] as const)("%s beside a known number keeps what is no number", (operator, of) => {
    for (const operands of [
      [parameter(0), number(0.5)],
      [number(0.5), parameter(0)],
    ]) {
      const [result, beside] = run({
        parameters: ["array"],
        steps: [
          { operator, operands },
          { operator, operands: [parameter(0), number(NaN)] },
        ],
        results: [step(0), step(1)],
      });
      expect(result).toEqual(expected((x) => of(x, 0.5)));
      expect(beside).toEqual(expected(() => NaN));
    }
  });

  test.each([
    ["less", (x: number, y: number) => x < y],
    ["less_equal", (x: number, y: number) => x <= y],
    ["equal", (x: number, y: number) => x === y],
    ["not_equal", (x: number, y: number) => x !== y],
  ] as const)("%s becomes a number and chooses", (operator, holds) => {
    const results = run({
      parameters: ["array", "array"],
      steps: [
        { operator, operands: [parameter(0), parameter(1)] },
        { operator: "number", operands: [step(0)] },
        { operator: "choose", operands: [step(0), parameter(1), number(7)] },
      ],
      results: [step(1), step(2)],
    });
    expect(results[0]).toEqual(expected((x, y) => Number(holds(x, y))));
    expect(results[1]).toEqual(expected((x, y) => (holds(x, y) ? y : 7)));
  });

  test("read one number for all elements, and pass parameters on", () => {
    const results = run({
      parameters: ["number", "array"],
      steps: [{ operator: "add", operands: [parameter(0), parameter(1)] }],
      results: [step(0), parameter(1)],
    });
    expect(results[0]).toEqual(expected((_, y) => lefts[0] + y));
    expect(results[1]).toEqual(rights);
  });
});
