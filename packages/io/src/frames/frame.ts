import { type HostArray, InputError, type Json } from "@quadrivium/core";

/** One image as a microscope took it: rows run down, columns to the right. */
export interface MicroscopeFrame {
  /**
   * Intensities, row-major; float64 where float32 could not hold the file's numbers exactly.
   * @shape [height, width]
   */
  readonly counts: Float32Array | Float64Array;
  readonly height: number;
  readonly width: number;
  /** As the file states it, where it does and pixels are square; `null` otherwise. */
  readonly pixelSizeAngstrom: number | null;
  readonly source: FrameSource;
  /** What the file says beside, as plain data. */
  readonly metadata: { readonly [name: string]: Json };
}

/** Where a frame comes from. */
export interface FrameSource {
  readonly format: FrameFormat;
  /** Which image of the file, such as a path within it or "frame 3 of 50". */
  readonly detail: string;
}

/** The file formats that {@link readFrames} tells apart. */
export type FrameFormat =
  | "aicrystallographer"
  | "dm"
  | "dm5"
  | "emd-ncem"
  | "emd-velox"
  | "hdf5"
  | "mrc"
  | "ndata"
  | "nion-hdf5"
  | "npy"
  | "npz"
  | "png"
  | "pynsid"
  | "tiff";

/** Images of one size that a file holds, one after another. */
export interface Stack {
  readonly format: FrameFormat;
  /** Where in the file; frames of a stack add their number. */
  readonly detail: string;
  /** @shape [height, width] or [frames, height, width]; other axes must have length 1. */
  readonly array: HostArray;
  /** Sizes of a pixel along x and y; `undefined` where the file does not say. @unit angstrom */
  readonly pixelSizes?: readonly [x: number | null, y: number | null] | undefined;
  readonly metadata?: { readonly [name: string]: Json } | undefined;
}

/** The error of a file whose frames cannot be used. */
export function refuseFrame(rule: string, cause?: unknown): InputError {
  return new InputError("E_FRAME", `readFrames: ${rule}`, cause === undefined ? {} : { cause });
}

/** Splits a stack into frames. */
export function framesOf(stack: Stack): MicroscopeFrame[] {
  const { array, format, detail } = stack;
  const shape = squeezed(array.shape);
  if (shape.length !== 2 && shape.length !== 3) {
    throw refuseFrame(
      `${detail} must have 2 axes, or 3 for a stack; got [${array.shape.join(", ")}]`,
    );
  }
  const [height, width] = shape.slice(-2);
  const count = shape.length === 3 ? shape[0] : 1;
  if (height < 2 || width < 2 || count < 1) {
    throw refuseFrame(`${detail} must be at least 2 × 2 pixels; got [${array.shape.join(", ")}]`);
  }
  const all = exactFloats(array);
  return Array.from({ length: count }, (_, i) => ({
    counts: all.subarray(i * height * width, (i + 1) * height * width),
    height,
    width,
    pixelSizeAngstrom: squarePixel(stack.pixelSizes),
    source: { format, detail: count === 1 ? detail : `${detail}, frame ${i} of ${count}` },
    metadata: stack.metadata ?? {},
  }));
}

/** Drops axes of length 1 at the front and at the end, as long as an image remains. */
function squeezed(shape: readonly number[]): number[] {
  const rest = [...shape];
  while (rest.length > 2 && rest[0] === 1) rest.shift();
  while (rest.length > 2 && rest[rest.length - 1] === 1) rest.pop();
  return rest;
}

/** The numbers as floats, in the narrower width that holds them exactly. */
function exactFloats({ data }: HostArray): Float32Array | Float64Array {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  const isSmall = data.every((value: number) => Math.abs(value) <= 2 ** 24);
  return isSmall ? Float32Array.from(data) : Float64Array.from(data);
}

function squarePixel(sizes: Stack["pixelSizes"]): number | null {
  const [x, y] = sizes ?? [null, null];
  if (x === null || y === null || !(x > 0 && y > 0 && Number.isFinite(x * y))) return null;
  return Math.abs(x / y - 1) <= 0.001 ? x : null;
}

/** Units as compatibility normalisation leaves them: the micro sign is then the Greek letter. */
const angstromPer: { readonly [unit: string]: number } = {
  m: 1e10,
  mm: 1e7,
  um: 1e4,
  μm: 1e4,
  nm: 10,
  nanometer: 10,
  nanometers: 10,
  Å: 1,
  A: 1,
  ang: 1,
  angstrom: 1,
  angstroms: 1,
  Angstrom: 1,
  pm: 0.01,
};

/** A length in angstrom; `null` where the unit is not one of length. */
export function angstroms(value: number | undefined, unit: string | undefined): number | null {
  // NCEM's files write [n_m] for nm.
  const plain = (unit ?? "").normalize("NFKC").replace(/[[\]_\s]/g, "");
  const factor = angstromPer[plain];
  return value === undefined || factor === undefined ? null : Math.abs(value * factor);
}

/** Text as JSON where it is such an object; `undefined` where it is not. */
export function jsonObject(
  text: string | undefined,
): { readonly [name: string]: Json } | undefined {
  try {
    const value = JSON.parse(text ?? "") as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as { [name: string]: Json }) : undefined;
  } catch {
    return undefined;
  }
}

/** A member of plain data, by names one inside the other. */
export function member(
  value: Json | undefined,
  ...names: readonly (string | number)[]
): Json | undefined {
  let here = value;
  for (const name of names) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as { readonly [name: string]: Json })[name];
  }
  return here;
}
