import type { HostArray } from "@quadrivium/core";
import { isParquet, readCsv, readParquet, readTensors } from "@quadrivium/io";
import { dataError } from "./data.js";

/** The array to estimate from, and targets where the same file holds them. */
export interface FileArrays {
  readonly array: { readonly shape: readonly number[]; readonly values: Float64Array };
  readonly targets?: Float64Array;
}

const targetNames = ["y", "target", "targets", "label", "labels"];

/**
 * Reads features (a kernel, a spectrum) from npy, npz, safetensors, PyTorch, Parquet or csv content. Where a
 * file holds several arrays, one named `y` or `targets` is the target and the largest other the
 * data; a table's column of such a name likewise.
 *
 * @param chosen the array to use where a file holds several
 * @throws E_ESTIMATE_DATA if the content holds no numbers, or not the array chosen
 * @throws the reader's own errors for content that it cannot read
 */
export async function readArrays(
  bytes: Uint8Array,
  path: string,
  chosen?: string,
): Promise<FileArrays> {
  if (isParquet(bytes)) {
    const { columns, names, numRows } = await readParquet(bytes);
    if (names.length === 0) throw dataError(`"${path}" holds no columns of numbers; give some`);
    return fromColumns(columns, names, numRows);
  }
  if (/\.(csv|tsv|txt)$/i.test(path)) return readTable(bytes, path);
  const { tensors } = readTensors(bytes, path);
  const entries = Object.entries(tensors);
  const target = entries.find(([name]) => targetNames.includes(name.toLowerCase()));
  if (chosen !== undefined && tensors[chosen] === undefined) {
    const names = entries
      .map(([name]) => name)
      .sort()
      .join(", ");
    throw dataError(`"${path}" holds no array called "${chosen}"; it holds ${names}`);
  }
  const rest = entries.filter(([name]) =>
    chosen === undefined ? name !== target?.[0] || entries.length === 1 : name === chosen,
  );
  const largest = rest.toSorted(([, a], [, b]) => b.data.length - a.data.length)[0];
  if (largest === undefined) throw dataError(`"${path}" holds no arrays; give one of features`);
  const array = { shape: largest[1].shape, values: toFloat64(largest[1]) };
  return target === undefined || entries.length === 1
    ? { array }
    : { array, targets: toFloat64(target[1]) };
}

function toFloat64({ data }: HostArray): Float64Array {
  return Float64Array.from(data as ArrayLike<number | bigint>, Number);
}

function readTable(bytes: Uint8Array, path: string): FileArrays {
  const text = new TextDecoder().decode(bytes);
  const separator = /\.tsv$/i.test(path) ? "\t" : ",";
  const first = text.slice(0, text.search(/\r?\n|$/)).split(separator);
  // without names in its first line a file is all numbers
  const isBare = first.every((field) => field.trim() !== "" && Number.isFinite(Number(field)));
  const numLines = text.split(/\r?\n/).filter((line) => line.trim() !== "").length;
  if (!isBare && (numLines < 2 || (first.length === 1 && /\s/.test(first[0]!.trim())))) {
    throw dataError(
      `"${path}" must be npy, npz, safetensors, PyTorch, parquet, or csv with one line a sample and ` +
        `commas between numbers; it has ${numLines} line${numLines === 1 ? "" : "s"}, the first is ` +
        `${JSON.stringify(first[0]!.slice(0, 40))}`,
    );
  }
  const header = first.map((_, i) => `c${i}`).join(separator);
  const table = readCsv(isBare ? `${header}\n${text}` : text, { separator });
  const columns = Object.fromEntries(
    table.names.map((name) => [
      name,
      Float64Array.from(table.columns[name]!, (value, i) =>
        numberOf(value, `column ${name}, row ${i + 1}`),
      ),
    ]),
  );
  return fromColumns(columns, table.names, table.numRows);
}

function fromColumns(
  columns: { readonly [name: string]: Float64Array },
  allNames: readonly string[],
  numRows: number,
): FileArrays {
  const target = allNames.find((name) => targetNames.includes(name.toLowerCase()));
  const names = allNames.filter((name) => name !== target || allNames.length === 1);
  const values = new Float64Array(numRows * names.length);
  names.forEach((name, j) => {
    columns[name]!.forEach((value, i) => (values[i * names.length + j] = value));
  });
  const array = { shape: [numRows, names.length], values };
  if (target === undefined || allNames.length === 1) return { array };
  return { array, targets: columns[target]! };
}

function numberOf(value: number | string | null, where: string): number {
  if (typeof value === "number") return value;
  throw dataError(`every field must be a number; got ${JSON.stringify(value)} in ${where}`);
}
