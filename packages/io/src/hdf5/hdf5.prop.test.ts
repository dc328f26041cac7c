import { InputError } from "@quadrivium/core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Hdf5Group, openHdf5 } from "./hdf5.js";
import { setAttribute, writeHdf5 } from "./hdf5.test-helpers.js";

/** Reads everything a file holds. */
function readAll(group: Hdf5Group, depth = 0): number {
  let count = 0;
  for (const name of group.names) {
    const object = group.get(name);
    if (object === undefined) continue;
    for (const attribute of object.attributeNames) {
      object.attribute(attribute);
      count++;
    }
    // A damaged link may lead back to its own group.
    if (object.kind === "dataset") object.read();
    else if (depth < 4) count += readAll(object, depth + 1);
    count++;
  }
  return count;
}

function readOrRefuse(bytes: Uint8Array): number | undefined {
  try {
    return readAll(openHdf5(bytes));
  } catch (error) {
    if (!(error instanceof InputError && /^E_(HDF5|DTYPE)$/.test(error.code))) throw error;
    return undefined;
  }
}

describe.each([undefined, "latest"] as const)("damaged files, library version %s", (libver) => {
  let bytes: Uint8Array;

  beforeAll(async () => {
    bytes = await writeHdf5(
      (file) => {
        const group = file.create_group("g");
        group.create_dataset({ name: "text", data: ["ab", "cde"] });
        group.create_dataset({
          name: "x",
          data: Float32Array.from({ length: 64 }, (_, i) => i),
          shape: [8, 8],
          ...(libver === undefined ? { chunks: [4, 4], compression: 4 } : {}),
          dtype: "<f",
        });
        setAttribute(group, "units", "nm");
        const many = file.create_group("many");
        for (let i = 0; i < 12; i++) setAttribute(many, `a${i}`, i);
      },
      libver === undefined ? {} : { libver },
    );
  });

  test("refuses every truncation", () => {
    for (let length = 0; length < bytes.length; length += 7) {
      expect(readOrRefuse(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  test("answers damage of any byte with a typed error or with values, in bounded time", () => {
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] ^= at % 3 === 0 ? 0xff : 1 << (at & 7);
      readOrRefuse(damaged);
    }
    expect(readOrRefuse(bytes)).toBeGreaterThan(10);
  }, 20_000);
});
