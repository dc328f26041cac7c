import { InputError } from "@quadrivium/core";
import { parquetWriteBuffer } from "hyparquet-writer";

/**
 * Writes a table as a Parquet file, compressed by Snappy: columns of numbers as 64-bit floats, columns
 * of texts as UTF-8; `null` marks what is missing.
 *
 * @throws E_PARQUET if the columns differ in length, or one holds both numbers and texts
 */
export function writeParquet(columns: {
  readonly [name: string]: ArrayLike<number | string | null>;
}): Uint8Array {
  const entries = Object.entries(columns).map(([name, column]) => ({
    name,
    data: Array.from(column),
  }));
  const numRows = entries[0]?.data.length ?? 0;
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: entries.map(({ name, data }) => {
        if (data.length !== numRows) {
          throw failed(`every column must have ${numRows} rows; got ${data.length} in "${name}"`);
        }
        const kinds = new Set(data.filter((value) => value !== null).map((value) => typeof value));
        if (kinds.size > 1) throw failed(`column "${name}" must not mix numbers and texts`);
        return { name, data, type: kinds.has("string") ? "STRING" : "DOUBLE" } as const;
      }),
    }),
  );
}

function failed(rule: string): InputError {
  return new InputError("E_PARQUET", `writeParquet: ${rule}`);
}
