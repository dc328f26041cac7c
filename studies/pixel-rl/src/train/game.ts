import type { Json } from "@quadrivium/core";
import { FrameStack } from "../agent/frame-stack.js";
import { environmentOf, type AgentConfig } from "../config.js";
import type { Environment } from "../environments/environment.js";

/** What an action led to. */
export interface Outcome {
  /** Reward to learn from, within `rewardClip`. */
  readonly reward: number;
  readonly terminated: boolean;
  /** Whether the episode was cut short, and would have gone on. */
  readonly truncated: boolean;
  /** The sum of its rewards, none clipped, where the episode is over; else null. */
  readonly episodeReturn: number | null;
}

/** Where a game stands within its episode; all of it but what is seen. */
export interface SavedGame {
  readonly episodeReturn: number;
  readonly episodeFrames: number;
  readonly environment: Json;
}

/** One environment being played, as a network sees it. */
export class Game {
  readonly numActions: number;
  readonly pixelScale: number;
  /** The newest frame. */
  readonly frame: Uint8Array;
  readonly #config: AgentConfig;
  readonly #environment: Environment;
  readonly #stack: FrameStack;
  #episodeReturn = 0;
  #episodeFrames = 0;
  #isOver = false;

  /** @param from where to go on, and what was seen there */
  constructor(
    config: AgentConfig,
    seed: number,
    from?: { readonly game: SavedGame; readonly observation: ArrayLike<number> },
  ) {
    this.#config = config;
    this.#environment = environmentOf(config, seed);
    const { frameShape, numActions, pixelScale } = this.#environment;
    const frameSize = frameShape.reduce((product, length) => product * length, 1);
    this.numActions = numActions;
    this.pixelScale = pixelScale;
    this.frame = new Uint8Array(frameSize);
    this.#stack = new FrameStack({ frameSize, frameStack: config.frameStack, pixelScale });
    if (from === undefined) {
      this.look();
      return;
    }
    this.#environment.restore(from.game.environment);
    this.#environment.observe(this.frame);
    this.#stack.observation.set(from.observation);
    this.#episodeReturn = from.game.episodeReturn;
    this.#episodeFrames = from.game.episodeFrames;
  }

  /** What the network sees; overwritten by the next look. */
  get observation(): Float32Array {
    return this.#stack.observation;
  }

  /** Height and width of a frame. */
  get frameSides(): readonly [height: number, width: number] {
    const [, height, width] = this.#environment.frameShape;
    return [height, width];
  }

  /** Plays one frame; nothing is seen of what it led to before {@link look} or {@link proceed}. */
  step(action: number): Outcome {
    const { maxEpisodeFrames, rewardClip } = this.#config;
    const reward = this.#environment.step(action);
    this.#episodeReturn += reward;
    this.#episodeFrames++;
    const { terminated } = this.#environment;
    const truncated = !terminated && this.#episodeFrames >= maxEpisodeFrames;
    this.#isOver = terminated || truncated;
    const bound = rewardClip ?? Infinity;
    return {
      reward: Math.min(bound, Math.max(-bound, reward)),
      terminated,
      truncated,
      episodeReturn: this.#isOver ? this.#episodeReturn : null,
    };
  }

  /** Takes in the newest frame. */
  look(): void {
    this.#environment.observe(this.frame);
    this.#stack.push(this.frame);
  }

  /** Takes in the newest frame, of the next episode where this one is over. */
  proceed(): void {
    if (this.#isOver) {
      this.#episodeReturn = 0;
      this.#episodeFrames = 0;
      this.#isOver = false;
      this.#environment.reset();
      this.#stack.clear();
    }
    this.look();
  }

  save(): SavedGame {
    return {
      episodeReturn: this.#episodeReturn,
      episodeFrames: this.#episodeFrames,
      environment: this.#environment.save(),
    };
  }
}
