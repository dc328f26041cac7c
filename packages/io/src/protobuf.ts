import { InputError } from "@quadrivium/core";

/** What a field holds; `repeated` fields are lists. */
export interface ProtoField {
  readonly number: number;
  readonly kind: "float" | "double" | "int" | "bytes" | "text" | ProtoMessage;
  readonly repeated?: boolean;
}

/** A message's fields by name. */
export interface ProtoMessage {
  readonly name: string;
  readonly fields: { readonly [name: string]: ProtoField };
}

/** A decoded field. */
export type ProtoValue =
  | number
  | string
  | Uint8Array
  | ProtoRecord
  | readonly (number | string | Uint8Array | ProtoRecord)[];

/** A decoded message: only the fields that were set. */
export interface ProtoRecord {
  readonly [name: string]: ProtoValue | undefined;
}

const [varint, fixed64, delimited, fixed32] = [0, 1, 2, 5];
const maxDepth = 32;

/**
 * Decodes a Protocol Buffers message; fields that the description lacks are left out.
 *
 * Floats are 32-bit, doubles 64-bit; integers must stay below 2^53.
 *
 * @throws E_PROTO if the bytes are cut short or contradict the description
 * @source Protocol Buffers, Encoding
 */
export function decodeProto(message: ProtoMessage, bytes: Uint8Array, depth = 0): ProtoRecord {
  const fail = (rule: string): InputError =>
    new InputError("E_PROTO", `decodeProto: ${message.name} ${rule}`);
  if (depth > maxDepth) throw fail(`nests more than ${maxDepth} deep`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const byNumber = new Map(
    Object.entries(message.fields).map(([name, field]) => [field.number, { name, field }]),
  );
  let at = 0;
  const readVarint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) throw fail("is cut short");
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        const signed = Number(BigInt.asIntN(64, value));
        if (!Number.isSafeInteger(signed)) throw fail(`holds ${value}, beyond 2^53`);
        return signed;
      }
    }
    throw fail("holds a number of more than ten bytes");
  };
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && at + length <= bytes.length)) throw fail("is cut short");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const record: { [name: string]: ProtoValue } = {};
  while (at < bytes.length) {
    const tag = readVarint();
    const wire = tag & 7;
    const known = byNumber.get(Math.floor(tag / 8));
    const place = at;
    let raw: number | Uint8Array;
    if (wire === varint) raw = readVarint();
    else if (wire === fixed64) raw = take(8);
    else if (wire === delimited) raw = take(readVarint());
    else if (wire === fixed32) raw = take(4);
    else throw fail(`has a field of wire type ${wire}`);
    if (known === undefined) continue;
    const { name, field } = known;
    const { kind } = field;
    const put = (value: number | string | Uint8Array | ProtoRecord): void => {
      if (field.repeated !== true) record[name] = value;
      else ((record[name] ??= []) as unknown[]).push(value);
    };
    if (kind === "int" && typeof raw === "number") put(raw);
    else if (kind === "float" && wire === fixed32) put(view.getFloat32(place, true));
    else if (kind === "double" && wire === fixed64) put(view.getFloat64(place, true));
    else if (typeof raw === "number" || wire !== delimited)
      throw fail(`has ${name} of another type`);
    else if (kind === "bytes") put(raw.slice());
    else if (kind === "text") put(new TextDecoder().decode(raw));
    else if (typeof kind === "object") put(decodeProto(kind, raw, depth + 1));
    else throw fail(`has ${name} of another type`);
  }
  return record;
}

/** Encodes a message, fields in the order of their numbers; what is not set is not written. */
export function encodeProto(message: ProtoMessage, record: ProtoRecord): Uint8Array {
  const out: number[] = [];
  const writeVarint = (value: number): void => {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      out.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    out.push(Number(rest));
  };
  const writeBytes = (number: number, bytes: Uint8Array): void => {
    writeVarint(number * 8 + delimited);
    writeVarint(bytes.length);
    for (const byte of bytes) out.push(byte);
  };
  const fields = Object.entries(message.fields).toSorted(([, a], [, b]) => a.number - b.number);
  for (const [name, { number, kind, repeated }] of fields) {
    const given = record[name];
    if (given === undefined) continue;
    for (const value of repeated === true ? (given as readonly ProtoValue[]) : [given]) {
      if (kind === "int") {
        writeVarint(number * 8 + varint);
        writeVarint(value as number);
      } else if (kind === "float") {
        writeVarint(number * 8 + fixed32);
        const view = new DataView(new ArrayBuffer(4));
        view.setFloat32(0, value as number, true);
        out.push(...new Uint8Array(view.buffer));
      } else if (kind === "double") {
        writeVarint(number * 8 + fixed64);
        const view = new DataView(new ArrayBuffer(8));
        view.setFloat64(0, value as number, true);
        out.push(...new Uint8Array(view.buffer));
      } else if (kind === "bytes") writeBytes(number, value as Uint8Array);
      else if (kind === "text") writeBytes(number, new TextEncoder().encode(value as string));
      else writeBytes(number, encodeProto(kind, value as ProtoRecord));
    }
  }
  return Uint8Array.from(out);
}
