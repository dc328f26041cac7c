import {
  foldIn,
  hostArray,
  random,
  streamFrom,
  streamOf,
  type Checkpoint,
  type HostArray,
  type Json,
  type Key,
  type Stream,
  type Tree,
} from "@quadrivium/core";
import type { DeviceArray } from "@quadrivium/engine";
import type { SavedNetwork } from "../agent/trained-network.js";
import type { AgentConfig } from "../config.js";
import type { Network, NetworkParams } from "../network/network.js";
import { requireParts, type Counts } from "../train/checkpoint.js";
import { Game, type SavedGame } from "../train/game.js";
import { ReturnLog } from "../train/returns.js";
import type { Probe, Session, SessionStart } from "../train/session.js";
import { openActorCritic, type ActorCritic, type PolicySamples } from "./actor-critic.js";
import {
  emptyRollout,
  gather,
  restoreArrays,
  samplesOf,
  saveArrays,
  type Rollout,
} from "./rollout.js";
import { drawAction } from "./draw-action.js";

/** All that is not an array. */
interface Progress extends Counts {
  /** Frames of the rollout that are filled. */
  readonly filled: number;
  readonly games: readonly SavedGame[];
}

interface Saved {
  readonly progress: Progress;
  readonly network: SavedNetwork;
  readonly observations: readonly ArrayLike<number>[];
  readonly rollout: Rollout;
  /** What was last learned from, where anything was. */
  readonly learned: PolicySamples | null;
}

/**
 * A policy that plays several games and learns from each rollout by proximal policy optimization. Of
 * its key, child 0 decides the initial parameters, child 1 the games' seeds, actions and the order
 * of samples.
 *
 * @throws E_CHECKPOINT if the checkpoint is none of this kind of run
 */
export async function openPolicyPlay(config: AgentConfig, start: SessionStart): Promise<Session> {
  const { key, compute, checkpoint } = start;
  const saved = checkpoint === undefined ? undefined : fromCheckpoint(config, checkpoint);
  const agent = await openActorCritic(config, {
    key: foldIn(key, 0),
    compute,
    ...(saved === undefined ? {} : { saved: saved.network }),
  });
  return new PolicyPlay(config, agent, foldIn(key, 1), saved);
}

class PolicyPlay implements Session {
  readonly returns: ReturnLog;
  readonly #config: AgentConfig;
  readonly #agent: ActorCritic;
  readonly #games: readonly Game[];
  readonly #stream: Stream;
  readonly #orderKey: Key;
  #rollout: Rollout;
  #learned: PolicySamples | null;
  #filled: number;
  #frame: number;
  #updates: number;

