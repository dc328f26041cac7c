import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { augmentBatch, shiftImage } from "./augment.js";
import { emptyBatch } from "./batch.js";

describe("shiftImage", () => {
  test("moves every channel and repeats the border", () => {
    const shape = { channels: 2, height: 2, width: 3 };
    const image = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60);
    shiftImage(image, shape, { down: 1, right: -1 });
    expect([...image]).toEqual([2, 3, 3, 2, 3, 3, 20, 30, 30, 20, 30, 30]);
  });
});

test("augmentBatch moves by −4 to 3 and brightens by a tenth at most, each image apart", () => {
  const shape = { channels: 1, height: 15, width: 15 };
  const size = 400;
  const batch = emptyBatch(size, { observationSize: 225, pixelScale: 1 });
  for (let i = 0; i < size; i++) batch.observationTm1[i * 225 + 7 * 15 + 7] = 1;
  batch.observationT.set(batch.observationTm1);
  augmentBatch(batch, shape, streamOf(key(3)));
  const placesOf = (images: Float32Array) =>
    Array.from({ length: size }, (_, i) => {
      const image = images.subarray(i * 225, (i + 1) * 225);
      const at = image.findIndex((value) => value > 0);
      return { down: Math.floor(at / 15) - 7, right: (at % 15) - 7, brightness: image[at] };
    });
  const [before, after] = [placesOf(batch.observationTm1), placesOf(batch.observationT)];
  for (const shift of ["down", "right"] as const) {
    const seen = new Set(before.map((place) => place[shift]));
    // Each of 8 shifts is missed by 400 images with probability (7/8)^400 = 6e-24.
    expect([...seen].sort((a, b) => a - b)).toEqual([-4, -3, -2, -1, 0, 1, 2, 3]);
  }
  expect(before.some((place, i) => place.down !== after[i].down)).toBe(true);
  const bright = before.map(({ brightness }) => brightness);
  expect(Math.min(...bright)).toBeGreaterThanOrEqual(0.9 - 1e-6);
  expect(Math.max(...bright)).toBeLessThanOrEqual(1.1 + 1e-6);
  // Standard deviation 0.044 over √400: 0.0022; five of them.
  const mean = bright.reduce((sum, x) => sum + x, 0) / size;
  expect(Math.abs(mean - 1)).toBeLessThan(0.011);
});
