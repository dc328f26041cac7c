import type { Json } from "@quadrivium/core";
import { MinAtarEnvironment } from "./minatar/environment.js";
import { boardSize, numActions } from "./minatar/game.js";
import { gridPicture, objectMask, pictureSide, spritePicture, type CellSize } from "./picture.js";

/** How a board becomes an image. */
export interface ImageOptions {
  /** `planes`: a channel for each kind of object; `grid`, `sprite`: RGB pixels. */
  readonly pixels: "planes" | "grid" | "sprite";
  /** Pixels a side of one cell: images of 20², 40² and, with a border, 84². */
  readonly cellSize: CellSize;
  readonly stickyActionProbability: number;
  readonly ramping: boolean;
}

/** Pixels a side of a cell in pictures for people. */
const shownCellSize = 4;

/** The MinAtar games as images: the board's own planes, or a picture of them. */
export class MinAtarImages {
  readonly numActions = numActions;
  readonly frameShape: readonly [number, number, number];
  readonly pixelScale: number;

  readonly #game: MinAtarEnvironment;
  readonly #board: Uint8Array;
  readonly #pixels: ImageOptions["pixels"];
  readonly #cellSize: CellSize;
  readonly #draw: (board: Uint8Array, out: Uint8Array) => void;

  /** @throws E_GAME, E_RANGE if the name or an option is not one it knows */
  constructor(name: string, options: ImageOptions & { readonly seed: number }) {
    this.#game = new MinAtarEnvironment(name, options);
    const numChannels = this.#game.channels.length;
    this.#board = new Uint8Array(boardSize * boardSize * numChannels);
    const { pixels, cellSize } = options;
    this.#pixels = pixels;
    this.#cellSize = cellSize;
    if (pixels === "planes") {
      this.frameShape = [numChannels, boardSize, boardSize];
      this.pixelScale = 1;
      this.#draw = (board, out) => toPlanes(board, numChannels, out);
    } else {
      const side = pictureSide(cellSize);
      this.frameShape = [3, side, side];
      this.pixelScale = 1 / 255;
      const draw = pixels === "grid" ? gridPicture : spritePicture;
      this.#draw = (board, out) => draw(board, { numChannels, cellSize }, out);
    }
  }

  get terminated(): boolean {
    return this.#game.terminated;
  }

  reset(): void {
    this.#game.reset();
  }

  step(action: number): number {
    return this.#game.step(action);
  }

  observe(out: Uint8Array): void {
    this.#game.observe(this.#board);
    this.#draw(this.#board, out);
  }

  markObjects(out: Uint8Array): void {
    this.#game.observe(this.#board);
    const numChannels = this.#game.channels.length;
    const channels = Array.from({ length: numChannels }, (_, channel) => channel);
    const cellSize = this.#pixels === "planes" ? 1 : this.#cellSize;
    objectMask(this.#board, { numChannels, cellSize, channels }, out);
  }

  get pictureShape(): readonly [number, number] {
    return [pictureSide(shownCellSize), pictureSide(shownCellSize)];
  }

  picture(out: Uint8Array): void {
    this.#game.observe(this.#board);
    const numChannels = this.#game.channels.length;
    gridPicture(this.#board, { numChannels, cellSize: shownCellSize }, out);
  }

  save(): Json {
    return this.#game.save();
  }

  restore(saved: Json): void {
    this.#game.restore(saved);
  }
}

/** A board with its channels first. */
function toPlanes(board: Uint8Array, numChannels: number, out: Uint8Array): void {
  const numCells = boardSize * boardSize;
  for (let cell = 0; cell < numCells; cell++) {
    for (let channel = 0; channel < numChannels; channel++) {
      out[channel * numCells + cell] = board[cell * numChannels + channel];
    }
  }
}
