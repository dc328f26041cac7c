import type { Json } from "@quadrivium/core";
import { type Hdf5Dataset, type Hdf5Group, openHdf5 } from "../hdf5/hdf5.js";
import { isText, numberOf, textOf } from "../hdf5/values.js";
import { nionPixelSizes } from "./calibrations.js";
import {
  angstroms,
  framesOf,
  jsonObject,
  member,
  type MicroscopeFrame,
  refuseFrame,
  type Stack,
} from "./frame.js";
import { readDm5 } from "./dm5.js";
import { numbers } from "./hdf5-numbers.js";
import { isVelox, readVelox } from "./velox.js";

/**
 * Frames of an HDF5 file, by its layout: AICrystallographer, Velox, NCEM EMD, pyNSID, Nion Swift,
 * DM5; failing these, every dataset of numbers that is an image or a stack.
 */
export function readHdf5Frames(bytes: Uint8Array): MicroscopeFrame[] {
  const root = openHdf5(bytes);
  if (root.names.includes("nn_input")) return readAiCrystallographer(root);
  if (isVelox(root)) return readVelox(root);
  if (root.get("ImageList")?.kind === "group") return readDm5(root);
  const datasets = listDatasets(root);
  const ncem = datasets.filter(({ parent }) => numberOf(parent.attribute("emd_group_type")) === 1);
  if (ncem.length > 0) return ncem.filter(isNamedData).flatMap(readNcem);
  const nion = datasets.find(({ dataset }) => nionProperties(dataset) !== undefined);
  if (nion !== undefined) return readNion(nion.dataset);
  const sidpy = datasets.filter(({ dataset }) => isSidpyImage(dataset));
  if (sidpy.length > 0) return sidpy.flatMap(({ dataset, parent }) => readSidpy(dataset, parent));
  const images = datasets.filter(({ dataset }) => isImageLike(dataset));
  if (images.length === 0) {
    const found = datasets.map(({ dataset: d }) => `${d.path} [${d.shape.join(", ")}] ${d.type}`);
    throw refuseFrame(
      `the HDF5 file must hold an image of real numbers; got ${found.slice(0, 4).join("; ") || "no dataset"}`,
    );
  }
  const metadata = jsonObject(textAt(root, "metadata"));
  return images.flatMap(({ dataset }) =>
    framesOf({ format: "hdf5", detail: dataset.path, array: numbers(dataset), metadata }),
  );
}

interface Found {
  readonly dataset: Hdf5Dataset;
  readonly parent: Hdf5Group;
}

const maxDepth = 8;

/** All datasets, parents before children; groups deeper than 8 are not searched. */
function listDatasets(group: Hdf5Group, depth = 0): Found[] {
  return group.names.flatMap((name) => {
    const object = group.get(name);
    if (object === undefined) return [];
    if (object.kind === "dataset") return [{ dataset: object, parent: group }];
    return depth < maxDepth ? listDatasets(object, depth + 1) : [];
  });
}

function textAt(group: Hdf5Group, path: string): string | undefined {
  const object = group.get(path);
  return object?.kind === "dataset" && object.type === "text" ? textOf(object.read()) : undefined;
}

const isImageLike = (dataset: Hdf5Dataset): boolean =>
  dataset.shape.filter((length) => length > 1).length >= 2 && dataset.type !== "text";

const isNamedData = ({ dataset }: Found): boolean => /\/(data|raw)$/.test(dataset.path);

/** One frame (1, H, W, 1) in [0, 1]; `scan size` is the width of the field of view in pm. */
function readAiCrystallographer(root: Hdf5Group): MicroscopeFrame[] {
  const dataset = root.get("nn_input");
  if (dataset?.kind !== "dataset") throw refuseFrame("nn_input must be a dataset");
  const array = numbers(dataset);
  const scanSizePm = numberOf(dataset.attribute("scan size"));
  const width = array.shape.length >= 3 ? array.shape[2] : array.shape[1];
  const pixel = scanSizePm === undefined ? null : scanSizePm / 100 / width;
  const metadata: { [name: string]: Json } = {
    ...jsonObject(textOf(dataset.attribute("metadata"))),
  };
  if (scanSizePm !== undefined) metadata.scanSizePm = scanSizePm;
  return framesOf({
    format: "aicrystallographer",
    detail: "nn_input",
    array,
    pixelSizes: [pixel, pixel],
    metadata,
  });
}

