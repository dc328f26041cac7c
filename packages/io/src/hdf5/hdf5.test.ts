import type { HostArray } from "@quadrivium/core";
import type { Group } from "h5wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { type Hdf5Dataset, type Hdf5Group, openHdf5 } from "./hdf5.js";
import { setAttribute, writeHdf5 } from "./hdf5.test-helpers.js";
import { numberOf, textOf, type TextArray } from "./values.js";

const shorts = Int16Array.of(-3, 0, 7, 32767);

function dataset(root: Hdf5Group, path: string): Hdf5Dataset {
  const found = root.get(path);
  if (found?.kind !== "dataset") throw new Error(`${path} must be a dataset`);
  return found;
}

const numbers = (root: Hdf5Group, path: string): number[] =>
  Array.from((dataset(root, path).read() as HostArray).data, Number);

describe.each([undefined, "v108", "latest"] as const)("openHdf5, library version %s", (libver) => {
  let root: Hdf5Group;

  beforeAll(async () => {
    const bytes = await writeHdf5(
      (file) => {
        const group = file.create_group("a").create_group("b");
        group.create_dataset({ name: "shorts", data: shorts, shape: [2, 2], dtype: "<h" });
        group.create_dataset({ name: "wide", data: BigInt64Array.of(2n ** 40n, -1n), dtype: "<q" });
        group.create_dataset({ name: "text", data: ["ab", "cde"] });
        group.create_dataset({ name: "scalar", data: 3.5, shape: [], dtype: "<d" });
        setAttribute(group, "units", "nm");
        setAttribute(group, "scale", 0.25);
        const many = file.create_group("many");
        for (let i = 0; i < 60; i++) {
          many.create_dataset({ name: `d${i}`, data: [i], dtype: "<i" });
          setAttribute(many.get("d0") as Group, `attribute ${i}`, i / 2);
        }
        file.create_soft_link("/a/b/shorts", "alias");
        file.create_soft_link("/nowhere", "broken");
      },
      libver === undefined ? {} : { libver },
    );
    root = openHdf5(bytes);
  });

  test("reads numbers of any width and scalars", () => {
    expect(dataset(root, "a/b/shorts").shape).toEqual([2, 2]);
    expect(numbers(root, "a/b/shorts")).toEqual(Array.from(shorts));
    expect((dataset(root, "/a/b/wide").read() as HostArray).data).toEqual(
      BigInt64Array.of(2n ** 40n, -1n),
    );
    expect(dataset(root, "a/b/scalar").shape).toEqual([]);
    expect(numbers(root, "a/b/scalar")).toEqual([3.5]);
  });

  test("reads texts and attributes", () => {
    expect((dataset(root, "a/b/text").read() as TextArray).texts).toEqual(["ab", "cde"]);
    const group = root.get("a/b");
    expect(group?.attributeNames).toEqual(["units", "scale"]);
    expect(textOf(group?.attribute("units"))).toBe("nm");
    expect(textOf(group?.attribute("units"))).toBe("nm"); // a second time
    expect(numberOf(group?.attribute("scale"))).toBe(0.25);
    expect(group?.attribute("absent")).toBeUndefined();
  });

  test("reads groups of many links and objects of many attributes", () => {
    const many = root.get("many") as Hdf5Group;
    expect(many.names.toSorted()).toEqual(Array.from({ length: 60 }, (_, i) => `d${i}`).toSorted());
    expect(numbers(root, "many/d37")).toEqual([37]);
    const first = dataset(root, "many/d0");
    expect(first.attributeNames).toHaveLength(60);
    expect(numberOf(first.attribute("attribute 59"))).toBe(29.5);
  });

  test("follows links within the file and tells those that lead nowhere", () => {
    expect(root.names.toSorted()).toEqual(["a", "alias", "broken", "many"]);
    expect(numbers(root, "alias")).toEqual(Array.from(shorts));
    expect(root.get("broken")).toBeUndefined();
    expect(root.get("a/b/../none")).toBeUndefined();
  });
});

describe("openHdf5", () => {
  test("gathers compressed chunks that overlap the edges", async () => {
    const data = Float64Array.from({ length: 33 * 17 * 9 }, (_, i) => Math.sin(i));
    const bytes = await writeHdf5((file) => {
      const shape = [33, 17, 9];
      file.create_dataset({
        name: "x",
        data,
        shape,
        chunks: [8, 5, 4],
        compression: 4,
        dtype: "<d",
      });
    });
    expect((dataset(openHdf5(bytes), "x").read() as HostArray).data).toEqual(data);
  });

  test("refuses what is not HDF5, and a truncated file", async () => {
    expect(() => openHdf5(new Uint8Array(100))).toThrow(/the signature \\x89HDF must stand/);
    const bytes = await writeHdf5((file) => {
      file.create_dataset({ name: "x", data: [1, 2, 3], dtype: "<d" });
    });
    expect(() => openHdf5(bytes.subarray(0, -1))).toThrow(/the file must have \d+ bytes; got \d+/);
  });
});
