import {
  foldIn,
  hostArray,
  type Compute,
  type HostArray,
  type Key,
  type Tree,
} from "@quadrivium/core";
import {
  compile,
  dispose,
  read,
  upload,
  type Compiled,
  type DeviceArray,
  type np,
  type ResultsOf,
} from "@quadrivium/engine";
import { networkOf, sparsifierOf, type AgentConfig } from "../config.js";
import type { NetworkNoise } from "../network/linear.js";
import { applyNetwork, initNetwork, type Network, type NetworkParams } from "../network/network.js";
import { openObserver } from "../recycling/observe.js";
import { recyclableLayers } from "../recycling/recyclable-layers.js";
import { dormantUnits, recycle, type Trained } from "../recycling/recycle.js";
import type { Batch } from "../replay/batch.js";
import {
  initialMasks,
  maskChangeAfter,
  maskParams,
  sparsityOf,
  type Masks,
} from "../sparsity/sparsifier.js";
import {
  actionValues,
  learnerGradient,
  learnerUpdate,
  optimizerOf,
  type LearnerState,
} from "./learner.js";
import { drawNoise } from "./noise.js";

/** An agent's arrays on the host. */
export interface SavedAgent {
  readonly params: NetworkParams<HostArray>;
  readonly target: NetworkParams<HostArray>;
  readonly optimizer: { readonly [name: string]: unknown };
  /** The weights that are kept, where some are not. */
  readonly masks: Masks;
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

type DeviceState = ResultsOf<LearnerState>;

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
  const sparsifier = sparsifierOf(config);

  const dense = saved?.params ?? initNetwork(foldIn(key, 0), network);
  let masks = saved?.masks ?? initialMasks(sparsifier, dense as Tree<HostArray>, foldIn(key, 2));
  let factors = await uploadFactors(masks, executor);
  const initial = maskParams(dense, masks);
  let state = (
    saved === undefined
      ? await startState(config, initial, compute)
      : await upload({ params: initial, optimizer: saved.optimizer }, { executor })
  ) as DeviceState;
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
    [state, initial, learningBatch, factors],
    { ...compute, name: "learn", consumes: [0] },
  )) as unknown as Program<{ state: DeviceState; losses: DeviceArray }>;
  /** The gradient alone; compiled only where something asks for it. */
  const slope = lazily(
    async () =>
      (await compile(learnerGradient(config, network), [state, initial, learningBatch], {
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
    const device = await (await slope.get()).run(state, target, placed(batch, count));
    const host = await read(device);
    dispose(device as never);
    return host as NetworkParams<HostArray>;
  };

  const layers = config.redo > 0 ? recyclableLayers(network, config) : [];
  /** What shows who is dormant; compiled only where units are recycled. */
  const observer = lazily(() =>
    openObserver(network, layers, { params: initial, compute, ...config }),
  );

  /** Recycles dormant units, where that is due. */
  const renew = async (batch: Batch, updates: number): Promise<void> => {
    if (config.redo === 0 || updates % config.redo !== 0) return;
    const active = await (await observer.get()).observe(state.params, batch.observationTm1);
    const dormant = dormantUnits(layers, active, config.redoTau);
    if (dormant.every(({ units }) => units.length === 0)) return;
    const fresh = initNetwork(foldIn(foldIn(key, 3), updates), network);
    const trained = (await read(state)) as unknown as Trained;
    const renewed = recycle(trained, dormant, fresh as Tree<HostArray>);
    dispose(state);
    const params = maskParams(renewed.params, masks);
    state = (await upload({ ...renewed, params } as never, { executor })) as DeviceState;
  };

  /** Changes which weights are kept, where that is due. */
  const thin = async (batch: Batch, updates: number): Promise<void> => {
    const change = maskChangeAfter(updates, sparsifier);
    if (change === null) return;
    const params = (await read(state.params)) as Tree<HostArray>;
    const slopes = change.needsGradient ? await gradient(batch, updates) : null;
    masks = change.apply(masks, params, slopes as Tree<HostArray> | null);
    dispose(factors);
    factors = await uploadFactors(masks, executor);
    const thinner = await upload(maskParams(params, masks), { executor });
    dispose(state.params as never);
    state = { ...state, params: thinner } as DeviceState;
  };

  return {
    network,
    get sparsity() {
      return sparsityOf(masks);
    },
    get params() {
      return state.params as NetworkParams<DeviceArray>;
    },

    async values(observation, count) {
      const images = hostArray(observation, [1, ...image]);
      const values = await actor.run(state.params, images, noiseOf(0, count));
      const host = await values.read();
      values.dispose();
      return host.data as Float32Array;
    },

    gradient,

    async learn(batch, count) {
      const next = await learner.run(state, target, placed(batch, count), factors);
      state = next.state;
      const losses = await next.losses.read();
      next.losses.dispose();
      await thin(batch, count + 1);
      await renew(batch, count + 1);
      return losses.data as Float32Array;
    },

    async syncTarget() {
      const copy = await upload(await read(state.params), { executor });
      dispose(target);
      target = copy;
    },

    async save() {
      const { params, optimizer } = await read(state);
      return { params, optimizer, target: await read(target), masks } as SavedAgent;
    },

    async dispose() {
      dispose(state);
      dispose(target);
      dispose(factors);
      await slope.dispose();
      await observer.dispose();
      await learner.dispose();
      await actor.dispose();
    },
  };
}

/** A compiled program whose arguments' types are not followed: their trees are endless. */
type Program<Out> = Pick<Compiled<readonly unknown[], unknown>, "dispose"> & {
  run(...args: readonly unknown[]): Promise<Out>;
};

/** Something dear that is made when it is first asked for. */
function lazily<T extends { dispose(): Promise<void> | void }>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get: (): Promise<T> => (made ??= make()),
    dispose: async (): Promise<void> => (await made)?.dispose(),
  };
}

/** Masks as numbers to multiply by, where the agent runs. */
async function uploadFactors(
  masks: Masks,
  executor: Compute["executor"],
): Promise<{ readonly [path: string]: DeviceArray }> {
  const factors = Object.entries(masks).map(([path, { data, shape }]) => [
    path,
    hostArray(Float32Array.from(data), shape),
  ]);
  return upload(Object.fromEntries(factors) as { readonly [path: string]: HostArray }, {
    executor,
  });
}

/** Fresh parameters with the optimizer's first state. */
async function startState(
  config: AgentConfig,
  params: NetworkParams<HostArray>,
  compute: Compute,
): Promise<unknown> {
  const optimizer = optimizerOf(config);
  const starter = await compile((tree: NetworkParams<np.Array>) => optimizer.init(tree), [params], {
    ...compute,
    name: "startState",
  });
  const moments = await starter.run(params as never);
  await starter.dispose();
  const placed = await upload(params, { executor: compute.executor });
  return { params: placed, optimizer: moments };
}
