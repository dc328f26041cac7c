import { readNpy } from "../npy.js";
import { readNpz } from "../npz.js";
import { framesOf, type MicroscopeFrame, refuseFrame } from "./frame.js";

/** Frames of a NumPy array of two or three axes. */
export function readNpyFrames(bytes: Uint8Array): MicroscopeFrame[] {
  return framesOf({ format: "npy", detail: "array", array: readNpy(bytes) });
}

/** Frames of a NumPy archive: all its arrays of two or three axes; scalars are kept beside. */
export function readNpzFrames(bytes: Uint8Array): MicroscopeFrame[] {
  const arrays = Object.entries(readNpz(bytes));
  const images = arrays.filter(([, { shape }]) => shape.filter((n) => n > 1).length >= 2);
  if (images.length === 0) throw refuseFrame("the archive holds no array of two or three axes");
  const metadata = Object.fromEntries(
    arrays
      .filter(([, { data }]) => data.length === 1)
      .map(([name, { data }]) => [name, Number(data[0])]),
  );
  const size = metadata.pixelSizeAngstrom;
  const pixelSizes = size === undefined ? undefined : ([size, size] as const);
  return images.flatMap(([name, array]) =>
    framesOf({ format: "npz", detail: `"${name}"`, array, pixelSizes, metadata }),
  );
}
