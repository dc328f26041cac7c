import { hostArray } from "@quadrivium/core";
import { encode } from "fast-png";
import { setAttribute, writeHdf5 } from "../hdf5/hdf5.test-helpers.js";
import { writeNpy } from "../npy.js";
import { writeNpz } from "../npz.js";
import { writeZip } from "../zip.js";
import { ByteWriter } from "./bytes.test-helpers.js";
import { dmImage, writeDm } from "./dm.test-helpers.js";
import { writeTiff } from "./tiff.test-helpers.js";

/** The image that every format holds: all different, none symmetric. @shape [6, 8] */
export const height = 6;
export const width = 8;
export const image: readonly number[] = Array.from({ length: 48 }, (_, i) => (37 * i + 5) % 251);

const u16 = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Uint16Array.from(values).buffer);
const f32 = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

const nionCalibrations = [
  { offset: 0, scale: 0.0125, units: "nm" },
  { offset: 0, scale: 0.0125, units: "nm" },
];

const ndata = (names: readonly string[]): Uint8Array => {
  const files: { [name: string]: Uint8Array } = {
    "data.npy": writeNpy(hostArray(Float32Array.from(image), [height, width])),
    "metadata.json": new TextEncoder().encode(
      JSON.stringify({ dimensional_calibrations: nionCalibrations, title: "HAADF" }),
    ),
  };
  return writeZip(Object.fromEntries(names.map((name) => [name, files[name]])));
};

function writeMrc(littleEndian: boolean): Uint8Array {
  const out = new ByteWriter(littleEndian);
  for (const word of [width, height, 1, 6, 0, 0, 0, width, height, 1]) out.uint(word, 4);
  for (const length of [width * 0.5, height * 0.5, 1]) out.float32(length);
  while (out.parts.length < 92) out.uint(0, 4);
  out.uint(64, 4); // extended header
  while (out.parts.length < 208) out.uint(0, 4);
  out.ascii("MAP ").raw(littleEndian ? [0x44, 0x44, 0, 0] : [0x11, 0x11, 0, 0]);
  while (out.parts.length < 1024 + 64) out.uint(0, 4);
  for (const value of image) out.uint(value, 2);
  return out.bytes();
}

const tiffPage = { width, height, bits: 16, format: 1, samples: u16(image) } as const;

/** A file of each format with {@link image} in it. */
export interface FormatCase {
  readonly name: string;
  readonly write: () => Promise<Uint8Array> | Uint8Array;
  readonly pixelSizeAngstrom: number | null;
}

export const formatCases: readonly FormatCase[] = [
  {
    name: "a.npy",
    write: () => writeNpy(hostArray(Int32Array.from(image), [height, width])),
    pixelSizeAngstrom: null,
  },
  {
    name: "a.npz",
    write: () =>
      writeNpz({
        counts: hostArray(Float64Array.from(image), [height, width]),
        pixelSizeAngstrom: hostArray(Float64Array.of(0.2), []),
      }),
    pixelSizeAngstrom: 0.2,
  },
  {
    name: "16-bit.png",
    write: () => encode({ width, height, data: Uint16Array.from(image), depth: 16, channels: 1 }),
    pixelSizeAngstrom: null,
  },
  {
    name: "rgb.png",
    write: () =>
      encode({
        width,
        height,
        data: Uint8Array.from(image.flatMap((v) => [v, v, v])),
        depth: 8,
        channels: 3,
      }),
    pixelSizeAngstrom: null,
  },
  { name: "plain.tif", write: () => writeTiff([tiffPage]), pixelSizeAngstrom: null },
  ...(["lzw", "deflate", "packbits"] as const).map((compression) => ({
    name: `${compression}.tif`,
    write: () => writeTiff([{ ...tiffPage, compression }]),
    pixelSizeAngstrom: null,
  })),
  {
    name: "imagej.tif",
    write: () =>
      writeTiff([{ ...tiffPage, description: "ImageJ=1.53\nunit=nm", pixelsPerUnit: 12.5 }]),
    pixelSizeAngstrom: 0.8,
  },
  {
    name: "float.tif",
    write: () => writeTiff([{ ...tiffPage, bits: 32, format: 3, samples: f32(image) }]),
    pixelSizeAngstrom: null,
  },
  ...([3, 4] as const).map((version) => ({
    name: `a.dm${version}`,
    write: () =>
      writeDm(version, {
        group: [
          [
            "ImageList",
            {
              group: [
                [
                  "",
                  dmImage({
                    data: { array: [1, 2, 3, 4], type: 10 },
                    dataType: 6,
                    dimensions: [2, 2],
                    scaleNm: 1,
                  }),
                ],
                [
                  "",
                  dmImage({
                    data: { array: image, type: 6 },
                    dataType: 2,
                    dimensions: [width, height],
                    scaleNm: 0.03125,
                  }),
                ],
              ],
            },
          ],
        ],
      }),
    pixelSizeAngstrom: 0.3125,
  })),
  { name: "little.mrc", write: () => writeMrc(true), pixelSizeAngstrom: 0.5 },
  { name: "big.mrc", write: () => writeMrc(false), pixelSizeAngstrom: 0.5 },
  { name: "a.ndata", write: () => ndata(["data.npy", "metadata.json"]), pixelSizeAngstrom: 0.125 },
  { name: "a.ndata1", write: () => ndata(["metadata.json", "data.npy"]), pixelSizeAngstrom: 0.125 },
  ...hdf5Cases(),
];

