import { foldIn, type Json, type Key } from "@quadrivium/core";
import { MinAtarEnvironment } from "./minatar/environment.js";
import { boardSize, numActions } from "./minatar/game.js";
import { paintDistractor, type DistractorName } from "./distractor.js";
import { drawLook, type Look } from "./look.js";
import { gridPicture, objectMask, pictureSide, spritePicture, type CellSize } from "./picture.js";

/** How a board becomes an image. */
export interface ImageOptions {
  /** `planes`: a channel for each kind of object; `grid`, `sprite`: RGB pixels. */
  readonly pixels: "planes" | "grid" | "sprite";
  /** Pixels a side of one cell: images of 20², 40² and, with a border, 84². */
  readonly cellSize: CellSize;
  readonly stickyActionProbability: number;
  readonly ramping: boolean;
  /** What moves behind the objects of pictures [none]. */
  readonly distractor?: DistractorName;
  /** Its largest brightness, from 0 to 1 [0.5]. */
  readonly distractorContrast?: number;
  /** Levels, of which every episode plays one by chance; the published game where there are none. */
  readonly levels?: readonly Key[];
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
  readonly #behind: {
    readonly distractor: DistractorName;
    readonly contrast: number;
    readonly seed: number;
  };
  #frame = 0;
  readonly #pixels: ImageOptions["pixels"];
  readonly #cellSize: CellSize;
  /** Colours and shapes of the level being played. */
  #look: Look | undefined;
  readonly #draw: (board: Uint8Array, out: Uint8Array) => void;

  /** @throws E_GAME, E_RANGE if the name or an option is not one it knows */
  constructor(name: string, options: ImageOptions & { readonly seed: number }) {
    this.#game = new MinAtarEnvironment(name, options);
    const numChannels = this.#game.channels.length;
    this.#board = new Uint8Array(boardSize * boardSize * numChannels);
    const { pixels, cellSize, distractor = "none", distractorContrast = 0.5, seed } = options;
    this.#behind = { distractor, contrast: distractorContrast, seed };
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
      this.#draw = (board, out) =>
        draw(
          board,
          { numChannels, cellSize, ...(this.#look === undefined ? {} : { look: this.#look }) },
          out,
        );
    }
    this.#dress();
  }

  get terminated(): boolean {
    return this.#game.terminated;
  }

  reset(): void {
    this.#game.reset();
    this.#dress();
  }

  step(action: number): number {
    this.#frame++;
    return this.#game.step(action);
  }

  observe(out: Uint8Array): void {
    this.#game.observe(this.#board);
    this.#draw(this.#board, out);
    if (this.#behind.distractor === "none" || this.#pixels === "planes") return;
    const mask = new Uint8Array(out.length / 3);
    this.markObjects(mask);
    paintDistractor(out, mask, { ...this.#behind, frame: this.#frame });
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
    return { game: this.#game.save(), frame: this.#frame };
  }

  restore(saved: Json): void {
    const { game, frame } = saved as { readonly game: Json; readonly frame: number };
    this.#game.restore(game);
    this.#dress();
    this.#frame = frame;
  }

  /** Takes on the look of the level being played. */
  #dress(): void {
    const { level, channels } = this.#game;
    if (level === null || this.#pixels === "planes") return;
    const shape = { numChannels: channels.length, cellSize: this.#cellSize };
    this.#look = drawLook(foldIn(level, 1), shape);
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
