import { type HostArray, InputError, sizeOf } from "@quadrivium/core";
import { decodeElements } from "../elements.js";
import { Cursor, damaged, type Hdf5Bytes, unsupported, utf8 } from "./cursor.js";
import { type Datatype, describeType } from "./datatype.js";
import { readVariableText } from "./heaps.js";

/** Texts of a dataset or attribute. */
export interface TextArray {
  readonly shape: readonly number[];
  /** Row-major; padding removed. */
  readonly texts: readonly string[];
}

/** What a dataset or attribute holds: numbers, or texts. */
export type Hdf5Value = HostArray | TextArray;

/**
 * Decodes elements. Half floats become float32, short integers int32, unsigned 64-bit integers
 * int64.
 */
export function decodeValue(
  file: Hdf5Bytes,
  bytes: Uint8Array,
  options: { readonly type: Datatype; readonly shape: readonly number[]; readonly what: string },
): Hdf5Value {
  const { type, shape, what } = options;
  const count = sizeOf(shape);
  if (bytes.length < count * type.size) throw damaged(`${what} has too few bytes`);
  if (type.kind === "number") {
    const { littleEndian } = type;
    if (type.element !== "u8") return decodeElements(bytes, type.element, shape, { littleEndian });
    const array = decodeElements(bytes, "i8", shape, { littleEndian });
    const tooLarge = (array.data as BigInt64Array).find((value) => value < 0n);
    if (tooLarge === undefined) return array;
    const value = BigInt.asUintN(64, tooLarge);
    throw new InputError("E_DTYPE", `openHdf5: ${what} holds ${value}, beyond 2^63 - 1`);
  }
  if (type.kind === "text") {
    const texts = Array.from({ length: count }, (_, i) => {
      const text = utf8(bytes.subarray(i * type.size, (i + 1) * type.size)).replace(/\0.*$/s, "");
      return type.padding === 2 ? text.replace(/ +$/, "") : text;
    });
    return { shape, texts };
  }
  if (type.kind === "variable-text") {
    const start = bytes.byteOffset - file.bytes.byteOffset;
    const isInFile = bytes.buffer === file.bytes.buffer && start >= 0;
    const texts = Array.from({ length: count }, (_, i) => {
      const element = isInFile
        ? new Cursor(file, start + i * type.size, start + (i + 1) * type.size)
        : new Cursor(wrap(file, bytes), i * type.size, (i + 1) * type.size);
      return readVariableText(file, element);
    });
    return { shape, texts };
  }
  throw unsupported(`${what} must hold numbers or text; got ${describeType(type)}`);
}

/** Lets a cursor walk over bytes that were unpacked from chunks. */
function wrap(file: Hdf5Bytes, bytes: Uint8Array): Hdf5Bytes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { ...file, bytes, view };
}

/** Whether a value is texts. */
export function isText(value: Hdf5Value): value is TextArray {
  return "texts" in value;
}

/** The one text of a value, or the bytes of a `uint8` array read as UTF-8. */
export function textOf(value: Hdf5Value | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (isText(value)) return value.texts[0];
  if (value.dtype !== "uint8") return undefined;
  const data = value.data as Uint8Array;
  return utf8(data).replace(/\0.*$/s, "");
}

/** The one number of a value. */
export function numberOf(value: Hdf5Value | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(isText(value) ? value.texts[0] : value.data[0]);
  return Number.isFinite(number) ? number : undefined;
}
