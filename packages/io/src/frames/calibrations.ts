import type { Json } from "@quadrivium/core";
import { angstroms, member } from "./frame.js";

/**
 * Pixel sizes of the last two axes out of a list of {offset, scale, units}, one entry an axis, as
 * Nion Swift writes them.
 */
export function nionPixelSizes(
  calibrations: Json | undefined,
): [x: number | null, y: number | null] | undefined {
  if (!Array.isArray(calibrations) || calibrations.length < 2) return undefined;
  const size = (entry: Json): number | null => {
    const [scale, units] = [member(entry, "scale"), member(entry, "units")];
    return angstroms(
      typeof scale === "number" ? scale : undefined,
      typeof units === "string" ? units : undefined,
    );
  };
  const [y, x] = (calibrations as Json[]).slice(-2).map(size);
  return [x, y];
}
