import { InputError, type Json } from "@quadrivium/core";
import { minAtarGames } from "./minatar/environment.js";
import { MinAtarImages, type ImageOptions } from "./minatar-images.js";

/** A task seen as images, one frame after another. */
export interface Environment {
  readonly numActions: number;
  /** Channels, height and width of one frame. */
  readonly frameShape: readonly [channels: number, height: number, width: number];
  /** What a byte of a frame is multiplied by before a network sees it. */
  readonly pixelScale: number;
  /** Whether the episode is over; {@link step} then changes nothing until {@link reset}. */
  readonly terminated: boolean;
  reset(): void;
  /** Plays one frame and returns its reward. */
  step(action: number): number;
  /** Writes the current frame. @param out @shape {@link frameShape}, row-major */
  observe(out: Uint8Array): void;
  /** Marks the pixels of a frame that belong to an object with 1. @param out @shape [height, width] */
  markObjects(out: Uint8Array): void;
  /** Height and width of {@link picture}. */
  readonly pictureShape: readonly [height: number, width: number];
  /** Draws the current frame for people. @param out red, green, blue. @shape [3, height, width] */
  picture(out: Uint8Array): void;
  /** Everything that decides the future. */
  save(): Json;
  restore(saved: Json): void;
}

/** The environments' names, as `env` takes them. */
export const environmentNames = minAtarGames.map((game) => `minatar/${game}`);

/**
 * The environment of a name.
 *
 * @throws E_GAME if there is none
 */
export function makeEnvironment(
  name: string,
  options: ImageOptions & { readonly seed: number },
): Environment {
  if (environmentNames.includes(name)) {
    return new MinAtarImages(name.slice("minatar/".length), options);
  }
  throw new InputError(
    "E_GAME",
    `env: must be one of ${environmentNames.join(", ")}; got ${JSON.stringify(name)}`,
  );
}
