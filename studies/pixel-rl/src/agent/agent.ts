import {
  foldIn,
  hostArray,
  type Compute,
  type HostArray,
  type Key,
  type Tree,
} from "@quadrivium/core";
import { compile, dispose, read, upload, type DeviceArray, type np } from "@quadrivium/engine";
import { networkOf, type AgentConfig } from "../config.js";
import type { NetworkNoise } from "../network/linear.js";
import { applyNetwork, initNetwork, type Network, type NetworkParams } from "../network/network.js";
import { openObserver } from "../recycling/observe.js";
import { recyclableLayers } from "../recycling/recyclable-layers.js";
import { dormantUnits, recycle, type Trained } from "../recycling/recycle.js";
import type { Batch } from "../replay/batch.js";
import { lazily } from "./lazily.js";
import { actionValues, learnerGradient, learnerUpdate } from "./learner.js";
import { drawNoise } from "./noise.js";
import {
  openTrainedNetwork,
  type DeviceState,
  type Program,
  type SavedNetwork,
} from "./trained-network.js";

/** An agent's arrays on the host. */
export interface SavedAgent extends SavedNetwork {
  readonly target: NetworkParams<HostArray>;
}

/** A network that acts and learns. */
export interface Agent {
  readonly network: Network;
  /**
   * Values of the actions.
   *
   * @param observation @shape [1, channels, height, width]
   * @param count how many times it was asked before: decides the noise
   */
  values(observation: Float32Array, count: number): Promise<Float32Array>;
  /** Share of the weights in the sparse layers that are 0. */
  readonly sparsity: number;
  /** The loss's gradient on a batch. @param count decides the noise */
  gradient(batch: Batch, count: number): Promise<NetworkParams<HostArray>>;
  /** One update on a batch; the losses of its samples. @param count updates made before */
  learn(batch: Batch, count: number): Promise<Float32Array>;
  /** Makes the target network equal to the online one. */
  syncTarget(): Promise<void>;
  /** The parameters where the agent runs; they live until the next update. */
  readonly params: NetworkParams<DeviceArray>;
  save(): Promise<SavedAgent>;
  dispose(): Promise<void>;
}

/**
 * An agent with fresh parameters from the key, or with saved ones.
 *
 * An update is one compiled program: target, gradient and optimizer; parameters and moments stay
 * where they are computed.
 */
