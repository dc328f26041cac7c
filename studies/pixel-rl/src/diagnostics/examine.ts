import { hostArray, type Compute, type HostArray } from "@quadrivium/core";
import { compile, dispose, read, type DeviceArray, type np } from "@quadrivium/engine";
import { actionValues } from "../agent/learner.js";
import type { AgentConfig } from "../config.js";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";
import { dormantShare, stillShare, type Activations } from "./dormancy.js";
import { effectiveRank, featureSpectrum, thresholdRank } from "./rank.js";

/** What a look into a network finds, on a batch of observations. */
export type Examination = {
  /** Share of τ-dormant units (τ = 0.1) after each ReLU, by layer. */
  readonly dormantByLayer: { readonly [layer: string]: number };
  /** The same over all units of the encoder φ, and of the layers after it, ψ. */
  readonly dormantEncoder: number;
  readonly dormantBottleneck: number;
  /** Share of the head's inputs whose variance over the batch is at most 0.001. */
  readonly stillFeatures: number;
  /** Ranks of the features: mass of singular values above 99 %, and values above 1 % of the largest. */
  readonly effectiveRank: number;
  readonly thresholdRank: number;
  /** Mean Euclidean length of a feature vector. */
  readonly featureNorm: number;
  /** Mean and standard deviation of all actions' values. */
  readonly valueMean: number;
  readonly valueSpread: number;
};

/**
 * Looks into a network: who is silent, how many directions its features span, how large they are.
 *
 * @param images @shape [batch, channels, height, width], flat
 */
export async function examine(
  config: AgentConfig,
  network: Network,
  given: {
    readonly params: NetworkParams<DeviceArray>;
    readonly images: Float32Array;
    readonly compute: Compute;
  },
): Promise<Examination> {
  const { channels, height, width } = network.input;
  const batch = given.images.length / (channels * height * width);
  const images = hostArray(given.images, [batch, channels, height, width]);
  const program = await compile(
    (params: np.Array, images: np.Array) => {
      const active: { [layer: string]: np.Array } = {};
      const { outputs, features } = applyNetwork(
        network,
        params as unknown as NetworkParams<np.Array>,
        images,
        { observe: (name, activation) => (active[name] = activation.ref) },
      );
      return { active, features, values: actionValues(config, outputs) };
    },
    [given.params as unknown as DeviceArray, images] as const,
    { ...given.compute, name: "examine" },
  );
  const result = await program.run(given.params as unknown as DeviceArray, images);
  const { active, features, values } = (await read(result)) as Seen;
  dispose(result);
  await program.dispose();

  const layers = Object.entries(active).map(([name, array]) => ({
    name,
    isEncoder: !outsideEncoder.has(name),
    activations: activationsOf(array),
  }));
  const pooled = (isEncoder: boolean): number => {
    const own = layers.filter((layer) => layer.isEncoder === isEncoder);
    const units = own.reduce((sum, { activations }) => sum + activations.units, 0);
    const dormant = own.reduce(
      (sum, { activations }) => sum + activations.units * dormantShare(activations, 0.1),
      0,
    );
    return units === 0 ? 0 : dormant / units;
  };
  const spectrum = featureSpectrum(features.data as Float32Array, batch);
  return {
    dormantByLayer: Object.fromEntries(
      layers.map(({ name, activations }) => [name, dormantShare(activations, 0.1)]),
    ),
    dormantEncoder: pooled(true),
    dormantBottleneck: pooled(false),
    stillFeatures: stillShare(activationsOf(features), 1e-3),
    effectiveRank: effectiveRank(spectrum),
    thresholdRank: thresholdRank(spectrum, 0.01),
    featureNorm: meanLength(features),
    ...spreadOf(values.data as Float32Array),
  };
}

interface Seen {
  readonly active: { readonly [layer: string]: HostArray };
  readonly features: HostArray;
  readonly values: HostArray;
}

/** Names under which bottlenecks show their activations. */
const outsideEncoder = new Set(["hidden", "experts"]);

/** A layer as dormancy reads it. */
export function activationsOf({ data, shape }: HostArray): Activations {
  // Feature maps are [batch, channels, height, width]; expert slots [batch, slots, units].
  if (shape.length === 3) {
    const [batch, slots, units] = shape;
    return { data: data as Float32Array, batch: batch * slots, units, places: 1 };
  }
  const [batch, units, ...places] = shape;
  const numPlaces = places.reduce((product, length) => product * length, 1);
  return { data: data as Float32Array, batch, units, places: numPlaces };
}

function meanLength({ data, shape }: HostArray): number {
  const [batch, width] = shape;
  let sum = 0;
  for (let row = 0; row < batch; row++) {
    sum += Math.hypot(...(data as Float32Array).subarray(row * width, (row + 1) * width));
  }
  return sum / batch;
}

function spreadOf(values: Float32Array): { valueMean: number; valueSpread: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { valueMean: mean, valueSpread: Math.sqrt(square) };
}
