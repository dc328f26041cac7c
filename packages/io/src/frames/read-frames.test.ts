import { hostArray } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { writeHdf5 } from "../hdf5/hdf5.test-helpers.js";
import { writeNpy } from "../npy.js";
import { dmImage, type DmTagToWrite, writeDm } from "./dm.test-helpers.js";
import { formatCases, height, image, width } from "./frames.test-helpers.js";
import { readFrames } from "./read-frames.js";
import { writeTiff } from "./tiff.test-helpers.js";

describe.each(formatCases)("readFrames of $name", ({ name, write, pixelSizeAngstrom }) => {
  test("gives the image row by row and the calibration", async () => {
    const frames = readFrames(await write(), name);
    expect(frames).toHaveLength(1);
    const [frame] = frames;
    expect([frame.height, frame.width]).toEqual([height, width]);
    expect(Array.from(frame.counts)).toEqual(image);
    expect(frame.pixelSizeAngstrom && Math.round(frame.pixelSizeAngstrom * 1e6) / 1e6).toBe(
      pixelSizeAngstrom,
    );
  });

  test("tells the format from the content, whatever the name", async () => {
    const bytes = await write();
    const byName = readFrames(bytes, name)[0].source;
    expect(readFrames(bytes, "frame.bin")[0].source).toEqual(byName);
  });
});

const dm = (data: DmTagToWrite, dataType: number, dimensions: readonly number[]): Uint8Array =>
  writeDm(3, {
    group: [["ImageList", { group: [["", dmImage({ data, dataType, dimensions, scaleNm: 1 })]] }]],
  });

describe("readFrames", () => {
  test("splits stacks into frames that say which they are", () => {
    const data = Float32Array.from({ length: 3 * 4 * 5 }, (_, i) => i);
    const frames = readFrames(writeNpy(hostArray(data, [3, 4, 5])), "stack.npy");
    expect(frames.map(({ source }) => source.detail)).toEqual([
      "array, frame 0 of 3",
      "array, frame 1 of 3",
      "array, frame 2 of 3",
    ]);
    expect(Array.from(frames[2].counts)).toEqual(Array.from(data.subarray(40)));
    const page = { width: 5, height: 4, bits: 8, format: 1 } as const;
    const pages = [1, 2].map((value) => ({ ...page, samples: new Uint8Array(20).fill(value) }));
    expect(readFrames(writeTiff(pages), "two.tif").map(({ counts }) => counts[7])).toEqual([1, 2]);
  });

  test("keeps numbers that float32 cannot hold in float64", () => {
    const wide = readFrames(writeNpy(hostArray(Int32Array.of(2 ** 25 + 1, 1, 2, 3), [2, 2])), "x");
    expect(wide[0].counts).toEqual(Float64Array.of(2 ** 25 + 1, 1, 2, 3));
    const narrow = readFrames(writeNpy(hostArray(Int32Array.of(7, 1, 2, 3), [2, 2])), "x");
    expect(narrow[0].counts).toEqual(Float32Array.of(7, 1, 2, 3));
  });

  test("states no pixel size where pixels are not square", async () => {
    const axis = (scale: number): DmTagToWrite => ({
      group: [
        ["Scale", { float32: scale }],
        ["Units", { text: "nm" }],
      ],
    });
    const bytes = writeDm(4, {
      group: [
        [
          "ImageList",
          {
            group: [
              [
                "",
                {
                  group: [
                    [
                      "ImageData",
                      {
                        group: [
                          [
                            "Calibrations",
                            {
                              group: [
                                [
                                  "Dimension",
                                  {
                                    group: [
                                      ["", axis(1)],
                                      ["", axis(2)],
                                    ],
                                  },
                                ],
                              ],
                            },
                          ],
                          ["Data", { array: [1, 2, 3, 4], type: 6 }],
                          ["DataType", { int32: 2 }],
                          [
                            "Dimensions",
                            {
                              group: [
                                ["", { int32: 2 }],
                                ["", { int32: 2 }],
                              ],
                            },
                          ],
                        ],
                      },
                    ],
                  ],
                },
              ],
            ],
          },
        ],
      ],
    });
    expect(readFrames(bytes, "x.dm4")[0].pixelSizeAngstrom).toBeNull();
  });

  test("refuses complex numbers, lists, wrong sizes and unknown content, each in one sentence", async () => {
    expect(() => readFrames(dm({ complex: [1, 2, 3, 4, 5, 6, 7, 8] }, 3, [2, 2]), "x.dm3")).toThrow(
      /image 0 of the DM file must hold real numbers; got complex numbers/,
    );
    expect(() => readFrames(dm({ array: [1, 2, 3], type: 6 }, 2, [2, 2]), "x.dm3")).toThrow(
      /has dimensions \[2, 2\] but 3 numbers/,
    );
    const list = writeNpy(hostArray(Float32Array.of(1, 2, 3), [3]));
    expect(() => readFrames(list, "x.npy")).toThrow(
      /array must have 2 axes, or 3 for a stack; got \[3\]/,
    );
    const text = await writeHdf5((file) => file.create_dataset({ name: "a", data: ["b"] }));
    expect(() => readFrames(text, "x.h5")).toThrow(
      /must hold an image of real numbers; got \/a \[1\] text/,
    );
    expect(() => readFrames(Uint8Array.of(1, 2, 3), "x.bin")).toThrow(
      /"x.bin" must be npy, .* got 3 bytes that begin 01 02 03/,
    );
    expect(() => readFrames(new Uint8Array(0), "x.mrc")).toThrow(
      /an MRC header takes 1024 bytes; got 0/,
    );
    const colours = writeTiff([
      { width: 2, height: 2, bits: 64, format: 1, samples: new Uint8Array(32) },
    ]);
    expect(() => readFrames(colours, "x.tif")).toThrow(
      /must hold 8 to 64-bit integers or floats; got 64 bits of format 1/,
    );
  });
});
