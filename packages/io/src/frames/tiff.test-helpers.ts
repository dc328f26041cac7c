import { zlibSync } from "fflate";
import { ByteWriter } from "./bytes.test-helpers.js";

interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** Bytes of the samples in file order. */
  readonly samples: Uint8Array;
  readonly bits: number;
  readonly format: 1 | 2 | 3;
  readonly channels?: number;
  readonly compression?: "none" | "lzw" | "deflate" | "packbits";
  readonly description?: string;
  readonly pixelsPerUnit?: number;
}

const codes = { none: 1, lzw: 5, deflate: 8, packbits: 32773 } as const;

/** Writes a classic TIFF file, one strip a page. */
export function writeTiff(pages: readonly TiffPage[], littleEndian = true): Uint8Array {
  const out = new ByteWriter(littleEndian);
  out.ascii(littleEndian ? "II" : "MM").uint(42, 2);
  let next = 8;
  const blocks: { entries: [number, number, number, number][]; extra: ByteWriter }[] = [];
  for (const [index, page] of pages.entries()) {
    const compression = page.compression ?? "none";
    const packed = pack(page.samples, compression);
    const entries: [tag: number, type: number, count: number, value: number][] = [];
    const count =
      10 + (page.description === undefined ? 0 : 1) + (page.pixelsPerUnit === undefined ? 0 : 2);
    const extra = new ByteWriter(littleEndian);
    const at = (): number => next + 2 + 12 * count + 4 + extra.parts.length;
    entries.push([256, 4, 1, page.width], [257, 4, 1, page.height], [258, 3, 1, page.bits]);
    entries.push([259, 3, 1, codes[compression]], [262, 3, 1, 1]);
    if (page.description !== undefined) {
      const text = `${page.description}\n\0\0\0`; // more than fits in place
      entries.push([270, 2, text.length, at()]);
      extra.ascii(text);
    }
    entries.push([273, 4, 1, at()]);
    extra.raw(packed);
    entries.push([277, 3, 1, page.channels ?? 1], [278, 4, 1, page.height]);
    entries.push([279, 4, 1, packed.length]);
    for (const tag of page.pixelsPerUnit === undefined ? [] : [282, 283]) {
      entries.push([tag, 5, 1, at()]);
      extra.uint(Math.round(page.pixelsPerUnit! * 1000), 4).uint(1000, 4);
    }
    entries.push([339, 3, 1, page.format]);
    blocks.push({ entries, extra });
    const end = next + 2 + 12 * count + 4 + extra.parts.length;
    if (index === 0) out.uint(8, 4);
    out.uint(entries.length, 2);
    for (const [tag, type, number, value] of entries) {
      out.uint(tag, 2).uint(type, 2).uint(number, 4);
      if (type === 3) out.uint(value, 2).uint(0, 2);
      else out.uint(value, 4);
    }
    out.uint(index + 1 < pages.length ? end : 0, 4).raw(extra.parts);
    next = end;
  }
  return out.bytes();
}

function pack(data: Uint8Array, compression: keyof typeof codes): Uint8Array {
  if (compression === "deflate") return zlibSync(data);
  if (compression === "lzw") return packLzw(data);
  if (compression === "none") return data;
  // PackBits: runs of one byte where there are any, else single bytes.
  const out: number[] = [];
  for (let at = 0; at < data.length;) {
    let run = 1;
    while (run < 128 && at + run < data.length && data[at + run] === data[at]) run++;
    out.push(run > 1 ? 257 - run : 0, data[at]);
    at += run;
  }
  return Uint8Array.from(out);
}

/** The textbook compressor: a table of strings, codes from 9 to 12 bits, widened one code early. */
function packLzw(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let bits = 0;
  let numBits = 0;
  let width = 9;
  const emit = (code: number): void => {
    bits = bits * 2 ** width + code;
    numBits += width;
    while (numBits >= 8) {
      numBits -= 8;
      const byte = Math.floor(bits / 2 ** numBits);
      out.push(byte & 255);
      bits -= byte * 2 ** numBits;
    }
  };
  let table = new Map<string, number>();
  const reset = (): void => {
    emit(256);
    table = new Map(Array.from({ length: 256 }, (_, i) => [String.fromCharCode(i), i]));
    width = 9;
  };
  let next = 258;
  reset();
  let text = "";
  for (const byte of data) {
    const longer = text + String.fromCharCode(byte);
    if (table.has(longer)) {
      text = longer;
      continue;
    }
    emit(table.get(text)!);
    table.set(longer, next++);
    if (next === 511 || next === 1023 || next === 2047) width++;
    if (next === 4093) {
      reset();
      next = 258;
    }
    text = String.fromCharCode(byte);
  }
  emit(table.get(text)!);
  emit(257);
  if (numBits > 0) out.push((bits * 2 ** (8 - numBits)) & 255);
  return Uint8Array.from(out);
}
