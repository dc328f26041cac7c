import { writePng } from "@quadrivium/io";
import * as gifenc from "gifenc";
import type { Canvas } from "./canvas.js";
import { shareColours } from "./shared-palette.js";

// A page's bundler sees the module's own exports, Node one object that holds them.
const makeEncoder = gifenc.GIFEncoder ?? gifenc.default.GIFEncoder;

/**
 * Pictures as an animated GIF.
 *
 * @param pictures of one size; of more than 256 colours together, 256 stand for all
 */
export function encodeGif(
  pictures: readonly Canvas[],
  { framesPerSecond }: { readonly framesPerSecond: number },
): Uint8Array {
  const { palette, indexed } = shareColours(pictures);
  const gif = makeEncoder();
  // GIF counts hundredths of a second.
  const delay = 10 * Math.max(2, Math.round(100 / framesPerSecond));
  pictures.forEach(({ width, height }, index) =>
    gif.writeFrame(indexed[index], width, height, {
      delay,
      ...(index === 0 ? { palette: palette.map((colour) => [...colour]) } : {}),
    }),
  );
  gif.finish();
  return gif.bytes();
}

/** Pictures one below the other as a PNG, with colours as for {@link encodeGif}. */
export function encodeStrip(pictures: readonly Canvas[]): Uint8Array {
  const { palette, indexed } = shareColours(pictures);
  const [{ width, height }] = pictures;
  const pixels = new Uint8Array(width * height * pictures.length);
  indexed.forEach((part, index) => pixels.set(part, index * width * height));
  return writePng({ width, height: height * pictures.length, pixels, palette });
}
