import { foldIn, hostArray, streamFrom, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { Agent } from "../agent/agent.js";
import { explorationAt, greedyAction } from "../agent/exploration.js";
import { FrameStack } from "../agent/frame-stack.js";
import { environmentOf, replayOptionsOf, type AgentConfig } from "../config.js";
import type { Environment } from "../environments/environment.js";
import { emptyBatch, type Batch } from "../replay/batch.js";
import { augmentBatch, type ImageShape } from "../replay/augment.js";
import { Replay } from "../replay/replay.js";
import type { RunState } from "./checkpoint.js";
import { ReturnLog } from "./returns.js";

/** An environment being played and learned from, frame by frame. */
export class Play {
  readonly returns: ReturnLog;
  readonly replay: Replay;
  readonly #config: AgentConfig;
  readonly #agent: Agent;
  readonly #environment: Environment;
  readonly #stream: Stream;
  readonly #stack: FrameStack;
  readonly #frameBytes: Uint8Array;
  readonly #batch: Batch;
  readonly #imageShape: ImageShape;
  #frame = 0;
  #updates = 0;
  #episodeReturn = 0;
  #episodeFrames = 0;

  /**
   * @param key decides the environment's seed, exploration and sampling
   * @param saved what {@link save} gave, to go on from; {@link replay} is restored apart
   */
  constructor(
    config: AgentConfig,
    agent: Agent,
    { key, saved }: { readonly key: Key; readonly saved?: RunState },
  ) {
    const seed = streamOf(foldIn(key, 0)).nextUint32();
    const replayOptions = replayOptionsOf(config);
    const { frameSize } = replayOptions;
    this.#config = config;
    this.#agent = agent;
    this.#environment = environmentOf(config, seed);
    const { pixelScale } = this.#environment;
    this.#stack = new FrameStack({ frameSize, frameStack: config.frameStack, pixelScale });
    this.#frameBytes = new Uint8Array(frameSize);
    const observationSize = this.#stack.observation.length;
    this.#batch = emptyBatch(config.batchSize, { observationSize, pixelScale });
    const [, height, width] = this.#environment.frameShape;
    this.#imageShape = { channels: observationSize / (height * width), height, width };
    this.replay = new Replay(replayOptions);
    this.#stream = saved ? streamFrom(saved.progress.stream) : streamOf(foldIn(key, 1));
    this.returns = new ReturnLog(config.returnWindow, saved?.progress);
    if (saved === undefined) {
      this.#look();
      return;
    }
    this.#environment.restore(saved.progress.environment);
    this.#environment.observe(this.#frameBytes);
    this.#stack.observation.set(saved.observation.data as Float32Array);
    this.#frame = saved.progress.frame;
    this.#updates = saved.progress.updates;
    this.#episodeReturn = saved.progress.episodeReturn;
    this.#episodeFrames = saved.progress.episodeFrames;
  }

  /** Frames played. */
  get frame(): number {
    return this.#frame;
  }

  /** Updates made. */
  get updates(): number {
    return this.#updates;
  }

  /** Plays one frame, stores it, and learns if it is time to. */
  async advance(): Promise<void> {
    const config = this.#config;
    const action = await this.#choose();
    const reward = this.#environment.step(action);
    this.#frame++;
    this.#episodeReturn += reward;
    this.#episodeFrames++;
    const { terminated } = this.#environment;
    const truncated = !terminated && this.#episodeFrames >= config.maxEpisodeFrames;
    const bound = config.rewardClip ?? Infinity;
    this.replay.add({
      frame: this.#frameBytes,
      action,
      reward: Math.min(bound, Math.max(-bound, reward)),
      terminated,
      truncated,
    });
    if (terminated || truncated) {
      this.returns.add(this.#frame, this.#episodeReturn);
      this.#episodeReturn = 0;
      this.#episodeFrames = 0;
      this.#environment.reset();
      this.#stack.clear();
    }
    this.#look();
    if (this.#frame >= config.learningStarts && this.#frame % config.updatePeriod === 0) {
      for (let update = 0; update < config.updatesPerStep; update++) await this.#learn();
    }
  }

  /**
   * Samples drawn from the replay by a stream of their own, so that looking changes nothing;
   * null while the replay cannot be sampled.
   */
  probe(size: number, key: Key): Batch | null {
    if (this.#updates === 0) return null;
    const observationSize = this.#stack.observation.length;
    const { pixelScale } = this.#environment;
    const batch = emptyBatch(size, { observationSize, pixelScale });
    this.replay.sample(batch, streamOf(key));
    return batch;
  }

  async save(): Promise<RunState> {
    const { observation } = this.#stack;
    return {
      progress: {
        frame: this.#frame,
        updates: this.#updates,
        episodeReturn: this.#episodeReturn,
        episodeFrames: this.#episodeFrames,
        recent: this.returns.recent(this.#frame),
        numEpisodes: this.returns.numEpisodes,
        stream: this.#stream.state(),
        environment: this.#environment.save(),
      },
      agent: await this.#agent.save(),
      replay: this.replay.save(),
      observation: hostArray(observation.slice(), [observation.length]),
    };
  }

  async #choose(): Promise<number> {
    const { noisy, learningStarts } = this.#config;
    // Noise explores in place of random actions once the network learns.
    const epsilon =
      noisy && this.#frame >= learningStarts ? 0 : explorationAt(this.#frame, this.#config);
    if (epsilon > 0 && this.#stream.uniform() <= epsilon) {
      return this.#stream.below(this.#environment.numActions);
    }
    return greedyAction(await this.#agent.values(this.#stack.observation, this.#frame));
  }

  async #learn(): Promise<void> {
    this.replay.sample(this.#batch, this.#stream);
    if (this.#config.augment === "shift") augmentBatch(this.#batch, this.#imageShape, this.#stream);
    const losses = await this.#agent.learn(this.#batch, this.#updates);
    this.replay.updatePriorities(this.#batch, losses);
    this.#updates++;
    if (this.#updates % this.#config.targetPeriod === 0) await this.#agent.syncTarget();
  }

  #look(): void {
    this.#environment.observe(this.#frameBytes);
    this.#stack.push(this.#frameBytes);
  }
}
