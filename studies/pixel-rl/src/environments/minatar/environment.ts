import { nearest } from "@quadrivium/config";
import { foldIn, InputError, streamOf, type Json, type Key } from "@quadrivium/core";
import { Asterix } from "./asterix.js";
import { Breakout } from "./breakout.js";
import { Freeway } from "./freeway.js";
import { boardSize, numActions, type Game, type GameOptions } from "./game.js";
import { MersenneTwister, type TwisterState } from "./mersenne-twister.js";
import { Seaquest } from "./seaquest.js";
import { SpaceInvaders } from "./space-invaders.js";

const makers = {
  asterix: (options: GameOptions) => new Asterix(options),
  breakout: () => new Breakout(),
  freeway: () => new Freeway(),
  seaquest: (options: GameOptions) => new Seaquest(options),
  space_invaders: (options: GameOptions) => new SpaceInvaders(options),
} satisfies Record<string, (options: GameOptions) => Game>;

export type MinAtarGame = keyof typeof makers;

/** The names of the games. */
export const minAtarGames = Object.keys(makers) as readonly MinAtarGame[];

export interface MinAtarOptions extends GameOptions {
  /** Whole number in [0, 2^32) that decides the games and the sticky draws. */
  readonly seed: number;
  /** Probability that a step repeats the last action instead of the chosen one [0.1]. */
  readonly stickyActionProbability?: number;
  /** Levels, of which every episode plays one by chance; the published game where there are none. */
  readonly levels?: readonly Key[];
}

interface Saved {
  readonly game: Json;
  readonly random: TwisterState;
  readonly lastAction: number;
  /** Index of the level being played; null for the published game. */
  readonly level: number | null;
}

/**
 * A MinAtar game with sticky actions, exact to the published environment for every seed.
 *
 * The last action outlives a reset, as it does there; each step draws once for stickiness before the
 * game draws.
 *
 * @source Young and Tian 2019, "MinAtar"; Machado et al. 2018, §5.2 (sticky actions)
 */
export class MinAtarEnvironment {
  readonly name: MinAtarGame;
  readonly channels: readonly string[];
  readonly minimalActions: readonly number[];
  /** [10, 10, channels] */
  readonly observationShape: readonly [number, number, number];

  readonly #game: Game;
  readonly #random: MersenneTwister;
  readonly #stickyActionProbability: number;
  readonly #levels: readonly Key[];
  #lastAction = 0;
  #level: number | null = null;

  /** @throws E_GAME, E_RANGE if the name or an option is not one it knows */
  constructor(name: string, options: MinAtarOptions) {
    if (!Object.hasOwn(makers, name)) {
      const near = nearest(name, minAtarGames);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      throw new InputError(
        "E_GAME",
        `MinAtarEnvironment: game must be one of ${minAtarGames.join(", ")}; got "${name}"${hint}`,
      );
    }
    const { seed, stickyActionProbability = 0.1, levels = [] } = options;
    if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
      throw new InputError(
        "E_RANGE",
        `MinAtarEnvironment: seed must be a whole number in [0, 2^32); got ${seed}`,
      );
    }
    if (!(stickyActionProbability >= 0 && stickyActionProbability <= 1)) {
      throw new InputError(
        "E_RANGE",
        `MinAtarEnvironment: stickyActionProbability must lie in [0, 1]; got ${stickyActionProbability}`,
      );
    }
    this.name = name as MinAtarGame;
    this.#game = makers[this.name](options);
    this.#random = new MersenneTwister(seed);
    this.#stickyActionProbability = stickyActionProbability;
    this.#levels = levels;
    this.channels = this.#game.channels;
    this.minimalActions = this.#game.minimalActions;
    this.observationShape = [boardSize, boardSize, this.channels.length];
    this.reset();
  }

  /** Whether the episode is over; {@link step} then changes nothing until {@link reset}. */
  get terminated(): boolean {
    return this.#game.terminated;
  }

  /** What decides the level being played; null for the published game. */
  get level(): Key | null {
    return this.#level === null ? null : this.#levels[this.#level];
  }

  reset(): void {
    if (this.#levels.length > 0) this.#setLevel(this.#random.integer(0, this.#levels.length));
    this.#game.reset(this.#random);
  }

  /**
   * Plays one frame and returns its reward.
   *
   * @param chosen whole number in [0, 6): none, left, up, right, down, fire
   * @throws E_RANGE if there is no such action
   */
  step(chosen: number): number {
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= numActions) {
      throw new InputError(
        "E_RANGE",
        `MinAtarEnvironment.step: action must be a whole number in [0, ${numActions}); got ${chosen}`,
      );
    }
    const played =
      this.#random.uniform() < this.#stickyActionProbability ? this.#lastAction : chosen;
    this.#lastAction = played;
    return this.#game.step(played, this.#random);
  }

  /** Writes the board as zeros and ones. @param out @shape {@link observationShape}, row-major */
  observe(out: Uint8Array): void {
    this.#game.observe(out);
  }

  /** Everything that decides the future, for a checkpoint. */
  save(): Json {
    return {
      game: this.#game.save(),
      random: { ...this.#random.state() },
      lastAction: this.#lastAction,
      level: this.#level,
    };
  }

  /** Goes on from what {@link save} gave for the same game and options. */
  restore(saved: Json): void {
    const from = saved as unknown as Saved;
    // Saved before there were levels, it names none.
    this.#setLevel(from.level ?? null);
    this.#game.restore(from.game);
    this.#random.restore(from.random);
    this.#lastAction = from.lastAction;
  }

  #setLevel(level: number | null): void {
    this.#level = level;
    this.#game.setLevel(level === null ? null : streamOf(foldIn(this.#levels[level], 0)));
  }
}
