import { ByteWriter } from "./bytes.test-helpers.js";

/** A tag to write: a group, a number of an encoded type, a text, or an array. */
export type DmTagToWrite =
  | { readonly group: readonly (readonly [name: string, tag: DmTagToWrite])[] }
  | { readonly int32: number }
  | { readonly float32: number }
  | { readonly text: string }
  | { readonly array: readonly number[]; readonly type: 2 | 4 | 6 | 10 }
  | { readonly complex: readonly number[] };

/** Writes a DM3 or DM4 file of these tags. */
export function writeDm(
  version: 3 | 4,
  root: DmTagToWrite & { group: unknown },
  littleEndian = true,
): Uint8Array {
  const body = new ByteWriter(littleEndian);
  const word = (value: number): ByteWriter => body.uint(value, version === 3 ? 4 : 8, false);
  const types = (...info: readonly number[]): void => {
    body.ascii("%%%%");
    word(info.length);
    for (const value of info) word(value);
  };
  const value = (tag: DmTagToWrite): void => {
    if ("int32" in tag) {
      types(3);
      body.uint(tag.int32, 4);
    } else if ("float32" in tag) {
      types(6);
      body.float32(tag.float32);
    } else if ("text" in tag) {
      types(20, 4, tag.text.length);
      for (const unit of tag.text) body.uint(unit.charCodeAt(0), 2);
    } else if ("array" in tag) {
      types(20, tag.type, tag.array.length);
      for (const element of tag.array) {
        if (tag.type === 6) body.float32(element);
        else body.uint(element, tag.type === 10 ? 1 : 2);
      }
    } else if ("complex" in tag) {
      types(20, 15, 0, 2, 0, 6, 0, 6, tag.complex.length / 2);
      for (const part of tag.complex) body.float32(part);
    }
  };
  const group = (entries: readonly (readonly [string, DmTagToWrite])[]): void => {
    body.raw([0, 0]);
    word(entries.length);
    for (const [name, tag] of entries) {
      body.raw(["group" in tag ? 20 : 21]);
      body.uint(name.length, 2, false).ascii(name);
      if (version === 4) word(0); // the size of what follows, which no reader needs
      if ("group" in tag) group(tag.group);
      else value(tag);
    }
  };
  group(root.group as readonly (readonly [string, DmTagToWrite])[]);
  const head = new ByteWriter(false).uint(version, 4);
  head.uint(body.parts.length, version === 3 ? 4 : 8).uint(littleEndian ? 1 : 0, 4);
  return Uint8Array.from([...head.parts, ...body.parts, 0, 0, 0, 0, 0, 0, 0, 0]);
}

/** The tags of one image: dimensions x first, pixel size in nm. */
export function dmImage(options: {
  readonly data: DmTagToWrite;
  readonly dataType: number;
  readonly dimensions: readonly number[];
  readonly scaleNm: number;
}): DmTagToWrite {
  const axis: DmTagToWrite = {
    group: [
      ["Origin", { float32: 0 }],
      ["Scale", { float32: options.scaleNm }],
      ["Units", { text: "nm" }],
    ],
  };
  return {
    group: [
      [
        "ImageData",
        {
          group: [
            [
              "Calibrations",
              {
                group: [
                  ["Dimension", { group: options.dimensions.map(() => ["", axis] as const) }],
                ],
              },
            ],
            ["Data", options.data],
            ["DataType", { int32: options.dataType }],
            ["Dimensions", { group: options.dimensions.map((n) => ["", { int32: n }] as const) }],
          ],
        },
      ],
      ["ImageTags", { group: [["Voltage", { float32: 60_000 }]] }],
    ],
  };
}
