import type { Figure } from "@quadrivium/core";

/** Columns of a table from rows, for export. */
export function columnsOf<Row extends { readonly [column: string]: number | string }>(
  rows: readonly Row[],
): NonNullable<Figure["data"]> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}
