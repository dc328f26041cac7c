import {
  signedLeb128,
  unsignedLeb128,
  wasmModule,
  wasmTypes,
  type WasmFunction,
} from "@quadrivium/numerics";

/** Columns that the kernel handles at once: six registers of two. */
export const tileColumns = 12;

/**
 * A row of a matrix product, $\mathrm{out}_j = \sum_s x_s\,\mathrm{table}_{sj}$, in WebAssembly with
 * two-wide arithmetic. Terms are added in the order of s, so that results are equal everywhere; those
 * with $x_s = 0$ are left out, and those with $x_s < 0$ too where `isRectified` is 1, not 0.
 *
 * `x`, `table`, `list` and `out` are addresses in the memory; `rowBytes` is the length of a row of
 * the table. The result has the length of whole tiles, and as much is read at the table's last row.
 * `list` has room for one entry more than there are terms.
 */
export type RowKernel = (
  x: number,
  terms: number,
  table: number,
  list: number,
  out: number,
  rowBytes: number,
  isRectified: 0 | 1,
) => void;

/** The kernel and the memory that it works on. */
export function instantiateRowKernel(): {
  readonly kernel: RowKernel;
  readonly memory: WebAssembly.Memory;
} {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(wasmModule([rowFunction()], { pages: 1 })),
    { heap: { memory } },
  );
  return { kernel: exports.f0 as RowKernel, memory };
}

/** A byte, or several pieces of code one after the other. */
type Code = number | readonly Code[];

const numRegisters = tileColumns / 2;
const tileBytes = tileColumns * 8;

// Locals: the seven parameters, then cursors, the factor and the sums.
const [x, terms, table, list, out, rowBytes, isRectified] = [0, 1, 2, 3, 4, 5, 6];
const [end, column, at, source] = [7, 8, 9, 10];
const factor = 11;
const sum = (k: number): number => 12 + k;
const [numIntegers, numVectors] = [4, 1 + numRegisters];

/** An entry of the list of terms: the value, then the address of its row. */
export const entryBytes = 12;

const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const constant = (value: number): Code => [0x41, signedLeb128(value)];
const add = [0x6a];
const multiply = [0x6c];
const isBelow = [0x49]; // unsigned
const loop = [0x03, 0x40];
const againIf = [0x0d, 0];
const close = [0x0b];
const simd = (code: number, ...immediates: readonly Code[]): Code => [
  0xfd,
  unsignedLeb128(code),
  immediates,
];
const increment = (local: number, by: Code): Code => [get(local), by, add, set(local)];
const registers = (code: (k: number) => Code): Code =>
  Array.from({ length: numRegisters }, (_, k) => code(k));

/** Writes the terms that count to the list; `at` ends behind the last. */
function listTerms(): Code {
  const value = [get(x), 0x2b, 3, 0]; // f64.load
  const zero = [0x44, 0, 0, 0, 0, 0, 0, 0, 0];
  const isPositive = [value, zero, 0x64]; // f64.gt
  const isOther = [value, zero, 0x62]; // f64.ne
  const counts = [isPositive, isOther, get(isRectified), 0x1b]; // select
  return [
    [get(list), set(at)],
    [get(x), get(terms), constant(8), multiply, add, set(end)],
    loop,
    [get(at), get(x), 0x29, 3, 0, 0x37, 2, 0], // i64.load, i64.store: the value's bits
    [get(at), get(table), 0x36, 2, 8], // i32.store
    // + 12 where the term counts, else the next one takes its place
    increment(at, [counts, constant(entryBytes), multiply]),
    increment(table, get(rowBytes)),
    increment(x, constant(8)),
    [get(x), get(end), isBelow, againIf],
    close,
    [get(at), set(end)],
  ];
}

function body(): Code {
  const clear = (k: number): Code => [
    simd(
      0x0c,
      Array.from({ length: 16 }, () => 0),
    ), // v128.const 0
    set(sum(k)),
  ];
  const accumulate = (k: number): Code => [
    get(sum(k)),
    get(factor),
    get(source),
    simd(0x00, 3, 16 * k), // v128.load
    simd(0xf2), // f64x2.mul
    simd(0xf0), // f64x2.add
    set(sum(k)),
  ];
  const store = (k: number): Code => [
    [get(out), get(column), add],
    get(sum(k)),
    simd(0x0b, 3, 16 * k), // v128.store
  ];
  const leaveIfDone = [get(at), get(end), 0x4f, 0x0d, 1]; // at >= end: out of the block
  return [
    listTerms(),
    loop, // over tiles of columns
    registers(clear),
    [get(list), set(at)],
    [0x02, 0x40, loop, leaveIfDone], // block, loop over the list
    [get(at), simd(0x0a, 2, 0), set(factor)], // v128.load64_splat
    [get(at), 0x28, 2, 8, get(column), add, set(source)], // i32.load
    registers(accumulate),
    increment(at, constant(entryBytes)),
    [0x0c, 0, close, close], // again; end of loop and block
    registers(store),
    increment(column, constant(tileBytes)),
    [get(column), get(rowBytes), isBelow, againIf],
    close, // end of loop
  ];
}

function rowFunction(): WasmFunction {
  const locals = [
    { count: numIntegers, type: wasmTypes.i32 },
    { count: numVectors, type: wasmTypes.v128 },
  ];
  return { numParameters: 7, locals, code: bytesOf(body()) };
}

function bytesOf(code: Code): readonly number[] {
  return typeof code === "number" ? [code] : code.flatMap(bytesOf);
}
