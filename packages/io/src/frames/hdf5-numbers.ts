import type { HostArray } from "@quadrivium/core";
import type { Hdf5Dataset } from "../hdf5/hdf5.js";
import { isText } from "../hdf5/values.js";
import { refuseFrame } from "./frame.js";

/** A dataset's numbers; complex numbers, records and texts are refused by their names. */
export function numbers(dataset: Hdf5Dataset): HostArray {
  if (dataset.fields.length > 0) {
    const what = /^(r,i|real,imag)$/.test(dataset.fields.join()) ? "complex numbers" : dataset.type;
    throw refuseFrame(`${dataset.path} must hold real numbers; got ${what}`);
  }
  const value = dataset.read();
  if (isText(value)) throw refuseFrame(`${dataset.path} must hold real numbers; got text`);
  return value;
}
