import { hostArray, type Compute, type HostArray } from "@quadrivium/core";
import { compile, dispose, read, type DeviceArray, type np } from "@quadrivium/engine";
import { actionValues, policyAndValue } from "../agent/learner.js";
import type { AgentConfig } from "../config.js";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";
import { dormantShare, stillShare, type Activations } from "./dormancy.js";
import { effectiveRank, featureSpectrum, thresholdRank } from "./rank.js";

/** What a look into a network finds, on a batch of observations. */
export type Examination = {
  /** `diverged` where features are no longer finite: what cannot be said of them is then null. */
  readonly status: "finite" | "diverged";
  /** Share of τ-dormant units (τ = 0.1) after each ReLU, by layer. */
  readonly dormantByLayer: { readonly [layer: string]: number };
  /** The same over all units of the encoder φ, and of the layers after it, ψ. */
  readonly dormantEncoder: number;
  readonly dormantBottleneck: number;
  /** Share of the head's inputs whose variance over the batch is at most 0.001. */
  readonly stillFeatures: number;
  /** Ranks of the features: mass of singular values above 99 %, and values above 1 % of the largest. */
  readonly effectiveRank: number | null;
  readonly thresholdRank: number | null;
  /** Mean Euclidean length of a feature vector. */
  readonly featureNorm: number | null;
  /** Mean and standard deviation of all actions' values; of the states' values under a policy. */
  readonly valueMean: number | null;
  readonly valueSpread: number | null;
};

/** A network's eye on itself, compiled once. */
export interface Examiner {
  /** @param images @shape [batch, channels, height, width], flat */
  examine(params: NetworkParams<DeviceArray>, images: Float32Array): Promise<Examination>;
  dispose(): Promise<void>;
}

/**
 * Compiles a look into a network: who is silent, how many directions its features span, how large
 * they are.
 *
 * @param given.params an example of what it will be asked about
 * @param given.batch images in each look
 */
export async function openExaminer(
  config: AgentConfig,
  network: Network,
  given: {
    readonly params: NetworkParams<DeviceArray>;
    readonly batch: number;
    readonly compute: Compute;
  },
): Promise<Examiner> {
  const { channels, height, width } = network.input;
  const { batch } = given;
  const shape = [batch, channels, height, width];
  const program = await compile(
    (params: np.Array, images: np.Array) => {
      const active: { [layer: string]: np.Array } = {};
      const { outputs, features } = applyNetwork(
        network,
        params as unknown as NetworkParams<np.Array>,
        images,
        { observe: (name, activation) => (active[name] = activation.ref) },
      );
      const values =
        config.algorithm === "ppo" ? policyAndValue(outputs).value : actionValues(config, outputs);
      return { active, features, values };
    },
    [given.params as unknown as DeviceArray, { dtype: "float32", shape }] as const,
    { ...given.compute, name: "examine" },
  );
  return {
    async examine(params, images) {
      const result = await program.run(
        params as unknown as DeviceArray,
        hostArray(images, shape) as never,
      );
      const seen = (await read(result)) as unknown as Seen;
      dispose(result as unknown as DeviceArray);
      return examinationOf(seen, batch);
    },
    dispose: async () => program.dispose(),
  };
}

function examinationOf({ active, features, values }: Seen, batch: number): Examination {
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
    status: spectrum === null ? "diverged" : "finite",
    dormantByLayer: Object.fromEntries(
      layers.map(({ name, activations }) => [name, dormantShare(activations, 0.1)]),
    ),
    dormantEncoder: pooled(true),
    dormantBottleneck: pooled(false),
    stillFeatures: stillShare(activationsOf(features), 1e-3),
    effectiveRank: spectrum === null ? null : effectiveRank(spectrum),
    thresholdRank: spectrum === null ? null : thresholdRank(spectrum, 0.01),
    featureNorm: finite(meanLength(features)),
    ...spreadOf(values.data as Float32Array),
  };
}

/** A number that a file can hold, or null. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
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

function spreadOf(values: Float32Array): Pick<Examination, "valueMean" | "valueSpread"> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { valueMean: finite(mean), valueSpread: finite(Math.sqrt(square)) };
}
