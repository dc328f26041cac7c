import type { Json } from "@quadrivium/core";

/** Cosines and exponentials of two JavaScript engines may differ in their last digit. */
const rounding = 1e-9;

/** Where two findings differ: in structure, texts, whole numbers, or in others beyond rounding. */
export function differences(there: Json | undefined, here: Json, path = "found"): string[] {
  if (typeof here === "object" && here !== null) {
    const own = Object.entries(here) as [string, Json][];
    const other = (there ?? {}) as { readonly [name: string]: Json };
    const isAlike = Object.keys(other).join() === own.map(([name]) => name).join();
    const below = own.flatMap(([name, value]) =>
      differences(other[name], value, `${path}.${name}`),
    );
    return isAlike ? below : [`${path} has other members`, ...below];
  }
  const isRounded = typeof here === "number" && !Number.isInteger(here);
  const isSame = isRounded
    ? Math.abs(Number(there) - here) <= rounding * Math.max(1, Math.abs(here))
    : there === here;
  return isSame ? [] : [`${path}: ${String(there)} instead of ${String(here)}`];
}