export async function openAgent(
  config: AgentConfig,
  options: { readonly key: Key; readonly compute: Compute; readonly saved?: SavedAgent },
): Promise<Agent> {
  const { key, compute, saved } = options;
  const { executor } = compute;
  const network = networkOf(config);
  const noiseKey = foldIn(key, 1);
  const silence = drawNoise(noiseKey, network);
  const trained = await openTrainedNetwork(config, network, options);
  const initial = (await read(trained.state.params)) as NetworkParams<HostArray>;
  let target = await upload(saved?.target ?? initial, { executor });

  const { input } = network;
  const image = [input.channels, input.height, input.width];
  const batchSpec = (size: number) => ({ dtype: "float32", shape: [size, ...image] }) as const;
  const perSample = { dtype: "float32", shape: [config.batchSize] } as const;
  const learningBatch = {
    observationTm1: batchSpec(config.batchSize),
    actionTm1: { dtype: "int32", shape: [config.batchSize] },
    rewardT: perSample,
    discountT: perSample,
    observationT: batchSpec(config.batchSize),
    weights: perSample,
    noise: { tm1: silence, t: silence },
  } as const;
  const learner = (await compile(
    learnerUpdate(config, network),
    [trained.state, initial, learningBatch, trained.factors],
    { ...compute, name: "learn", consumes: [0] },
  )) as unknown as Program<{ state: DeviceState; losses: DeviceArray }>;
  /** The gradient alone; compiled only where something asks for it. */
  const slope = lazily(
    async () =>
      (await compile(learnerGradient(config, network), [trained.state, initial, learningBatch], {
        ...compute,
        name: "gradient",
      })) as unknown as Program<NetworkParams<DeviceArray>>,
  );
  const actor = (await compile(
    (params: NetworkParams<np.Array>, observation: np.Array, noise: NetworkNoise<np.Array>) =>
      actionValues(config, applyNetwork(network, params, observation, { noise }).outputs),
    [initial, batchSpec(1), silence],
    { ...compute, name: "act" },
  )) as unknown as Program<DeviceArray>;

  /** Noise of a pass by its kind and number, so that a resumed run draws the same. */
  const noiseOf = (kind: number, count: number): NetworkNoise<HostArray> =>
    config.noisy ? drawNoise(foldIn(foldIn(noiseKey, kind), count), network) : {};

  const placed = (batch: Batch, count: number) => {
    const size = config.batchSize;
    return {
      observationTm1: hostArray(batch.observationTm1, [size, ...image]),
      actionTm1: hostArray(batch.actionTm1, [size]),
      rewardT: hostArray(batch.rewardT, [size]),
      discountT: hostArray(batch.discountT, [size]),
      observationT: hostArray(batch.observationT, [size, ...image]),
      weights: hostArray(batch.weights, [size]),
      noise: { tm1: noiseOf(1, count), t: noiseOf(2, count) },
    };
  };
  const gradient = async (batch: Batch, count: number): Promise<NetworkParams<HostArray>> => {
    const device = await (await slope.get()).run(trained.state, target, placed(batch, count));
    const host = await read(device);
    dispose(device as never);
    return host as NetworkParams<HostArray>;
  };

  const layers = config.redo > 0 ? recyclableLayers(network, config) : [];
  /** What shows who is dormant; compiled only where units are recycled. */
  const observer = lazily(() =>
    openObserver(network, layers, { params: initial, compute, ...config }),
  );

  /**
   * Recycles dormant units, where that is due. Who is dormant is judged on the batch just learned
   * from: on `batchSize` samples, so that a unit active in few states may count as dormant.
   */
  const renew = async (batch: Batch, updates: number): Promise<void> => {
    if (config.redo === 0 || updates % config.redo !== 0) return;
    const { params } = trained.state;
    const active = await (await observer.get()).observe(params as never, batch.observationTm1);
    const dormant = dormantUnits(layers, active, config.redoTau);
    if (dormant.every(({ units }) => units.length === 0)) return;
    const fresh = initNetwork(foldIn(foldIn(key, 3), updates), network);
    const standing = (await read(trained.state)) as unknown as Trained;
    await trained.replace(recycle(standing, dormant, fresh as Tree<HostArray>));
  };

  return {
    network,
    get sparsity() {
      return trained.sparsity;
    },
    get params() {
      return trained.state.params as NetworkParams<DeviceArray>;
    },

    async values(observation, count) {
      const images = hostArray(observation, [1, ...image]);
      const values = await actor.run(trained.state.params, images, noiseOf(0, count));
      const host = await values.read();
      values.dispose();
      return host.data as Float32Array;
    },

    gradient,

    async learn(batch, count) {
      const { state, factors } = trained;
      const next = await learner.run(state, target, placed(batch, count), factors);
      trained.state = next.state;
      const losses = await next.losses.read();
      next.losses.dispose();
      await trained.afterUpdate(count + 1, () => gradient(batch, count + 1));
      await renew(batch, count + 1);
      return losses.data as Float32Array;
    },

    async syncTarget() {
      const copy = await upload(await read(trained.state.params), { executor });
      dispose(target);
      target = copy;
    },

    async save() {
      const saved = await trained.save();
      return { ...saved, target: (await read(target)) as NetworkParams<HostArray> };
    },

    async dispose() {
      trained.dispose();
      dispose(target);
      await slope.dispose();
      await observer.dispose();
      await learner.dispose();
      await actor.dispose();
    },
  };
}
