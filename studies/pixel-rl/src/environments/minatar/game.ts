import type { Json, Stream } from "@quadrivium/core";
import type { MersenneTwister } from "./mersenne-twister.js";

/** Rows and columns of every board. */
export const boardSize = 10;

/** The six actions of every game; those without a meaning in a game act as `none`. */
export const action = { none: 0, left: 1, up: 2, right: 3, down: 4, fire: 5 } as const;

/** Number of actions of the full set. */
export const numActions = 6;

/** One of the five games: a board of 10 × 10 cells seen as boolean channels. */
export interface Game {
  /** Meaning of each channel, in order. */
  readonly channels: readonly string[];
  /** The actions that do something in this game. */
  readonly minimalActions: readonly number[];
  /** Whether the episode is over; further steps then change nothing. */
  readonly terminated: boolean;
  /**
   * Decides by which rules the game is played from the next reset on: the published ones, or those
   * of a level, drawn from a stream of its own.
   *
   * @param draws null for the published rules
   */
  setLevel(draws: Stream | null): void;
  reset(random: MersenneTwister): void;
  /** Plays one frame and returns its reward. */
  step(chosen: number, random: MersenneTwister): number;
  /**
   * Writes the board as zeros and ones.
   *
   * @param out receives the cells. @shape [10, 10, channels], index (y·10 + x)·channels + channel
   */
  observe(out: Uint8Array): void;
  /** Everything that decides the game's future, as plain data. */
  save(): Json;
  restore(saved: Json): void;
}

/** How a game is set up. */
export interface GameOptions {
  /** Whether Asterix, Seaquest and Space Invaders get faster as they are played [true]. */
  readonly ramping?: boolean;
}

/** `value` held within [low, high]. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/** A whole number in [low, high], every one equally likely. */
export function drawBetween(draws: Stream, low: number, high: number): number {
  return low + draws.below(high - low + 1);
}

/** Whether a row or column lies on the board. */
export function isInside(index: number): boolean {
  return index >= 0 && index < boardSize;
}
