import { foldIn, random, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { Rgb } from "./palette.js";

/** Colours and shapes of a game's pictures. */
export interface Look {
  /** A colour for every channel. */
  readonly palette: readonly Rgb[];
  /** What is seen where there is nothing. */
  readonly background: Rgb;
  /** Pixels that an object alone in its cell fills, by channel; all where absent. @shape [k, k] */
  readonly glyphs?: readonly Uint8Array[];
}

/**
 * The look of a level: hues as far apart as the channels allow, in an order and of a brightness of
 * their own, before a dark background; glyphs that fill half of a cell or more.
 *
 * @param level decides everything
 */
export function drawLook(
  level: Key,
  { numChannels, cellSize }: { readonly numChannels: number; readonly cellSize: number },
): Look {
  const draws = streamOf(foldIn(level, 0));
  const turn = draws.uniform();
  const order = [...random.permutation(foldIn(level, 1), numChannels)];
  return {
    palette: order.map((place) =>
      rgbOf({
        hue: (turn + place / numChannels) % 1,
        saturation: 0.5 + 0.5 * draws.uniform(),
        value: 0.6 + 0.4 * draws.uniform(),
      }),
    ),
    background: [draws.below(61), draws.below(61), draws.below(61)],
    glyphs: order.map(() => drawGlyph(cellSize, draws)),
  };
}

/** Dots a side of a glyph; larger cells show each as a square. */
const glyphSide = 4;

function drawGlyph(cellSize: number, draws: Stream): Uint8Array {
  const side = Math.min(cellSize, glyphSide);
  const dots = Uint8Array.from({ length: side * side }, () => (draws.uniform() < 0.75 ? 1 : 0));
  const filled = dots.reduce((sum, dot) => sum + dot, 0);
  if (2 * filled < dots.length) dots.fill(1);
  const scale = cellSize / side;
  return Uint8Array.from({ length: cellSize * cellSize }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / cellSize), pixel % cellSize];
    return dots[Math.floor(y / scale) * side + Math.floor(x / scale)];
  });
}

/** A colour by hue (a share of the circle), saturation and value, each part a byte. */
function rgbOf(colour: {
  readonly hue: number;
  readonly saturation: number;
  readonly value: number;
}): Rgb {
  const { hue, saturation, value } = colour;
  const part = (offset: number): number => {
    const sector = (offset + 6 * hue) % 6;
    const lacking = Math.max(0, Math.min(sector, 4 - sector, 1));
    return Math.round(255 * value * (1 - saturation * lacking));
  };
  return [part(5), part(3), part(1)];
}
