import type { ElementType } from "../elements.js";
import { refuseFrame } from "./frame.js";

/** A tag of a DigitalMicrograph file: a group of tags, a plain value, or an array left in place. */
export type DmTag =
  | { readonly kind: "group"; readonly entries: readonly (readonly [name: string, tag: DmTag])[] }
  | { readonly kind: "value"; readonly value: number | boolean | string | readonly number[] }
  | {
      readonly kind: "array";
      /** `undefined` where elements are records, such as complex numbers and colours. */
      readonly element: ElementType | undefined;
      readonly length: number;
      readonly bytes: Uint8Array;
    };

export interface DmFile {
  readonly version: 3 | 4;
  readonly littleEndian: boolean;
  readonly root: DmTag & { kind: "group" };
}

interface Scalar {
  readonly element: ElementType;
  readonly width: number;
}

/** Encoded types that are single numbers. */
const scalars: { readonly [code: number]: Scalar } = {
  2: { element: "i2", width: 2 },
  3: { element: "i4", width: 4 },
  4: { element: "u2", width: 2 },
  5: { element: "u4", width: 4 },
  6: { element: "f4", width: 4 },
  7: { element: "f8", width: 8 },
  8: { element: "b1", width: 1 },
  9: { element: "i1", width: 1 },
  10: { element: "u1", width: 1 },
  11: { element: "i8", width: 8 },
  12: { element: "i8", width: 8 },
};
const [structCode, stringCode, arrayCode] = [15, 18, 20];
const [groupTag, dataTag] = [20, 21];
const maxDepth = 64;
const maxText = 1 << 16;

/** Whether bytes begin as a DM3 or DM4 file does: version, a size, a byte order of 0 or 1. */
export function isDm(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes[0] !== 0 || bytes[1] !== 0 || bytes[2] !== 0) return false;
  if (bytes[3] !== 3 && bytes[3] !== 4) return false;
  const order = bytes[3] === 3 ? 8 : 12;
  return (
    bytes[order] === 0 && bytes[order + 1] === 0 && bytes[order + 2] === 0 && bytes[order + 3] <= 1
  );
}

