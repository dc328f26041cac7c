import { hostArray, type Compute, type HostArray, type Key } from "@quadrivium/core";
import { compile, dispose, read, type DeviceArray, type np } from "@quadrivium/engine";
import { logSoftmax } from "@quadrivium/nn";
import { lazily } from "../agent/lazily.js";
import { policyAndValue } from "../agent/learner.js";
import {
  openTrainedNetwork,
  type DeviceState,
  type Program,
  type SavedNetwork,
} from "../agent/trained-network.js";
import { networkOf, type AgentConfig } from "../config.js";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";
import { policyGradient, policyUpdate } from "./surrogate.js";

/** Samples of a rollout on the host; see `PolicyBatch`. */
export interface PolicySamples {
  readonly observation: Float32Array;
  readonly action: Int32Array;
  readonly logProbability: Float32Array;
  readonly advantage: Float32Array;
  readonly goal: Float32Array;
}

/** What the network says of each game's state. */
export interface Opinion {
  /** Log-probabilities of the actions. @shape [games, actions] */
  readonly logPolicy: Float32Array;
  /** @shape [games] */
  readonly values: Float32Array;
}

/** A policy and its critic, one network, that acts in several games at once and learns. */
export interface ActorCritic {
  readonly network: Network;
  /** The parameters where they are computed; they live until the next update. */
  readonly params: NetworkParams<DeviceArray>;
  /** Share of the weights in the sparse layers that are 0. */
  readonly sparsity: number;
  /** @param observations @shape [games, channels, height, width] */
  judge(observations: Float32Array): Promise<Opinion>;
  /** The loss's gradient on `batchSize` samples. */
  gradient(samples: PolicySamples): Promise<NetworkParams<HostArray>>;
  /** One update on `batchSize` samples. @param count updates made before */
  learn(samples: PolicySamples, count: number): Promise<void>;
  save(): Promise<SavedNetwork>;
  dispose(): Promise<void>;
}

/** An actor-critic with fresh parameters from the key, or with saved ones. */
export async function openActorCritic(
  config: AgentConfig,
  options: { readonly key: Key; readonly compute: Compute; readonly saved?: SavedNetwork },
): Promise<ActorCritic> {
  const { compute } = options;
  const network = networkOf(config);
  const trained = await openTrainedNetwork(config, network, options);
  const { channels, height, width } = network.input;
  const images = (size: number) => [size, channels, height, width];
  const size = config.batchSize;
  const perSample = { dtype: "float32", shape: [size] } as const;
  const batch = {
    observation: { dtype: "float32", shape: images(size) },
    action: { dtype: "int32", shape: [size] },
    logProbability: perSample,
    advantage: perSample,
    goal: perSample,
  } as const;
  const learner = (await compile(
    policyUpdate(config, network),
    [trained.state, batch, trained.factors],
    { ...compute, name: "learn", consumes: [0] },
  )) as unknown as Program<DeviceState>;
  const slope = lazily(
    async () =>
      (await compile(policyGradient(config, network), [trained.state, batch], {
        ...compute,
        name: "gradient",
      })) as unknown as Program<NetworkParams<DeviceArray>>,
  );
  const actor = (await compile(
    (params: NetworkParams<np.Array>, observations: np.Array) => {
      const { outputs } = applyNetwork(network, params, observations);
      const { logits, value } = policyAndValue(outputs);
      return { logPolicy: logSoftmax(logits), values: value };
    },
    [
      (await read(trained.state.params)) as NetworkParams<HostArray>,
      { dtype: "float32", shape: images(config.numEnvs) },
    ],
    { ...compute, name: "act" },
  )) as unknown as Program<{ logPolicy: DeviceArray; values: DeviceArray }>;

  const placed = (samples: PolicySamples) => ({
    observation: hostArray(samples.observation, images(size)),
    action: hostArray(samples.action, [size]),
    logProbability: hostArray(samples.logProbability, [size]),
    advantage: hostArray(samples.advantage, [size]),
    goal: hostArray(samples.goal, [size]),
  });
  const gradient = async (samples: PolicySamples): Promise<NetworkParams<HostArray>> => {
    const device = await (await slope.get()).run(trained.state, placed(samples));
    const host = await read(device);
    dispose(device as never);
    return host as NetworkParams<HostArray>;
  };

  return {
    network,
    get params() {
      return trained.state.params as NetworkParams<DeviceArray>;
    },
    get sparsity() {
      return trained.sparsity;
    },

    async judge(observations) {
      const device = await actor.run(
        trained.state.params,
        hostArray(observations, images(config.numEnvs)),
      );
      const { logPolicy, values } = await read(device);
      dispose(device);
      return {
        logPolicy: logPolicy.data as Float32Array,
        values: values.data as Float32Array,
      };
    },

    gradient,

    async learn(samples, count) {
      trained.state = await learner.run(trained.state, placed(samples), trained.factors);
      await trained.afterUpdate(count + 1, () => gradient(samples));
    },

    save: () => trained.save(),

    async dispose() {
      trained.dispose();
      await slope.dispose();
      await learner.dispose();
      await actor.dispose();
    },
  };
}
