import type { Json } from "@quadrivium/core";
import { readNpy } from "../npy.js";
import type { ZipEntry } from "../zip.js";
import { nionPixelSizes } from "./calibrations.js";
import { framesOf, jsonObject, type MicroscopeFrame, refuseFrame } from "./frame.js";

/** Whether a zip archive's names are those of Nion Swift's `.ndata` or `.ndata1`. */
export function isNdata(names: readonly string[]): boolean {
  return names.includes("data.npy") && names.includes("metadata.json");
}

/** The array and the metadata of a Nion Swift file, as it stands in the archive. */
export function openNdata(entries: readonly ZipEntry[]): {
  readonly array: ReturnType<typeof readNpy>;
  readonly metadata: { readonly [name: string]: Json };
} {
  const read = (name: string): Uint8Array => entries.find((entry) => entry.name === name)!.read();
  const metadata = jsonObject(new TextDecoder().decode(read("metadata.json")));
  if (metadata === undefined) throw refuseFrame("metadata.json must hold one JSON object");
  return { array: readNpy(read("data.npy")), metadata };
}

/** Frames of a Nion Swift file: `.ndata` of its library, `.ndata1` of its export. */
export function readNdata(entries: readonly ZipEntry[]): MicroscopeFrame[] {
  const { array, metadata } = openNdata(entries);
  const calibrations = metadata.dimensional_calibrations ?? metadata.spatial_calibrations;
  const pixelSizes = nionPixelSizes(calibrations);
  return framesOf({ format: "ndata", detail: "data.npy", array, pixelSizes, metadata });
}
