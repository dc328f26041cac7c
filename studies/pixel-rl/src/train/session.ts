import type { Checkpoint, Compute, HostArray, Key } from "@quadrivium/core";
import type { DeviceArray } from "@quadrivium/engine";
import type { Network, NetworkParams } from "../network/network.js";
import type { ReturnLog } from "./returns.js";

/** A network and what it plays, between two frames. */
export interface Session {
  readonly network: Network;
  /** The parameters where they are computed; they live until the next update. */
  readonly params: NetworkParams<DeviceArray>;
  /** Share of the weights in the sparse layers that are 0. */
  readonly sparsity: number;
  /** Frames played. */
  readonly frame: number;
  /** Updates made. */
  readonly updates: number;
  readonly returns: ReturnLog;
  /** Plays one frame of every game, and learns if it is time to. */
  advance(): Promise<void>;
  /**
   * What a network is looked into with, drawn by a key of its own, so that looking changes nothing;
   * null before there is anything to see.
   */
  probe(size: number, key: Key): Probe | null;
  checkpoint(): Promise<Checkpoint>;
  dispose(): Promise<void>;
}

/** Observations that the network has learned from. */
export interface Probe {
  /** @shape [size, channels, height, width] */
  readonly images: Float32Array;
  /** The loss's gradient on the first `batchSize` of them. */
  gradient(): Promise<NetworkParams<HostArray>>;
  /**
   * The gradient of one sample's loss to all parameters, one array after another; null where a
   * sample's loss depends on the others of its batch, as that of a policy with scaled advantages.
   */
  readonly sampleGradient: ((sample: number) => Promise<Float32Array>) | null;
}

/** What a session begins with: a key, or where another left off. */
export interface SessionStart {
  readonly key: Key;
  readonly compute: Compute;
  readonly checkpoint: Checkpoint | undefined;
}
