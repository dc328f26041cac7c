import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { readParquet } from "./parquet.js";
import { writeParquet } from "./write-parquet.js";

const table = {
  clock: ["step", "step", 'a, "b"\nÅ', null],
  n: [0, 1, 2 ** 40, -1],
  value: [0.1, Number.NaN, Number.POSITIVE_INFINITY, null],
};

/** Rows as another reader gives them. */
async function read(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const buffer = new Uint8Array(bytes).buffer;
  return parquetReadObjects({
    file: { byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) },
  });
}

describe("writeParquet", () => {
  test("writes texts and 64-bit floats, gaps apart from numbers that are not finite", async () => {
    expect(await read(writeParquet(table))).toEqual(
      table.n.map((n, row) => ({ clock: table.clock[row], n, value: table.value[row] })),
    );
  });

  test("keeps many rows, in columns that say their type", async () => {
    const n = Array.from({ length: 5000 }, (_, i) => i / 3);
    const name = n.map((_, i) => `metric ${i % 7}`);
    const bytes = writeParquet({ name, n });
    const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
    expect(metadata.schema.slice(1).map(({ name, type }) => [name, type])).toEqual([
      ["name", "BYTE_ARRAY"],
      ["n", "DOUBLE"],
    ]);
    const back = await readParquet(bytes);
    expect(Array.from(back.columns["n"]!)).toEqual(n);
    expect((await read(bytes)).map((row) => row["name"])).toEqual(name);
  });

  test("writes a table without rows", async () => {
    expect(await readParquet(writeParquet({ n: [] }))).toMatchObject({ names: ["n"], numRows: 0 });
  });

  test("refuses columns that differ in length or mix numbers and texts", () => {
    expect(() => writeParquet({ a: [1, 2], b: [1] })).toThrow(
      'every column must have 2 rows; got 1 in "b"',
    );
    expect(() => writeParquet({ a: [1, "x"] })).toThrow(
      'column "a" must not mix numbers and texts',
    );
  });
});
