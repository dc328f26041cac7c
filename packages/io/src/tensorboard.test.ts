import { describe, expect, test } from "vitest";
import { readEvents, writeEvents, type ScalarEvent } from "./tensorboard.js";
import { readTfRecords, writeTfRecords } from "./tfrecord.js";

const half = [0, 0, 0, 0, 0, 0, 0xe0, 0x3f]; // 0.5 as a 64-bit float, little endian
const curve: readonly ScalarEvent[] = [
  { tag: "loss", step: 300, value: -2, wallTime: 0.5 },
  { tag: "train/accuracy", step: 2 ** 40, value: Number.NaN, wallTime: 1.7e9 },
];

describe("TensorBoard events", () => {
  test("are the bytes that event.proto and summary.proto prescribe, after the file's version", () => {
    const [version, first] = readTfRecords(writeEvents(curve));
    const text = (words: string): number[] => Array.from(new TextEncoder().encode(words));
    expect(Array.from(version)).toEqual([0x09, ...half, 0x1a, 13, ...text("brain.Event:2")]);
    const value = [0x0a, 4, ...text("loss"), 0x15, 0, 0, 0, 0xc0];
    const summary = [0x0a, value.length, ...value];
    const step = [0x10, 0xac, 0x02]; // 300 = 0b10_0101100
    expect(Array.from(first)).toEqual([0x09, ...half, ...step, 0x2a, summary.length, ...summary]);
  });

  test("come back as they were written; other records are passed over", () => {
    expect(readEvents(writeEvents(curve))).toEqual(curve);
    expect(readEvents(writeEvents([]))).toEqual([]);
    const graph = Uint8Array.of(0x22, 3, 1, 2, 3); // field 4, a graph
    expect(readEvents(writeTfRecords([graph]))).toEqual([]);
  });

  test("refuse a step that is no whole number", () => {
    expect(() => writeEvents([{ tag: "loss", step: 0.5, value: 1, wallTime: 0 }])).toThrow(
      "writeEvents: every step must be a whole number; got 0.5 of loss",
    );
  });

  test("refuse every truncation inside a record", () => {
    const bytes = writeEvents(curve);
    const ends = new Set([0]);
    let end = 0;
    for (const record of readTfRecords(bytes)) ends.add((end += 16 + record.length));
    for (let length = 0; length < bytes.length; length++) {
      if (ends.has(length)) continue;
      expect(() => readEvents(bytes.subarray(0, length))).toThrow(/record \d is cut short/);
    }
  });
});
