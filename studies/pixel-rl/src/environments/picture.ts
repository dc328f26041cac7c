import { boardSize } from "./minatar/game.js";
import type { Look } from "./look.js";
import { palettes } from "./palette.js";

/** Pixels a side of one cell: pictures of 20², 40² and, with a border, 84²; 1 for the board itself. */
export type CellSize = 1 | 2 | 4 | 8;

/** What a picture is drawn with. */
export interface PictureOptions {
  readonly numChannels: number;
  readonly cellSize: CellSize;
  /** Colours and shapes [the published colours before black, every object filling its cell]. */
  readonly look?: Look;
}

const black = [0, 0, 0] as const;

/** Pixels of nothing around 80 pixels of board, so that Atari's networks take the picture unchanged. */
const borderOf = (cellSize: CellSize): number => (cellSize === 8 ? 2 : 0);

/** Height and width of a picture. */
export function pictureSide(cellSize: CellSize): number {
  return boardSize * cellSize + 2 * borderOf(cellSize);
}

/** Draws a board. @param board @shape [10, 10, numChannels]. @param out @shape [3, side, side] */
export type Draw = (board: Uint8Array, options: PictureOptions, out: Uint8Array) => void;

/**
 * Every cell in the colour of its highest active channel, or of nothing: what lies below is hidden,
 * as in MinAtar's own display. Of a look it takes the colours.
 */
export const gridPicture: Draw = (board, options, out) =>
  draw(board, options, out, (_, active) => active[active.length - 1]);

/**
 * Every cell shared out among its active channels: of k channels pixel (x, y) shows number
 * (x + 2y) mod k, so that objects on one cell all stay visible (up to four at 2 pixels a side). An
 * object alone in its cell has the shape that a look gives it.
 */
export const spritePicture: Draw = (board, options, out) =>
  draw(board, options, out, ({ y, x }, active) => {
    const channel = active[(x + 2 * y) % active.length];
    if (active.length > 1 || options.look?.glyphs === undefined) return channel;
    return options.look.glyphs[channel][y * options.cellSize + x] === 1 ? channel : null;
  });

/**
 * Which pixels belong to an object of the given channels: the ground truth of where to look.
 *
 * @param out 1 on the objects' cells, else 0. @shape [side, side]
 */
export function objectMask(
  board: Uint8Array,
  options: PictureOptions & { readonly channels: readonly number[] },
  out: Uint8Array,
): void {
  const { cellSize, channels } = options;
  out.fill(0);
  forEachCell(board, options, (active, corner, side) => {
    if (!active.some((channel) => channels.includes(channel))) return;
    for (let y = 0; y < cellSize; y++) {
      out.fill(1, corner + y * side, corner + y * side + cellSize);
    }
  });
}

function draw(
  board: Uint8Array,
  options: PictureOptions,
  out: Uint8Array,
  channelAt: (
    pixel: { readonly y: number; readonly x: number },
    active: readonly number[],
  ) => number | null,
): void {
  const { cellSize, numChannels, look } = options;
  const palette = look?.palette ?? palettes[numChannels];
  const background = look?.background ?? black;
  const numPixels = out.length / 3;
  for (let part = 0; part < 3; part++) {
    out.fill(background[part], part * numPixels, (part + 1) * numPixels);
  }
  forEachCell(board, options, (active, corner, side) => {
    for (let y = 0; y < cellSize; y++) {
      for (let x = 0; x < cellSize; x++) {
        const channel = channelAt({ y, x }, active);
        if (channel === null) continue;
        const colour = palette[channel];
        const pixel = corner + y * side + x;
        for (let part = 0; part < 3; part++) out[part * side * side + pixel] = colour[part];
      }
    }
  });
}

/** Visits the cells that are not empty, each with its active channels and top-left pixel. */
function forEachCell(
  board: Uint8Array,
  { numChannels, cellSize }: PictureOptions,
  visit: (active: readonly number[], corner: number, side: number) => void,
): void {
  const side = pictureSide(cellSize);
  const border = borderOf(cellSize);
  const active: number[] = [];
  for (let cell = 0; cell < boardSize * boardSize; cell++) {
    active.length = 0;
    for (let channel = 0; channel < numChannels; channel++) {
      if (board[cell * numChannels + channel] === 1) active.push(channel);
    }
    if (active.length === 0) continue;
    const row = border + Math.floor(cell / boardSize) * cellSize;
    const column = border + (cell % boardSize) * cellSize;
    visit(active, row * side + column, side);
  }
}
