import { Canvas } from "./canvas.js";
import type { WatchedFrame } from "./watch-episodes.js";

type Rgb = readonly [number, number, number];

const background: Rgb = [250, 250, 247];
const ink: Rgb = [31, 36, 48];
const faint: Rgb = [214, 216, 220];
const chosen: Rgb = [217, 98, 43];
const bar: Rgb = [37, 99, 168];

const margin = 8;
const boardSide = 160;
const barsWidth = 120;
const layerHeight = 4;
/** Shades of the overlay and of dormancy: few, so that all colours fit into one palette. */
const levels = 5;

/** What all frames of a film share. */
export interface FilmScale {
  readonly lowest: number;
  readonly highest: number;
  readonly numFrames: number;
}

/** The scale of a film's frames. */
export function filmScale(frames: readonly WatchedFrame[]): FilmScale {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { values } of frames) {
    for (const value of values) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  return { lowest, highest, numFrames: frames.length };
}

/**
 * Draws frame `index` of a film: the game, the game under its Grad-CAM (warm where the value comes
 * from), the actions' values as bars with the played one in orange, and below, for every layer and
 * all frames so far, the share of its units that are dormant (dark for all).
 */
export function drawFrame(
  frames: readonly WatchedFrame[],
  index: number,
  scale: FilmScale,
): Canvas {
  const frame = frames[index];
  const layers = Object.keys(frame.dormant);
  const width = 4 * margin + 2 * boardSide + barsWidth;
  const height = 3 * margin + boardSide + layerHeight * layers.length;
  const canvas = new Canvas(width, height, background);
  drawBoard(canvas, frame, { left: margin, overlay: false });
  drawBoard(canvas, frame, { left: 2 * margin + boardSide, overlay: true });
  drawValues(canvas, frame, 3 * margin + 2 * boardSide, scale);
  const top = 2 * margin + boardSide;
  const step = (width - 2 * margin) / scale.numFrames;
  for (let at = 0; at <= index; at++) {
    layers.forEach((layer, row) => {
      const share = frames[at].dormant[layer] ?? 0;
      const left = margin + at * step;
      const box = { left, top: top + row * layerHeight, width: Math.max(1, step), height: 3 };
      canvas.paint(box, blend(faint, ink, Math.round(share * levels) / levels));
    });
  }
  return canvas;
}

function drawBoard(
  canvas: Canvas,
  { picture, pictureShape, cam }: WatchedFrame,
  { left, overlay }: { readonly left: number; readonly overlay: boolean },
): void {
  const [height, width] = pictureShape;
  const cell = boardSide / Math.max(height, width);
  const peak = Math.max(...cam.data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const part = (index: number): number => picture[index * height * width + pixel];
      const colour: Rgb = [part(0), part(1), part(2)];
      const row = Math.floor(((y + 0.5) * cam.height) / height);
      const column = Math.floor(((x + 0.5) * cam.width) / width);
      const heat = overlay && peak > 0 ? cam.data[row * cam.width + column] / peak : 0;
      const box = { left: left + x * cell, top: margin + y * cell, width: cell, height: cell };
      canvas.paint(box, blend(colour, [255, 120, 0], (0.8 * Math.round(heat * levels)) / levels));
    }
  }
}

function drawValues(
  canvas: Canvas,
  { values, action, episodeReturn }: WatchedFrame,
  left: number,
  { lowest, highest }: FilmScale,
): void {
  const range = highest - lowest || 1;
  const step = (boardSide - 20) / values.length;
  values.forEach((value, index) => {
    const top = margin + index * step;
    canvas.paint({ left, top, width: barsWidth, height: step - 3 }, faint);
    const length = (barsWidth * (value - lowest)) / range;
    const box = { left, top, width: Math.max(1, length), height: step - 3 };
    canvas.paint(box, index === action ? chosen : bar);
  });
  canvas.write(String(episodeReturn), left, margin + boardSide - 10, ink);
}

function blend(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: number): number =>
    Math.round(from[index] + share * (to[index] - from[index]));
  return [part(0), part(1), part(2)];
}
