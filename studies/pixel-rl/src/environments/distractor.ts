/**
 * What moves behind the objects of a picture: nothing, fresh noise on every frame, or a pattern that
 * slides to the left by one pixel a frame.
 */
export const distractorNames = ["none", "noise", "scroll"] as const;

export type DistractorName = (typeof distractorNames)[number];

/** What fixes a distractor on one frame. */
export interface DistractorFrame {
  readonly distractor: DistractorName;
  /** Largest brightness of the background, from 0 to 1. */
  readonly contrast: number;
  /** Decides the pattern. */
  readonly seed: number;
  /** Frames played so far. */
  readonly frame: number;
}

/** Pixels a side of the patches that a sliding pattern is made of. */
const patchSide = 2;

/**
 * Paints a grey distractor on every pixel that belongs to no object: it tells nothing of the game.
 *
 * @param picture red, green, blue. @shape [3, side, side]
 * @param mask 1 on objects. @shape [side, side]
 */
export function paintDistractor(
  picture: Uint8Array,
  mask: Uint8Array,
  { distractor, contrast, seed, frame }: DistractorFrame,
): void {
  if (distractor === "none") return;
  const numPixels = mask.length;
  const side = Math.sqrt(numPixels);
  const patchOf = (index: number): number => Math.floor(index / patchSide);
  for (let pixel = 0; pixel < numPixels; pixel++) {
    if (mask[pixel] === 1) continue;
    const [y, x] = [Math.floor(pixel / side), pixel % side];
    const share =
      distractor === "noise"
        ? hashed(seed, frame, pixel)
        : hashed(seed, patchOf(y), patchOf((x + frame) % side));
    const grey = Math.round(255 * contrast * share);
    for (let part = 0; part < 3; part++) picture[part * numPixels + pixel] = grey;
  }
}

/** A number in [0, 1) that looks like chance, from three whole numbers. */
function hashed(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  for (const word of [b, c]) {
    h = Math.imul((h ^ word) + 0x7f4a7c15, 0xc2b2ae35);
    h ^= h >>> 15;
  }
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}
