import { InputError } from "@quadrivium/core";
import { writePng } from "@quadrivium/io";
import * as gifenc from "gifenc";
import type { Canvas } from "./canvas.js";

// A page's bundler sees the module's own exports, Node one object that holds them.
const makeEncoder = gifenc.GIFEncoder ?? gifenc.default.GIFEncoder;

type Rgb = readonly [number, number, number];

/**
 * Pictures as an animated GIF.
 *
 * @param pictures of one size
 * @throws E_SHAPE if together they have more than 256 colours
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

/** Pictures one below the other as a PNG. @throws E_SHAPE as for {@link encodeGif} */
export function encodeStrip(pictures: readonly Canvas[]): Uint8Array {
  const { palette, indexed } = shareColours(pictures);
  const [{ width, height }] = pictures;
  const pixels = new Uint8Array(width * height * pictures.length);
  indexed.forEach((part, index) => pixels.set(part, index * width * height));
  return writePng({ width, height: height * pictures.length, pixels, palette });
}

function shareColours(pictures: readonly Canvas[]): {
  readonly palette: readonly Rgb[];
  readonly indexed: readonly Uint8Array[];
} {
  const places = new Map<number, number>();
  const indexed = pictures.map(({ pixels }) => {
    const out = new Uint8Array(pixels.length / 3);
    for (let i = 0; i < out.length; i++) {
      const colour = (pixels[3 * i] << 16) | (pixels[3 * i + 1] << 8) | pixels[3 * i + 2];
      let place = places.get(colour);
      if (place === undefined) {
        place = places.size;
        places.set(colour, place);
      }
      out[i] = place;
    }
    return out;
  });
  if (places.size > 256) {
    throw new InputError(
      "E_SHAPE",
      `encodeGif: pictures must share at most 256 colours; got ${places.size}`,
    );
  }
  const palette = [...places.keys()].map((colour): Rgb => [
    colour >> 16,
    (colour >> 8) & 255,
    colour & 255,
  ]);
  return { palette, indexed };
}
