import { describe, expect, test } from "vitest";
import { key, streamOf } from "@quadrivium/core";
import { addProduct, addSelectedProduct, product } from "./multiply.js";

/** Entries of size 1, every fourth of them 0. */
function matrix(seed: number, length: number): Float64Array {
  const stream = streamOf(key(seed));
  return Float64Array.from({ length }, (_, at) => (at % 4 === 3 ? 0 : stream.normal()));
}

/** The definition, term by term. */
function reference(
  left: Float64Array,
  right: Float64Array,
  { rows, inner, columns }: { rows: number; inner: number; columns: number },
  counts: (k: number, x: number) => boolean = () => true,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      for (let k = 0; k < inner; k++) {
        const x = left[i * inner + k];
        if (counts(k, x)) out[i * columns + j] += x * right[k * columns + j];
      }
    }
  }
  return out;
}

const sizes = [
  { rows: 1, inner: 1, columns: 1 },
  { rows: 3, inner: 7, columns: 11 },
  { rows: 2, inner: 9, columns: 12 },
  { rows: 4, inner: 33, columns: 13 },
  { rows: 5, inner: 300, columns: 59 }, // grows the memory
  { rows: 3, inner: 40, columns: 113 },
];

describe.each(sizes)("products of %o", (size) => {
  const { rows, inner, columns } = size;
  const left = matrix(1, rows * inner);
  const right = matrix(2, inner * columns);

  test("equal the definition to the last bit, terms added in its order", () => {
    expect(product(left, right, size)).toEqual(reference(left, right, size));
  });

  test("leave out negative entries where they are to be rectified", () => {
    const out = new Float64Array(rows * columns);
    addProduct(left, right, out, { ...size, isRectified: true });
    expect(out).toEqual(reference(left, right, size, (_, x) => x > 0));
  });

  test("sum over selected indices only, on top of what is there", () => {
    const selected = Int32Array.from([0, 2, 5, 8].filter((k) => k < inner));
    const out = new Float64Array(rows * columns).fill(1);
    addSelectedProduct(left, right, out, { ...size, selected });
    const expected = reference(left, right, size, (k) => selected.includes(k)).map((x) => 1 + x);
    expect(out).toEqual(expected);
  });
});

test("an empty selection adds nothing, entries that are no numbers count unless rectified", () => {
  const size = { rows: 1, inner: 2, columns: 2 };
  const out = new Float64Array(2);
  const one = Float64Array.of(1, 1, 1, 1);
  addSelectedProduct(one, one, out, { ...size, selected: new Int32Array(0) });
  expect(out).toEqual(Float64Array.of(0, 0));
  expect(product(Float64Array.of(NaN, 1), one, size)).toEqual(Float64Array.of(NaN, NaN));
  addProduct(Float64Array.of(NaN, 1), one, out, { ...size, isRectified: true });
  expect(out).toEqual(Float64Array.of(1, 1));
});
