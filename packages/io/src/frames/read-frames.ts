import { InputError } from "@quadrivium/core";
import { isHdf5 } from "../hdf5/superblock.js";
import { isNpy } from "../npy.js";
import { isZip, listZip } from "../zip.js";
import { readDm } from "./dm.js";
import { isDm } from "./dm-tags.js";
import type { MicroscopeFrame } from "./frame.js";
import { readHdf5Frames } from "./hdf5-frames.js";
import { isMrc, readMrc } from "./mrc.js";
import { isNdata, readNdata } from "./ndata.js";
import { readNpyFrames, readNpzFrames } from "./npy-frame.js";
import { isPng, readPngFrame } from "./png-frame.js";
import { readTiff } from "./tiff.js";
import { isTiff } from "./tiff-directory.js";

/**
 * Reads the frames of a microscope's file: `.npy`, `.npz`, PNG, TIFF, DM3, DM4, DM5, MRC, Nion
 * Swift's `.ndata`, `.ndata1` and `.h5`, NCEM and Velox EMD, pyNSID, AICrystallographer's and
 * other HDF5.
 *
 * The format is told from the content, and from the name only where the content bears no mark (MRC
 * before 2014). A pixel's size is what the file states; it may be wrong by several percent.
 *
 * @param name of the file, for its ending and for messages
 * @throws E_FORMAT if the content is none of these
 * @throws E_FRAME if it is damaged, or holds no image of real numbers
 * @throws E_HDF5, E_ZIP, E_NPY, E_DTYPE as the readers of these do
 */
export function readFrames(bytes: Uint8Array, name: string): MicroscopeFrame[] {
  if (isPng(bytes)) return readPngFrame(bytes);
  if (isTiff(bytes)) return readTiff(bytes);
  if (isNpy(bytes)) return readNpyFrames(bytes);
  if (isHdf5(bytes)) return readHdf5Frames(bytes);
  if (isZip(bytes)) {
    const entries = listZip(bytes);
    return isNdata(entries.map((entry) => entry.name)) ? readNdata(entries) : readNpzFrames(bytes);
  }
  if (isDm(bytes)) return readDm(bytes);
  if (isMrc(bytes) || /\.(mrcs?|map|rec)$/i.test(name)) return readMrc(bytes);
  const start = Array.from(bytes.subarray(0, 8), (b) => b.toString(16).padStart(2, "0")).join(" ");
  throw new InputError(
    "E_FORMAT",
    `readFrames: "${name}" must be npy, npz, PNG, TIFF, HDF5 (EMD, h5, hf5, dm5), DM3, DM4, MRC, ` +
      `ndata or ndata1; got ${bytes.length} bytes that begin ${start || "nowhere"}`,
  );
}