function hdf5Cases(): FormatCase[] {
  const data = Float32Array.from(image);
  return [
    {
      name: "aicrystallographer.hdf5",
      write: () =>
        writeHdf5((file) => {
          const dataset = file.create_dataset({
            name: "nn_input",
            data,
            shape: [1, height, width, 1],
            dtype: "<f",
          });
          setAttribute(dataset, "scan size", 200);
          setAttribute(dataset, "metadata", '{"type of data": "HAADF"}');
        }),
      pixelSizeAngstrom: 0.25, // 200 pm over 8 pixels
    },
    {
      name: "ncem.emd",
      write: () =>
        writeHdf5((file) => {
          const group = file.create_group("data").create_group("image");
          setAttribute(group, "emd_group_type", 1);
          group.create_dataset({ name: "data", data, shape: [height, width], dtype: "<f" });
          for (const [name, length] of [
            ["dim1", height],
            ["dim2", width],
          ] as const) {
            const coordinates = Float64Array.from({ length }, (_, i) => 0.02 * i - 1);
            const scale = group.create_dataset({ name, data: coordinates, dtype: "<d" });
            setAttribute(scale, "units", "[n_m]");
          }
        }),
      pixelSizeAngstrom: 0.2,
    },
    {
      name: "velox.emd",
      write: () =>
        writeHdf5((file) => {
          const group = file.create_group("Data").create_group("Image").create_group("0f3a");
          group.create_dataset({
            name: "Data",
            data: Uint16Array.from(image),
            shape: [height, width, 1],
            dtype: "<H",
          });
          const text = JSON.stringify({
            BinaryResult: {
              PixelSize: { width: "1.25e-11", height: "1.25e-11" },
              PixelUnitX: "m",
              PixelUnitY: "m",
            },
          });
          const bytes = Uint8Array.from({ length: 300 }, (_, i) => text.charCodeAt(i) || 0);
          group.create_dataset({ name: "Metadata", data: bytes, shape: [300, 1], dtype: "<B" });
        }),
      pixelSizeAngstrom: 0.125,
    },
    {
      name: "pynsid.hf5",
      write: () =>
        writeHdf5((file) => {
          const group = file.create_group("Measurement_000").create_group("Channel_000");
          const dataset = group.create_dataset({
            name: "HAADF",
            data,
            shape: [height, width],
            dtype: "<f",
          });
          setAttribute(dataset, "data_type", "IMAGE");
          for (const [name, length] of [
            ["y", height],
            ["x", width],
          ] as const) {
            const coordinates = Float64Array.from({ length }, (_, i) => 0.03 * i);
            const scale = group.create_dataset({ name, data: coordinates, dtype: "<d" });
            setAttribute(scale, "units", "nm");
          }
        }),
      pixelSizeAngstrom: 0.3,
    },
    {
      name: "nion.h5",
      write: () =>
        writeHdf5((file) => {
          const dataset = file.create_dataset({
            name: "data",
            data,
            shape: [height, width],
            dtype: "<f",
          });
          const properties = { dimensional_calibrations: nionCalibrations };
          setAttribute(dataset, "properties", JSON.stringify(properties));
        }),
      pixelSizeAngstrom: 0.125,
    },
    {
      name: "a.dm5",
      write: () =>
        writeHdf5((file) => {
          const imageData = file
            .create_group("ImageList")
            .create_group("[0]")
            .create_group("ImageData");
          imageData.create_dataset({ name: "Data", data, shape: [height, width], dtype: "<f" });
          const dimension = imageData.create_group("Calibrations").create_group("Dimension");
          for (const name of ["[0]", "[1]"]) {
            const axis = dimension.create_group(name);
            setAttribute(axis, "Scale", 0.02);
            setAttribute(axis, "Units", "nm");
          }
        }),
      pixelSizeAngstrom: 0.2,
    },
  ];
}
