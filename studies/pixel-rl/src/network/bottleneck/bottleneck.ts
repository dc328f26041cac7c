import type { HostArray, Key, Tree } from "@quadrivium/core";
import type { np } from "@quadrivium/engine";
import type { Observe } from "../encoder.js";
import type { LinearShape, LinearStyle, NetworkNoise } from "../linear.js";
import type { MapShape } from "../plan.js";
import type { TokenKind } from "./map-tokens.js";

/** The ways from the encoder's map to the first dense layer. */
export const bottleneckNames = [
  "flatten",
  "gap",
  "max",
  "pool",
  "attention",
  "hadamard",
  "tokens-mean",
  "tokens-sum",
  "soft-moe",
] as const;

export type BottleneckName = (typeof bottleneckNames)[number];

/** What fixes a bottleneck. */
export interface BottleneckOptions {
  readonly bottleneck: BottleneckName;
  /** Units of the dense layer. */
  readonly hidden: number;
  /** Places a side that `pool` leaves. */
  readonly poolSize: number;
  /** What a token of `tokens-mean`, `tokens-sum` and `soft-moe` is. */
  readonly tokens: TokenKind;
  /** Experts of `soft-moe`. */
  readonly numExperts: number;
}

/** A connection from the encoder's map to the features that the head reads. */
export interface Bottleneck {
  /** Length of the features. */
  readonly numFeatures: number;
  readonly numParams: number;
  /** Multiplications of one forward pass. */
  readonly macs: number;
  /** Noisy dense layers by name, for the noise that a forward pass needs. */
  readonly noisyLayers: { readonly [name: string]: LinearShape };
  init(key: Key): Tree<HostArray>;
  /**
   * The features of a batch of maps.
   *
   * @param map @shape [batch, channels, height, width]. @owns borrows
   * @returns @shape [batch, numFeatures]
   */
  apply(
    params: Tree<np.Array>,
    map: np.Array,
    options: { readonly noise?: NetworkNoise<np.Array>; readonly observe: Observe },
  ): np.Array;
}

/** Makes a bottleneck for maps of a shape. */
export type MakeBottleneck = (
  map: MapShape,
  options: BottleneckOptions,
  style: LinearStyle,
) => Bottleneck;
