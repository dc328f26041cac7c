import type { ElementType } from "../elements.js";
import { type Cursor, damaged, unsupported } from "./cursor.js";

/** What one element of a dataset or attribute is. */
export type Datatype =
  | {
      readonly kind: "number";
      readonly element: ElementType | "u8";
      readonly littleEndian: boolean;
      readonly size: number;
    }
  | { readonly kind: "text"; readonly size: number; readonly padding: number }
  | { readonly kind: "variable-text"; readonly size: number }
  | {
      readonly kind: "compound";
      readonly size: number;
      readonly members: readonly { name: string; offset: number; type: Datatype }[];
    }
  | { readonly kind: "other"; readonly size: number; readonly description: string };

const maxDepth = 8;

/** Reads a datatype message, versions 1 to 3 (4 where it does not differ). */
export function readDatatype(cursor: Cursor, depth = 0): Datatype {
  cursor.file.spend();
  if (depth > maxDepth) throw unsupported(`datatypes nest more than ${maxDepth} deep`);
  const head = cursor.u8();
  const bits = cursor.uint(3);
  const size = cursor.u32();
  if (size === 0) throw damaged(`a datatype of no size at byte ${cursor.at}`);
  const version = head >>> 4;
  const littleEndian = (bits & 1) === 0;
  switch (head & 15) {
    case 0: {
      const isWhole = cursor.u16() === 0 && cursor.u16() === 8 * size;
      const element = `${bits & 8 ? "i" : "u"}${size}`;
      return isWhole && [1, 2, 4, 8].includes(size)
        ? { kind: "number", element: element as ElementType | "u8", littleEndian, size }
        : { kind: "other", size, description: `integers of ${8 * size} bits, padded` };
    }
    case 1: {
      cursor.skip(5);
      const exponentSize = cursor.u8();
      cursor.skip(6);
      const isIeee = ({ 2: 5, 4: 8, 8: 11 } as { [size: number]: number })[size] === exponentSize;
      return isIeee && (bits & 0x40) === 0
        ? { kind: "number", element: `f${size}` as ElementType, littleEndian, size }
        : { kind: "other", size, description: `floats of ${8 * size} bits that are not IEEE 754` };
    }
    case 3:
      return { kind: "text", size, padding: bits & 15 };
    case 6:
      return readCompound(cursor, { size, version, numMembers: bits & 0xffff, depth });
    case 8: {
      // An enumeration is stored as its base type; h5py keeps booleans so.
      const base = readDatatype(cursor, depth + 1);
      for (let i = 0; i < (bits & 0xffff); i++) memberName(cursor, version);
      cursor.skip((bits & 0xffff) * size);
      return base;
    }
    case 9: {
      const base = readDatatype(cursor, depth + 1);
      if ((bits & 15) === 1) return { kind: "variable-text", size };
      return { kind: "other", size, description: `lists of varying length of ${base.kind}s` };
    }
    default: {
      const names = ["", "", "times", "", "bit fields", "opaque bytes", "", "references"];
      const description = names[head & 15] ?? "arrays";
      // The lengths of these bodies are not needed: nothing that is read stands behind them.
      return { kind: "other", size, description };
    }
  }
}

function readCompound(
  cursor: Cursor,
  options: { size: number; version: number; numMembers: number; depth: number },
): Datatype {
  const { size, version, numMembers, depth } = options;
  const offsetWidth = version < 3 ? 4 : Math.max(1, Math.ceil(Math.log2(size + 1) / 8));
  const members: { name: string; offset: number; type: Datatype }[] = [];
  for (let i = 0; i < numMembers; i++) {
    const name = memberName(cursor, version);
    const offset = cursor.uint(offsetWidth);
    if (version === 1) cursor.skip(28); // dimensions, which later versions keep in an array type
    const type = readDatatype(cursor, depth + 1);
    members.push({ name, offset, type });
    if (offset < 0 || offset + type.size > size) {
      throw damaged(`the member "${name}" lies outside its record`);
    }
    // The end of such a member cannot be known, so that those behind it cannot be read.
    if (type.kind === "other") break;
  }
  return { kind: "compound", size, members };
}

function memberName(cursor: Cursor, version: number): string {
  const start = cursor.at;
  const name = cursor.text();
  if (version < 3) cursor.skip((8 - ((cursor.at - start) % 8)) % 8);
  return name;
}

/** A datatype in words. */
export function describeType(type: Datatype): string {
  switch (type.kind) {
    case "number":
      return `numbers (${type.element})`;
    case "text":
    case "variable-text":
      return "text";
    case "compound":
      return `records of ${type.members.map(({ name }) => name).join(", ")}`;
    case "other":
      return type.description;
  }
}
