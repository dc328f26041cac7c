import { hostArray, type Json } from "@quadrivium/core";
import type { Hdf5Dataset, Hdf5Group } from "../hdf5/hdf5.js";
import {
  angstroms,
  framesOf,
  jsonObject,
  member,
  type MicroscopeFrame,
  refuseFrame,
} from "./frame.js";
import { numbers } from "./hdf5-numbers.js";

/** Whether a file is laid out as Velox does: Data/Image/<id>/Data. */
export function isVelox(root: Hdf5Group): boolean {
  return root.get("Data/Image")?.kind === "group";
}

/** Frames of a Velox file: each image is (H, W, frames), with JSON metadata in columns of bytes. */
export function readVelox(root: Hdf5Group): MicroscopeFrame[] {
  const images = root.get("Data/Image");
  if (images?.kind !== "group") throw refuseFrame("Data/Image must be a group");
  const frames = images.names.flatMap((id) => {
    const data = images.get(`${id}/Data`);
    if (data?.kind !== "dataset") return [];
    return readImage(data, metadataOf(images.get(`${id}/Metadata`)));
  });
  if (frames.length === 0) throw refuseFrame("the Velox file holds no image under Data/Image");
  return frames;
}

function readImage(
  dataset: Hdf5Dataset,
  metadata: { readonly [name: string]: Json },
): MicroscopeFrame[] {
  const array = numbers(dataset);
  if (array.shape.length !== 3) {
    throw refuseFrame(
      `${dataset.path} must be (height, width, frames); got [${array.shape.join(", ")}]`,
    );
  }
  const [height, width, count] = array.shape;
  const pixel = (axis: "width" | "height"): number | null => {
    const size = Number(member(metadata, "BinaryResult", "PixelSize", axis));
    const unit = member(metadata, "BinaryResult", axis === "width" ? "PixelUnitX" : "PixelUnitY");
    return angstroms(size, typeof unit === "string" ? unit : "m");
  };
  // Frames run fastest; bring them to the front.
  const front = Float64Array.from({ length: array.data.length }, (_, i) => {
    const pixelIndex = i % (height * width);
    return Number(array.data[pixelIndex * count + Math.floor(i / (height * width))]);
  });
  return framesOf({
    format: "emd-velox",
    detail: dataset.path,
    array: hostArray(narrow(front), [count, height, width]),
    pixelSizes: [pixel("width"), pixel("height")],
    metadata,
  });
}

/** float32 where it holds the numbers exactly. */
function narrow(values: Float64Array): Float32Array | Float64Array {
  const short = Float32Array.from(values);
  return short.every((value, i) => Object.is(value, values[i])) ? short : values;
}

/** The first column of the metadata: a JSON text padded with zeros, one column a frame. */
function metadataOf(dataset: Hdf5Dataset | Hdf5Group | undefined): {
  readonly [name: string]: Json;
} {
  if (dataset?.kind !== "dataset" || dataset.shape.length !== 2) return {};
  const { data, shape } = numbers(dataset);
  const [length, count] = shape;
  const text = Uint8Array.from({ length }, (_, i) => Number(data[i * count]));
  return jsonObject(new TextDecoder().decode(text).replace(/\0.*$/s, "")) ?? {};
}