/** Berkeley's EMD: `data` beside `dim1`, `dim2` …, which hold each axis's coordinates. */
function readNcem({ dataset, parent }: Found): MicroscopeFrame[] {
  const rank = dataset.shape.length;
  return framesOf({
    format: "emd-ncem",
    detail: dataset.path,
    array: numbers(dataset),
    pixelSizes: [scaleStep(parent.get(`dim${rank}`)), scaleStep(parent.get(`dim${rank - 1}`))],
  });
}

/** The step of an axis's coordinates. */
function scaleStep(scale: Hdf5Dataset | Hdf5Group | undefined): number | null {
  if (scale?.kind !== "dataset" || scale.shape.length !== 1 || scale.shape[0] < 2) return null;
  const { data } = numbers(scale);
  const step = (Number(data[data.length - 1]) - Number(data[0])) / (data.length - 1);
  return angstroms(step, textOf(scale.attribute("units")));
}

function nionProperties(dataset: Hdf5Dataset): { readonly [name: string]: Json } | undefined {
  return jsonObject(textOf(dataset.attribute("properties")));
}

/** Nion Swift's library: a dataset whose attribute `properties` is a JSON text. */
function readNion(dataset: Hdf5Dataset): MicroscopeFrame[] {
  const metadata = nionProperties(dataset)!;
  const calibrations =
    metadata.dimensional_calibrations ??
    metadata.spatial_calibrations ??
    member(metadata, "data_source", "dimensional_calibrations");
  const pixelSizes = nionPixelSizes(calibrations);
  return framesOf({
    format: "nion-hdf5",
    detail: dataset.path,
    array: numbers(dataset),
    pixelSizes,
    metadata,
  });
}

function isSidpyImage(dataset: Hdf5Dataset): boolean {
  return dataset.attributeNames.includes("data_type") && isImageLike(dataset);
}

/**
 * pyNSID (sidpy): a dataset with attributes `data_type`, `quantity` … and, beside it, one dataset
 * of coordinates an axis, named by `DIMENSION_LABELS` or as the axes are called.
 */
function readSidpy(dataset: Hdf5Dataset, parent: Hdf5Group): MicroscopeFrame[] {
  const labels = dataset.attribute("DIMENSION_LABELS");
  const names = labels !== undefined && isText(labels) ? labels.texts : [];
  const axes = dataset.shape.map((length, axis) => {
    const named = names[axis] === undefined ? undefined : parent.get(names[axis]);
    const isScale = named?.kind === "dataset" && named.shape.join() === `${length}`;
    return isScale ? named : undefined;
  });
  const fallback = (axis: number, name: string): Hdf5Dataset | Hdf5Group | undefined =>
    axes[axis] ?? parent.get(name);
  const rank = dataset.shape.length;
  // sidpy stores images as (x, y) or (y, x); the labels tell which.
  const isXFirst = /^x/i.test(names[rank - 2] ?? "") && /^y/i.test(names[rank - 1] ?? "");
  const stack: Stack = {
    format: "pynsid",
    detail: dataset.path,
    array: numbers(dataset),
    pixelSizes: [scaleStep(fallback(rank - 1, "x")), scaleStep(fallback(rank - 2, "y"))],
  };
  const frames = framesOf(stack);
  return isXFirst ? frames.map(transposed) : frames;
}

/** Rows for columns. */
function transposed(frame: MicroscopeFrame): MicroscopeFrame {
  const { counts, height, width } = frame;
  const out = counts.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = counts[y * width + x];
  }
  return { ...frame, counts: out, height: width, width: height };
}
