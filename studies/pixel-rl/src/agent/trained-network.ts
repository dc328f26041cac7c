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
import { sparsifierOf, type AgentConfig } from "../config.js";
import { initNetwork, type Network, type NetworkParams } from "../network/network.js";
import type { Trained } from "../recycling/recycle.js";
import {
  initialMasks,
  maskChangeAfter,
  maskParams,
  sparsityOf,
  type Masks,
} from "../sparsity/sparsifier.js";
import { optimizerOf, type LearnerState } from "./optimizer-step.js";

/** A trained network's arrays on the host. */
export interface SavedNetwork {
  readonly params: NetworkParams<HostArray>;
  readonly optimizer: { readonly [name: string]: unknown };
  /** The weights that are kept, where some are not. */
  readonly masks: Masks;
}

/** Parameters and moments where they are computed. */
export type DeviceState = ResultsOf<LearnerState>;

/** A compiled program whose arguments' types are not followed: their trees are endless. */
export type Program<Out> = Pick<Compiled<readonly unknown[], unknown>, "dispose"> & {
  run(...args: readonly unknown[]): Promise<Out>;
};

/** Parameters, moments and masks of a network in training, and what happens between its updates. */
export interface TrainedNetwork {
  /** What an update takes and gives back; it lives until the next. */
  state: DeviceState;
  /** Masks as numbers to multiply by. */
  readonly factors: { readonly [path: string]: DeviceArray };
  /** Share of the weights in the sparse layers that are 0. */
  readonly sparsity: number;
  /** Changes which weights are kept, where that is due. @param updates made so far */
  afterUpdate(updates: number, gradient: () => Promise<NetworkParams<HostArray>>): Promise<void>;
  /** Goes on with other parameters and moments; what a mask holds at 0 stays there. */
  replace(next: Trained): Promise<void>;
  save(): Promise<SavedNetwork>;
  dispose(): void;
}

/** A network with fresh parameters from the key, or with saved ones. */
export async function openTrainedNetwork(
  config: AgentConfig,
  network: Network,
  options: { readonly key: Key; readonly compute: Compute; readonly saved?: SavedNetwork },
): Promise<TrainedNetwork> {
  const { key, compute, saved } = options;
  const { executor } = compute;
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

  return {
    get state() {
      return state;
    },
    set state(next) {
      state = next;
    },
    get factors() {
      return factors;
    },
    get sparsity() {
      return sparsityOf(masks);
    },

    async afterUpdate(updates, gradient) {
      const change = maskChangeAfter(updates, sparsifier);
      if (change === null) return;
      const params = (await read(state.params)) as Tree<HostArray>;
      const slopes = change.needsGradient ? await gradient() : null;
      masks = change.apply(masks, params, slopes as Tree<HostArray> | null);
      dispose(factors);
      factors = await uploadFactors(masks, executor);
      const thinner = await upload(maskParams(params, masks), { executor });
      dispose(state.params as never);
      state = { ...state, params: thinner } as DeviceState;
    },

    async replace({ params, optimizer }) {
      const thinner = maskParams(params, masks);
      dispose(state);
      state = (await upload({ params: thinner, optimizer } as never, { executor })) as DeviceState;
    },

    async save() {
      const { params, optimizer } = await read(state);
      return { params, optimizer, masks } as SavedNetwork;
    },

    dispose() {
      dispose(state);
      dispose(factors);
    },
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
