import {
  InputError,
  type Checkpoint,
  type HostArray,
  type Json,
  type StreamState,
  type Tree,
} from "@quadrivium/core";
import type { SavedAgent } from "../agent/agent.js";
import type { SavedReplay } from "../replay/replay.js";
import type { SavedGame } from "./game.js";
import type { EndedEpisode } from "./returns.js";

/** What counts and generators stand at, between two frames. */
export interface Counts {
  readonly frame: number;
  readonly updates: number;
  readonly recent: readonly EndedEpisode[];
  readonly numEpisodes: number;
  readonly stream: StreamState;
}

/** All that is not an array, of a run with a replay. */
export type Progress = Counts & SavedGame;

/** All of a run between two frames. */
export interface RunState {
  readonly progress: Progress;
  readonly agent: SavedAgent;
  readonly replay: SavedReplay;
  /** What the network would see next. */
  readonly observation: HostArray;
}

/** A run as a checkpoint: parameters, moments, replay, environment and generators. */
export function toCheckpoint({ progress, agent, replay, observation }: RunState): Checkpoint {
  const { params, target, optimizer, masks } = agent;
  return {
    tree: {
      params: params as unknown as Tree<HostArray>,
      target: target as unknown as Tree<HostArray>,
      optimizer: optimizer as Tree<HostArray>,
      masks,
      replay: replay.arrays as Tree<HostArray>,
      observation,
    },
    segments: replay.segments,
    json: { progress, replay: replay.json } as unknown as Json,
  };
}

/**
 * The run that a checkpoint holds.
 *
 * @throws E_CHECKPOINT if it is not one of this study
 */
export function fromCheckpoint({ tree, json, segments }: Checkpoint): RunState {
  requireParts(tree, ["params", "target", "optimizer", "replay", "observation"]);
  if (segments === undefined) {
    throw new InputError(
      "E_CHECKPOINT",
      "train: a checkpoint with a replay must hold segments; got none; resume with the study that wrote it",
    );
  }
  const saved = json as unknown as {
    readonly progress: Progress;
    readonly replay: SavedReplay["json"];
  };
  return {
    progress: saved.progress,
    agent: {
      params: tree.params as unknown as SavedAgent["params"],
      target: tree.target as unknown as SavedAgent["target"],
      optimizer: tree.optimizer as unknown as SavedAgent["optimizer"],
      // Checkpoints from before there were sparse networks have none.
      masks: (tree.masks ?? {}) as SavedAgent["masks"],
    },
    replay: {
      arrays: tree.replay as SavedReplay["arrays"],
      segments,
      json: saved.replay,
    },
    observation: tree.observation as HostArray,
  };
}

/** @throws E_CHECKPOINT if a part is missing */
export function requireParts(tree: Checkpoint["tree"], parts: readonly string[]): void {
  const missing = parts.find((part) => !(part in tree));
  if (missing === undefined) return;
  throw new InputError(
    "E_CHECKPOINT",
    `train: a checkpoint must hold ${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}; got none ` +
      `of ${missing}; resume with the study that wrote it`,
  );
}