  constructor(config: AgentConfig, agent: ActorCritic, key: Key, saved: Saved | undefined) {
    const seeds = streamOf(foldIn(key, 0));
    this.#config = config;
    this.#agent = agent;
    this.#games = Array.from({ length: config.numEnvs }, (_, index) => {
      const seed = seeds.nextUint32();
      const from = saved && {
        game: saved.progress.games[index],
        observation: saved.observations[index],
      };
      return new Game(config, seed, from);
    });
    this.#stream = saved ? streamFrom(saved.progress.stream) : streamOf(foldIn(key, 1));
    this.#orderKey = foldIn(key, 2);
    this.#rollout = saved?.rollout ?? this.#emptyRollout();
    this.#learned = saved?.learned ?? null;
    this.#filled = saved?.progress.filled ?? 0;
    this.#frame = saved?.progress.frame ?? 0;
    this.#updates = saved?.progress.updates ?? 0;
    this.returns = new ReturnLog(config.returnWindow, saved?.progress);
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
    const { numEnvs, rolloutFrames } = this.#config;
    const rollout = this.#rollout;
    const first = this.#filled * numEnvs;
    const observations = this.#observations();
    const { logPolicy, values } = await this.#agent.judge(observations);
    // A value that follows is known when the next frame is judged, but for the ends.
    if (this.#filled > 0) this.#followWith(values, first - numEnvs);
    rollout.observation.set(observations, first * this.#observationSize);
    rollout.value.set(values, first);
    const truncated = this.#games.map((game, index) => {
      const { numActions } = game;
      const row = logPolicy.subarray(index * numActions, (index + 1) * numActions);
      const action = drawAction(row, this.#stream);
      const outcome = game.step(action);
      rollout.action[first + index] = action;
      rollout.logProbability[first + index] = row[action];
      rollout.reward[first + index] = outcome.reward;
      rollout.nextValue[first + index] = 0;
      rollout.over[first + index] = outcome.episodeReturn === null ? 0 : 1;
      if (outcome.episodeReturn !== null) {
        this.returns.add(this.#frame + index + 1, outcome.episodeReturn);
      }
      return outcome.truncated;
    });
    if (truncated.includes(true)) await this.#judgeCut(truncated, first);
    for (const game of this.#games) game.proceed();
    this.#frame += numEnvs;
    this.#filled++;
    if (this.#filled === rolloutFrames) await this.#learn();
  }

  probe(size: number, key: Key): Probe | null {
    if (this.#learned === null) return null;
    const stream = streamOf(key);
    const count = this.#learned.action.length;
    const places = Array.from({ length: size }, () => stream.below(count));
    const samples = gather(this.#learned, places.slice(0, this.#config.batchSize));
    return {
      images: gather(this.#learned, places).observation,
      gradient: () => this.#agent.gradient(samples),
      sampleGradient: null,
    };
  }

  async checkpoint(): Promise<Checkpoint> {
    const { params, optimizer, masks } = await this.#agent.save();
    const observations = this.#observations();
    const progress: Progress = {
      frame: this.#frame,
      updates: this.#updates,
      recent: this.returns.recent(this.#frame),
      numEpisodes: this.returns.numEpisodes,
      stream: this.#stream.state(),
      filled: this.#filled,
      games: this.#games.map((game) => game.save()),
    };
    return {
      tree: {
        params: params as unknown as Tree<HostArray>,
        optimizer: optimizer as Tree<HostArray>,
        masks,
        rollout: saveArrays(this.#rollout),
        learned: this.#learned === null ? {} : saveArrays(this.#learned),
        observations: hostArray(observations, [observations.length]),
      },
      json: { progress } as unknown as Json,
    };
  }

  dispose(): Promise<void> {
    return this.#agent.dispose();
  }

  get #observationSize(): number {
    return this.#games[0].observation.length;
  }

  #emptyRollout(): Rollout {
    const { numEnvs, rolloutFrames } = this.#config;
    return emptyRollout(numEnvs * rolloutFrames, this.#observationSize);
  }

  /** What all games show, one after another. */
  #observations(): Float32Array {
    const size = this.#observationSize;
    const all = new Float32Array(this.#games.length * size);
    this.#games.forEach((game, index) => all.set(game.observation, index * size));
    return all;
  }

  /** Values that follow the frame at `first`, where its episode went on. */
  #followWith(values: Float32Array, first: number): void {
    values.forEach((value, index) => {
      if (this.#rollout.over[first + index] === 0) this.#rollout.nextValue[first + index] = value;
    });
  }

  /** Values of the last states of episodes that were cut short. */
  async #judgeCut(truncated: readonly boolean[], first: number): Promise<void> {
    this.#games.forEach((game, index) => {
      if (truncated[index]) game.look();
    });
    const { values } = await this.#agent.judge(this.#observations());
    truncated.forEach((isCut, index) => {
      if (isCut) this.#rollout.nextValue[first + index] = values[index];
    });
  }

  async #learn(): Promise<void> {
    const { numEnvs, epochs, batchSize, discount, gaeLambda } = this.#config;
    const { values } = await this.#agent.judge(this.#observations());
    const count = this.#rollout.action.length;
    this.#followWith(values, count - numEnvs);
    const samples = samplesOf(this.#rollout, {
      numGames: numEnvs,
      discount,
      lambda: gaeLambda,
    });
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = random.permutation(foldIn(this.#orderKey, this.#updates), count);
      for (let from = 0; from < count; from += batchSize) {
        const batch = gather(samples, order.subarray(from, from + batchSize));
        await this.#agent.learn(batch, this.#updates);
        this.#updates++;
      }
    }
    this.#learned = samples;
    this.#rollout = this.#emptyRollout();
    this.#filled = 0;
  }
}

function fromCheckpoint({ numEnvs }: AgentConfig, { tree, json }: Checkpoint): Saved {
  requireParts(tree, ["params", "optimizer", "rollout", "observations"]);
  const arrays = (name: string) =>
    (tree[name] ?? {}) as unknown as { readonly [name: string]: HostArray };
  const learned = arrays("learned");
  const all = (tree.observations as HostArray).data as Float32Array;
  const size = all.length / numEnvs;
  return {
    progress: (json as unknown as { readonly progress: Progress }).progress,
    network: {
      params: tree.params as unknown as SavedNetwork["params"],
      optimizer: tree.optimizer as unknown as SavedNetwork["optimizer"],
      masks: (tree.masks ?? {}) as SavedNetwork["masks"],
    },
    observations: Array.from({ length: numEnvs }, (_, index) =>
      all.slice(index * size, (index + 1) * size),
    ),
    rollout: restoreArrays<Rollout>(arrays("rollout")),
    learned: Object.keys(learned).length === 0 ? null : restoreArrays<PolicySamples>(learned),
  };
}