/** Reads the tags of a DM3 or DM4 file. Structure is big-endian; values follow the header's flag. */
export function readDmTags(bytes: Uint8Array): DmFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const skip = (length: number): number => {
    if (!(length >= 0 && at + length <= bytes.length)) {
      throw refuseFrame(`the DM file ends inside a tag at byte ${at}; it is damaged or cut short`);
    }
    at += length;
    return at - length;
  };
  const version = view.byteLength < 16 ? 0 : view.getInt32(skip(4));
  if (version !== 3 && version !== 4)
    throw refuseFrame(`DM version must be 3 or 4; got ${version}`);
  const word = (): number =>
    version === 3 ? view.getUint32(skip(4)) : Number(view.getBigUint64(skip(8)));
  word(); // size of the file
  const littleEndian = view.getInt32(skip(4)) === 1;

  const number = ({ element, width }: Scalar): number => {
    const place = skip(width);
    switch (element) {
      case "i2":
        return view.getInt16(place, littleEndian);
      case "i4":
        return view.getInt32(place, littleEndian);
      case "u2":
        return view.getUint16(place, littleEndian);
      case "u4":
        return view.getUint32(place, littleEndian);
      case "f4":
        return view.getFloat32(place, littleEndian);
      case "f8":
        return view.getFloat64(place, littleEndian);
      case "i8":
        return Number(view.getBigInt64(place, littleEndian));
      case "i1":
        return view.getInt8(place);
      default:
        return view.getUint8(place);
    }
  };
  const scalar = (code: number): Scalar => {
    const found = scalars[code];
    if (found === undefined) throw refuseFrame(`DM type ${code} at byte ${at} is not known`);
    return found;
  };
  /** The widths of a record's fields, as the type description lists them. */
  const fields = (info: () => number): Scalar[] => {
    info(); // length of a name that is not there
    const count = info();
    if (count > 1024) throw refuseFrame(`a DM record has ${count} fields at byte ${at}`);
    return Array.from({ length: count }, () => {
      info();
      return scalar(info());
    });
  };
  const readData = (): DmTag => {
    const mark = skip(4);
    if (view.getUint32(mark) !== 0x25252525)
      throw refuseFrame(`a DM tag lacks its %%%% at byte ${mark}`);
    const numInfo = word();
    const infoStart = at;
    const infoEnd = infoStart + numInfo * (version === 3 ? 4 : 8);
    const info = (): number => {
      if (at >= infoEnd) throw refuseFrame(`a DM type ends too early at byte ${at}`);
      return word();
    };
    const code = info();
    if (code === stringCode) {
      const length = info();
      const start = skip(Math.min(2 * length, bytes.length));
      return { kind: "value", value: utf16(bytes.subarray(start, at)) };
    }
    if (code === structCode) {
      const types = fields(info);
      return { kind: "value", value: types.map(number) };
    }
    if (code === arrayCode) {
      const elementCode = info();
      const isRecord = elementCode === structCode;
      const types = isRecord ? fields(info) : [scalar(elementCode)];
      const length = info();
      const width = types.reduce((sum, type) => sum + type.width, 0);
      const start = skip(length * width);
      const body = bytes.subarray(start, at);
      return {
        kind: "array",
        element: isRecord ? undefined : types[0].element,
        length,
        bytes: body,
      };
    }
    const value = number(scalar(code));
    return { kind: "value", value: code === 8 ? value !== 0 : value };
  };
  const utf16 = (units: Uint8Array): string =>
    new TextDecoder(littleEndian ? "utf-16le" : "utf-16be").decode(units);
  const readGroup = (depth: number): DmTag & { kind: "group" } => {
    if (depth > maxDepth) throw refuseFrame(`DM groups nest more than ${maxDepth} deep`);
    skip(2); // sorted, open
    const count = word();
    const entries: [string, DmTag][] = [];
    for (let i = 0; i < count; i++) {
      const kind = bytes[skip(1)];
      if (kind === 0) break;
      const nameLength = view.getUint16(skip(2));
      const nameStart = skip(nameLength);
      const name = new TextDecoder("latin1").decode(bytes.subarray(nameStart, at));
      if (version === 4) skip(8); // size of what follows
      if (kind === groupTag) entries.push([name, readGroup(depth + 1)]);
      else if (kind === dataTag) entries.push([name, readData()]);
      else throw refuseFrame(`a DM tag must be 20 or 21; got ${kind} at byte ${at}`);
    }
    return { kind: "group", entries };
  };
  return { version, littleEndian, root: readGroup(0) };
}

/** The tag that a path of names, or of numbers among unnamed ones, leads to. */
export function dmTag(
  tag: DmTag | undefined,
  ...path: readonly (string | number)[]
): DmTag | undefined {
  let here = tag;
  for (const step of path) {
    if (here?.kind !== "group") return undefined;
    here =
      typeof step === "number"
        ? here.entries[step]?.[1]
        : here.entries.find(([name]) => name === step)?.[1];
  }
  return here;
}

/** A tag's value as a number. */
export function dmNumber(tag: DmTag | undefined): number | undefined {
  return tag?.kind === "value" && typeof tag.value === "number" ? tag.value : undefined;
}

/** A tag's value as text: texts are stored as arrays of 16-bit units. */
export function dmText(tag: DmTag | undefined, littleEndian: boolean): string | undefined {
  if (tag?.kind === "value" && typeof tag.value === "string") return tag.value;
  if (tag?.kind !== "array" || tag.element !== "u2" || tag.length > maxText) return undefined;
  return new TextDecoder(littleEndian ? "utf-16le" : "utf-16be").decode(tag.bytes);
}
