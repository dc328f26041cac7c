import { InputError, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { AtariConsole, Controls } from "./console.js";
import type { AtariGame } from "./games.js";
import { AreaResize, brighter, seenSide, toGrey } from "./screen.js";

/** How a game is played. */
export interface AtariOptions {
  readonly key: Key;
  /** Probability that a frame keeps the action played on the frame before [0.25]. */
  readonly stickyActionProbability?: number;
  /** Frames that an agent's step lasts [4]. */
  readonly frameSkip?: number;
  /** Whether losing a life ends an agent's episode [no]. */
  readonly endsOnLifeLoss?: boolean;
}

/**
 * A console's game as agents see it: each step plays up to four frames with one action and sums
 * their rewards; what is seen is the brighter of the last two frames in grey, by area at 84 × 84.
 *
 * Whether the action before is kept is drawn for every frame, not for every step.
 *
 * @source Mnih et al. 2015, Methods; Machado et al. 2018, §5 (sticky actions)
 * @departs after a reset the second of the two frames is blank, as in Dopamine
 */
export class AtariEnvironment {
  readonly frameShape = [1, seenSide, seenSide] as const;
  readonly pixelScale = 1 / 255;
  readonly #console: AtariConsole;
  readonly #game: AtariGame;
  readonly #options: Required<Omit<AtariOptions, "key">>;
  readonly #stream: Stream;
  readonly #resize: AreaResize;
  readonly #grey: readonly [Uint8Array, Uint8Array];
  readonly #ram = (address: number): number => this.#console.ram(address);
  #kept: Controls = {};
  #score = 0;
  #lives = 0;
  #isOver = false;
  #lostLife = false;
  #numFrames = 0;
  #numKept = 0;

  constructor(console: AtariConsole, game: AtariGame, options: AtariOptions) {
    const { stickyActionProbability = 0.25, frameSkip = 4, endsOnLifeLoss = false } = options;
    this.#console = console;
    this.#game = game;
    this.#options = { stickyActionProbability, frameSkip, endsOnLifeLoss };
    this.#stream = streamOf(options.key);
    const { height, width } = console;
    this.#resize = new AreaResize({ height, width }, { height: seenSide, width: seenSide });
    this.#grey = [new Uint8Array(height * width), new Uint8Array(height * width)];
    this.reset();
  }

  get numActions(): number {
    return this.#game.actions.length;
  }

  /** Whether the game is over, or a life was lost where that ends an episode. */
  get terminated(): boolean {
    return this.#isOver || (this.#options.endsOnLifeLoss && this.#lostLife);
  }

  get lives(): number {
    return this.#lives;
  }

  /** Frames played since the start, and those on which the action before was kept by chance. */
  get frames(): { readonly played: number; readonly kept: number } {
    return { played: this.#numFrames, kept: this.#numKept };
  }

  /** Begins an episode; after a life was lost the game goes on where it is. */
  reset(): void {
    const goesOn = this.#lostLife && !this.#isOver;
    this.#lostLife = false;
    if (goesOn) return;
    this.#kept = {};
    for (let frame = 0; frame < 60; frame++) this.#console.runFrame({});
    for (let frame = 0; frame < 4; frame++) this.#console.runFrame({ reset: true });
    this.#console.runFrame({});
    for (const controls of this.#game.startingActions) this.#console.runFrame(controls);
    this.#score = this.#game.score(this.#ram);
    this.#lives = this.#game.lives(this.#ram);
    this.#isOver = false;
    toGrey(this.#console.screen, this.#grey[0]);
    this.#grey[1].fill(0);
  }

  /**
   * Plays a step and returns the sum of its frames' rewards; nothing after the end.
   *
   * @throws E_RANGE if there is no such action
   */
  step(action: number): number {
    const wanted = this.#game.actions[action];
    if (wanted === undefined) {
      throw new InputError(
        "E_RANGE",
        `AtariEnvironment.step: action must be a whole number in [0, ${this.numActions}); got ${action}`,
      );
    }
    const { frameSkip } = this.#options;
    let reward = 0;
    for (let frame = 0; frame < frameSkip && !this.terminated; frame++) {
      reward += this.#playFrame(wanted);
      const fromEnd = frameSkip - 1 - frame;
      if (fromEnd < 2) toGrey(this.#console.screen, this.#grey[fromEnd]);
    }
    return reward;
  }

  /** Writes what an agent sees. @param out @shape [1, 84, 84] */
  observe(out: Uint8Array): void {
    const [newest, before] = this.#grey;
    const both = new Uint8Array(newest.length);
    brighter(newest, before, both);
    this.#resize.resize(both, out);
  }

  #playFrame(wanted: Controls): number {
    const isKept = this.#stream.uniform() < this.#options.stickyActionProbability;
    if (!isKept) this.#kept = wanted;
    this.#numFrames++;
    this.#numKept += isKept ? 1 : 0;
    this.#console.runFrame(this.#kept);
    const before = this.#score;
    this.#score = this.#game.score(this.#ram);
    const lives = this.#game.lives(this.#ram);
    if (lives < this.#lives) this.#lostLife = true;
    this.#lives = lives;
    this.#isOver = this.#game.isOver(this.#ram);
    return this.#game.reward?.(before, this.#score) ?? this.#score - before;
  }
}
