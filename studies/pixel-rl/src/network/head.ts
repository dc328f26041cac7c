import { foldIn, type HostArray, type Key, type Tree } from "@quadrivium/core";
import { np } from "@quadrivium/engine";
import { dense, initDense, initializers, type DenseParams } from "@quadrivium/nn";
import {
  applyLinear,
  initLinear,
  noisyLayersOf,
  numLinearParams,
  type LinearParams,
  type LinearShape,
  type LinearStyle,
  type NetworkNoise,
} from "./linear.js";

/** What fixes a head. */
export interface HeadOptions {
  readonly numActions: number;
  /** Atoms of each action's return distribution; 1 for the value alone. */
  readonly numAtoms: number;
  /** Whether a value and the actions' advantages are learned apart. */
  readonly dueling: boolean;
  /** Whether it gives a policy's logits and, after them, the state's value [false]. */
  readonly actorCritic?: boolean;
}

/** The layers from the features to the actions' values. */
export interface Head {
  readonly numActions: number;
  readonly numAtoms: number;
  readonly numParams: number;
  readonly noisyLayers: { readonly [name: string]: LinearShape };
  init(key: Key): Tree<HostArray>;
  /** @returns values or logits. @shape [batch, actions, atoms]; [batch, actions + 1, 1] */
  apply(params: Tree<np.Array>, features: np.Array, noise?: NetworkNoise<np.Array>): np.Array;
}

/**
 * One dense layer; with `dueling` two, joined as $V + A - \frac{1}{|A|}\sum_a A$ for each atom. An
 * actor-critic has two side by side; its policy begins nearly uniform.
 *
 * @source Wang et al. 2016, "Dueling network architectures", Eq. 9
 */
export function makeHead(numFeatures: number, options: HeadOptions, style: LinearStyle): Head {
  if (options.actorCritic === true) return actorCriticHead(numFeatures, options.numActions);
  const { numActions, numAtoms, dueling } = options;
  const layer = (numOutputs: number): LinearShape => ({ numInputs: numFeatures, numOutputs });
  const layers: { readonly [name: string]: LinearShape } = dueling
    ? { advantage: layer(numActions * numAtoms), value: layer(numAtoms) }
    : { output: layer(numActions * numAtoms) };
  const names = Object.keys(layers);
  return {
    numActions,
    numAtoms,
    numParams: names.reduce((sum, name) => sum + numLinearParams(layers[name], style.noisy), 0),
    noisyLayers: noisyLayersOf(layers, style),
    init: (key) =>
      Object.fromEntries(
        names.map((name, index) => [name, initLinear(foldIn(key, index), layers[name], style)]),
      ),
    apply(params, features, noise) {
      const weights = params as { readonly [name: string]: LinearParams<np.Array> };
      const through = (name: string, places: number): np.Array =>
        applyLinear(weights[name], features, noise?.[name]).reshape([-1, places, numAtoms]);
      if (!dueling) return through("output", numActions);
      const advantage = through("advantage", numActions);
      const mean = np.mean(advantage.ref, 1, { keepdims: true });
      return through("value", 1).add(advantage).sub(mean);
    },
  };
}

/** @source Huang et al. 2022, "The 37 implementation details of PPO", detail 2: how both layers start */
function actorCriticHead(numFeatures: number, numActions: number): Head {
  const init = (key: Key, numOutputs: number, gain: number) =>
    initDense(key, { numInputs: numFeatures, numOutputs, kernel: initializers.orthogonal(gain) });
  return {
    numActions,
    numAtoms: 1,
    numParams: (numFeatures + 1) * (numActions + 1),
    noisyLayers: {},
    init: (key) => ({
      policy: init(foldIn(key, 0), numActions, 0.01),
      value: init(foldIn(key, 1), 1, 1),
    }),
    apply(params, features) {
      const { policy, value } = params as {
        readonly [name in "policy" | "value"]: DenseParams<np.Array>;
      };
      const outputs = np.concatenate([dense(policy, features), dense(value, features)], 1);
      return outputs.reshape([-1, numActions + 1, 1]);
    },
  };
}
