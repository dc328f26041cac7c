import { describe, expect, test } from "vitest";
import { unpackChunk } from "./filters.js";
import { unlzf } from "./lzf.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const joined = (...parts: (number | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...bytes(part)])));

// Streams written out by hand from the format's description.
describe("unlzf", () => {
  test("literals, references that overlap themselves, lengths of more than three bits", () => {
    // three literals; nine bytes from three back; two literals; three bytes from ten back
    const packed = joined(2, "abc", 0xe0, 0, 2, 1, "xy", 0x20, 9);
    expect(unlzf(packed, 17)).toEqual(bytes("abcabcabcabcxybca"));
  });

  test("references back over more than 256 bytes", () => {
    const first = "0123456789abcdefghijklmnopqrstuv";
    const literals = Array.from({ length: 9 }, () => [31, first]).flat();
    // 288 bytes written; four bytes from 288 back: a distance of 287 is 1·256 + 31
    const packed = joined(...literals, 0x41, 31);
    expect(unlzf(packed, 292)).toEqual(bytes(first.repeat(9) + "0123"));
  });

  test.each([
    ["cut in a literal", joined(3, "ab"), 4],
    ["cut in a reference", joined(0, "a", 0x20), 4],
    ["a reference before the beginning", joined(0, "a", 0x20, 1), 4],
    ["more than the chunk holds", joined(3, "abcd"), 3],
    ["less than the chunk holds", joined(3, "abcd"), 5],
  ])("%s is damage", (_, packed, size) => {
    expect(() => unlzf(packed, size)).toThrow(/LZF/);
  });

  test("undoes h5py's filter 32000 behind shuffle", () => {
    const filters = [
      { id: 2, name: "shuffle", values: [2] },
      { id: 32_000, name: "lzf", values: [4, 261, 6] },
    ];
    // 0x0201, 0x0401, 0x0601 sorted into low and high bytes: 1 1 1 2 4 6
    const packed = joined(0, 1, 0, 1, 3, 1, 2, 4, 6);
    const found = unpackChunk(packed, filters, { mask: 0, size: 6 });
    expect([...found]).toEqual([1, 2, 1, 4, 1, 6]);
  });
});
