import * as gifenc from "gifenc";
import type { Canvas } from "./canvas.js";

// A page's bundler sees the module's own exports, Node one object that holds them.
const quantize = gifenc.quantize ?? gifenc.default.quantize;
const applyPalette = gifenc.applyPalette ?? gifenc.default.applyPalette;

type Rgb = readonly [number, number, number];

/** Pictures as indices into one palette. */
export interface IndexedPictures {
  /** 256 colours or fewer. */
  readonly palette: readonly Rgb[];
  /** An index a pixel. @shape [height, width] each */
  readonly indexed: readonly Uint8Array[];
}

/**
 * Pictures with one palette: their own colours where those are 256 or fewer, else 256 that stand
 * for them, each for its nearest.
 */
export function shareColours(pictures: readonly Canvas[]): IndexedPictures {
  const places = new Map<number, number>();
  const own = pictures.map(({ pixels }) => {
    const out = new Uint32Array(pixels.length / 3);
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
  const colours = [...places.keys()].map((colour): Rgb => [
    colour >> 16,
    (colour >> 8) & 255,
    colour & 255,
  ]);
  if (colours.length <= 256) {
    return { palette: colours, indexed: own.map((picture) => Uint8Array.from(picture)) };
  }
  const { palette, nearest } = reduced(colours);
  return { palette, indexed: own.map((picture) => Uint8Array.from(picture, (at) => nearest[at])) };
}

/** 256 colours for more, and which of them stands for each. */
function reduced(colours: readonly Rgb[]): {
  readonly palette: readonly Rgb[];
  readonly nearest: Uint8Array;
} {
  const rgba = Uint8Array.from(colours.flatMap((colour) => [...colour, 255]));
  const palette = quantize(rgba, 256);
  const nearest = applyPalette(rgba, palette);
  return { palette: palette.map(([red, green, blue]): Rgb => [red, green, blue]), nearest };
}
