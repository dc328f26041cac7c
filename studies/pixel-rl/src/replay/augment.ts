import type { Stream } from "@quadrivium/core";
import type { Batch } from "./batch.js";

/** Channels, height and width of an image. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Pixels by which an image may move. */
const largestShift = 4;

/**
 * Moves and brightens every image of a batch by chance, observations and next ones apart: shifted by
 * −4 to 3 pixels each way, the border repeated, then times 1 + 0.05 z with z normal, cut at ±2.
 *
 * @source Kostrikov et al. 2021, "Image augmentation is all you need" (DrQ); as in Dopamine, whose
 *   shifts leave out +4
 */
export function augmentBatch(batch: Batch, shape: ImageShape, stream: Stream): void {
  for (const images of [batch.observationTm1, batch.observationT]) {
    const size = shape.channels * shape.height * shape.width;
    for (let first = 0; first < images.length; first += size) {
      const image = images.subarray(first, first + size);
      const down = stream.below(2 * largestShift) - largestShift;
      const right = stream.below(2 * largestShift) - largestShift;
      shiftImage(image, shape, { down, right });
      const brightness = 1 + 0.05 * Math.min(2, Math.max(-2, stream.normal()));
      for (let i = 0; i < size; i++) image[i] *= brightness;
    }
  }
}

/** Moves an image in place; what comes in at the border repeats it. */
export function shiftImage(
  image: Float32Array,
  { channels, height, width }: ImageShape,
  { down, right }: { readonly down: number; readonly right: number },
): void {
  const before = image.slice();
  const held = (index: number, length: number): number => Math.min(length - 1, Math.max(0, index));
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      const row = (channel * height + held(y - down, height)) * width;
      for (let x = 0; x < width; x++) {
        image[(channel * height + y) * width + x] = before[row + held(x - right, width)];
      }
    }
  }
}
