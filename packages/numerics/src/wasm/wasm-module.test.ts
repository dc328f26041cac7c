import { expect, test } from "vitest";
import { signedLeb128, unsignedLeb128, wasmModule, wasmTypes } from "./wasm-module.js";

test("whole numbers take seven bits a byte, the lowest first", () => {
  // The example of the LEB128 encoding in DWARF 4, §7.6, and its edges.
  expect(unsignedLeb128(624485)).toEqual([0xe5, 0x8e, 0x26]);
  expect([0, 127, 128].map(unsignedLeb128)).toEqual([[0], [127], [128, 1]]);
  // Figure 23 there.
  expect([2, -2, 127, -127, 128, -128, 129, -129].map(signedLeb128)).toEqual([
    [2],
    [0x7e],
    [0xff, 0],
    [0x81, 0x7f],
    [0x80, 1],
    [0x80, 0x7f],
    [0x81, 1],
    [0xff, 0x7e],
  ]);
});

test("a module works on the memory that it is given, and that memory may grow", () => {
  const [localGet, i32Const, i32Store] = [0x20, 0x41, 0x36];
  /** Writes a number at an address. */
  const store = (value: number): readonly number[] => [
    localGet,
    0,
    i32Const,
    ...signedLeb128(value),
    i32Store,
    2,
    0,
  ];
  const written = [0, 63, 64, -64, -65, 0x7fffffff, -0x80000000];
  const functions = written.map((value) => ({
    numParameters: 1,
    locals: [{ count: 1, type: wasmTypes.i32 }],
    code: store(value),
  }));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(wasmModule(functions, { pages: 1 })),
    { heap: { memory } },
  );
  memory.grow(1);
  const secondPage = 65536;
  written.forEach((_, k) => (exports[`f${k}`] as (address: number) => void)(secondPage + 4 * k));
  expect([...new Int32Array(memory.buffer, secondPage, written.length)]).toEqual(written);
});
