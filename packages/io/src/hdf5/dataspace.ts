import { type Cursor, damaged, unsupported } from "./cursor.js";

/** Reads a dataspace message: the lengths of the axes; `undefined` where there are no elements. */
export function readDataspace(cursor: Cursor): number[] | undefined {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) {
    throw unsupported(`dataspace version must be 1 or 2; got ${version}`);
  }
  const rank = cursor.u8();
  if (rank > 32) throw damaged(`an array must have at most 32 axes; got ${rank}`);
  cursor.skip(1); // whether greatest lengths follow
  if (version === 1) cursor.skip(5);
  else if (cursor.u8() === 2) return undefined;
  return Array.from({ length: rank }, () => cursor.length());
}
