import {
  foldIn,
  hostArray,
  streamFrom,
  streamOf,
  type Checkpoint,
  type Key,
  type Stream,
} from "@quadrivium/core";
import type { DeviceArray } from "@quadrivium/engine";
import { openAgent, type Agent } from "../agent/agent.js";
import { explorationAt, greedyAction } from "../agent/exploration.js";
import { sampleGradient } from "../agent/sample-gradient.js";
import { replayOptionsOf, type AgentConfig } from "../config.js";
import type { Network, NetworkParams } from "../network/network.js";
import { emptyBatch, firstOf, type Batch } from "../replay/batch.js";
import { augmentBatch, type ImageShape } from "../replay/augment.js";
import { Replay } from "../replay/replay.js";
import { fromCheckpoint, toCheckpoint, type RunState } from "./checkpoint.js";
import { Game } from "./game.js";
import { ReturnLog } from "./returns.js";
import type { Probe, Session, SessionStart } from "./session.js";

/**
 * A value network that plays and learns from a replay. Of its key, child 0 decides the initial
 * parameters and noise, child 1 the environment's seed, exploration and sampling.
 *
 * @throws E_CHECKPOINT if the checkpoint is none of this study
 */
export async function openPlay(config: AgentConfig, start: SessionStart): Promise<Session> {
  const { key, compute, checkpoint } = start;
  const saved = checkpoint === undefined ? undefined : fromCheckpoint(checkpoint);
  const agent = await openAgent(config, {
    key: foldIn(key, 0),
    compute,
    ...(saved === undefined ? {} : { saved: saved.agent }),
  });
  const play = new Play(config, agent, {
    key: foldIn(key, 1),
    ...(saved === undefined ? {} : { saved }),
  });
  if (saved !== undefined) await play.replay.restore(saved.replay);
  return play;
}

/** An environment being played and learned from, frame by frame. */
export class Play implements Session {
  readonly returns: ReturnLog;
  readonly replay: Replay;
  readonly #config: AgentConfig;
  readonly #agent: Agent;
  readonly #game: Game;
  readonly #stream: Stream;
  readonly #batch: Batch;
  readonly #imageShape: ImageShape;
  #frame = 0;
  #updates = 0;

  /** @param saved what to go on from; the replay is restored apart */
  constructor(
    config: AgentConfig,
    agent: Agent,
    { key, saved }: { readonly key: Key; readonly saved?: RunState },
  ) {
    const seed = streamOf(foldIn(key, 0)).nextUint32();
    this.#config = config;
    this.#agent = agent;
    this.#game = new Game(
      config,
      seed,
      saved && { game: saved.progress, observation: saved.observation.data as Float32Array },
    );
    this.#batch = this.#emptyBatch(config.batchSize);
    const [height, width] = this.#game.frameSides;
    const channels = this.#game.observation.length / (height * width);
    this.#imageShape = { channels, height, width };
    this.replay = new Replay(replayOptionsOf(config));
    this.#stream = saved ? streamFrom(saved.progress.stream) : streamOf(foldIn(key, 1));
    this.returns = new ReturnLog(config.returnWindow, saved?.progress);
    if (saved === undefined) return;
    this.#frame = saved.progress.frame;
    this.#updates = saved.progress.updates;
  }

  get network(): Network {
    return this.#agent.network;
  }

  get params(): NetworkParams<DeviceArray> {
    return this.#agent.params;
  }

  get sparsity(): number {
    return this.#agent.sparsity;
  }

  get frame(): number {
    return this.#frame;
  }

  get updates(): number {
    return this.#updates;
  }

  async advance(): Promise<void> {
    const { learningStarts, updatePeriod, updatesPerStep } = this.#config;
    const game = this.#game;
    const action = await this.#choose();
    const { reward, terminated, truncated, episodeReturn } = game.step(action);
    this.#frame++;
    this.replay.add({ frame: game.frame, action, reward, terminated, truncated });
    if (episodeReturn !== null) this.returns.add(this.#frame, episodeReturn);
    game.proceed();
    if (this.#frame >= learningStarts && this.#frame % updatePeriod === 0) {
      for (let update = 0; update < updatesPerStep; update++) await this.#learn();
    }
  }

  probe(size: number, key: Key): Probe | null {
    if (this.#updates === 0) return null;
    const batch = this.#emptyBatch(size);
    this.replay.sample(batch, streamOf(key));
    const samples = firstOf(batch, this.#config.batchSize);
    return {
      images: batch.observationTm1,
      gradient: () => this.#agent.gradient(samples, this.#updates),
      sampleGradient: (sample) =>
        sampleGradient(this.#agent, samples, { sample, updates: this.#updates }),
    };
  }

  async checkpoint(): Promise<Checkpoint> {
    const { observation } = this.#game;
    return toCheckpoint({
      progress: {
        frame: this.#frame,
        updates: this.#updates,
        recent: this.returns.recent(this.#frame),
        numEpisodes: this.returns.numEpisodes,
        stream: this.#stream.state(),
        ...this.#game.save(),
      },
      agent: await this.#agent.save(),
      replay: this.replay.save(),
      observation: hostArray(observation.slice(), [observation.length]),
    });
  }

  dispose(): Promise<void> {
    return this.#agent.dispose();
  }

  async #choose(): Promise<number> {
    const { noisy, learningStarts } = this.#config;
    // Noise explores in place of random actions once the network learns.
    const epsilon =
      noisy && this.#frame >= learningStarts ? 0 : explorationAt(this.#frame, this.#config);
    if (epsilon > 0 && this.#stream.uniform() <= epsilon) {
      return this.#stream.below(this.#game.numActions);
    }
    return greedyAction(await this.#agent.values(this.#game.observation, this.#frame));
  }

  async #learn(): Promise<void> {
    this.replay.sample(this.#batch, this.#stream);
    if (this.#config.augment === "shift") augmentBatch(this.#batch, this.#imageShape, this.#stream);
    const losses = await this.#agent.learn(this.#batch, this.#updates);
    this.replay.updatePriorities(this.#batch, losses);
    this.#updates++;
    if (this.#updates % this.#config.targetPeriod === 0) await this.#agent.syncTarget();
  }

  #emptyBatch(size: number): Batch {
    const { observation, pixelScale } = this.#game;
    return emptyBatch(size, { observationSize: observation.length, pixelScale });
  }
}
