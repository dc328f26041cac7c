import { refuseFrame } from "./frame.js";

/** One page's fields. */
export interface TiffDirectory {
  /** The first value of a field. */
  readonly number: (tag: number) => number | undefined;
  /** All values of a field; empty where it is absent. */
  readonly numbers: (tag: number) => readonly number[];
  readonly text: (tag: number) => string | undefined;
}

/** Bytes of a value by field type; 5 and 10 are fractions. */
const widths: { readonly [type: number]: number } = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/** Whether bytes begin as a TIFF or BigTIFF file does. */
export function isTiff(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  const isLittle = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
  return isLittle || (a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43));
}

/** Reads the directories of all pages. */
export function readTiffDirectories(bytes: Uint8Array): {
  readonly directories: readonly TiffDirectory[];
  readonly littleEndian: boolean;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  const check = (at: number, length: number): number => {
    if (!(at >= 0 && at + length <= bytes.length)) {
      throw refuseFrame(
        `the TIFF file ends before byte ${at + length}; it is damaged or cut short`,
      );
    }
    return at;
  };
  const u16 = (at: number): number => view.getUint16(check(at, 2), littleEndian);
  const u32 = (at: number): number => view.getUint32(check(at, 4), littleEndian);
  const u64 = (at: number): number => Number(view.getBigUint64(check(at, 8), littleEndian));
  const isBig = u16(2) === 43;
  const pointer = isBig ? u64 : u32;
  const pointerSize = isBig ? 8 : 4;

  const valueAt = (type: number, at: number): number => {
    switch (type) {
      case 3:
        return u16(at);
      case 8:
        return view.getInt16(check(at, 2), littleEndian);
      case 4:
      case 13:
        return u32(at);
      case 9:
        return view.getInt32(check(at, 4), littleEndian);
      case 5:
        return u32(at) / u32(at + 4);
      case 10:
        return view.getInt32(check(at, 8), littleEndian) / view.getInt32(at + 4, littleEndian);
      case 11:
        return view.getFloat32(check(at, 4), littleEndian);
      case 12:
        return view.getFloat64(check(at, 8), littleEndian);
      case 16:
      case 17:
      case 18:
        return u64(at);
      default:
        return bytes[check(at, 1)];
    }
  };

  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let at = isBig ? u64(8) : u32(4);
  while (at !== 0) {
    if (seen.has(at)) throw refuseFrame("the TIFF file's pages lead in a circle");
    seen.add(at);
    const count = isBig ? u64(at) : u16(at);
    const first = at + (isBig ? 8 : 2);
    const entrySize = isBig ? 20 : 12;
    check(first, count * entrySize + pointerSize);
    const entries = new Map<number, { type: number; count: number; at: number }>();
    for (let i = 0; i < count; i++) {
      const entry = first + i * entrySize;
      const type = u16(entry + 2);
      const numValues = pointer(entry + 4);
      const width = widths[type];
      if (width === undefined) continue; // a field of a type to come says nothing here
      const inPlace = entry + 4 + pointerSize;
      const isInPlace = numValues * width <= pointerSize;
      const place = isInPlace ? inPlace : pointer(inPlace);
      entries.set(u16(entry), { type, count: numValues, at: place });
    }
    const numbers = (tag: number): number[] => {
      const field = entries.get(tag);
      if (field === undefined) return [];
      check(field.at, field.count * widths[field.type]);
      return Array.from({ length: field.count }, (_, i) =>
        valueAt(field.type, field.at + i * widths[field.type]),
      );
    };
    directories.push({
      numbers,
      number: (tag) => numbers(tag)[0],
      text: (tag) => {
        const field = entries.get(tag);
        if (field?.type !== 2) return undefined;
        const start = check(field.at, field.count);
        const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + field.count));
        return text.replace(/\0.*$/s, "");
      },
    });
    at = pointer(first + count * entrySize);
  }
  if (directories.length === 0) throw refuseFrame("the TIFF file holds no page");
  return { directories, littleEndian };
}
