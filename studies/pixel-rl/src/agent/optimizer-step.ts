import { mapTree } from "@quadrivium/core";
import type { np } from "@quadrivium/engine";
import {
  adam,
  applyUpdates,
  arrayOps,
  centredRmsProp,
  clipByGlobalNorm,
  schedules,
  type Optimizer,
  type OptimizerState,
} from "@quadrivium/nn";
import { totalUpdates, type AgentConfig } from "../config.js";
import type { NetworkParams } from "../network/network.js";
import { maskOf } from "../sparsity/sparsifier.js";

/** What learning carries over from update to update. */
export interface LearnerState {
  readonly params: NetworkParams<np.Array>;
  readonly optimizer: OptimizerState<np.Array>;
}

/** The configuration's optimizer. */
export function optimizerOf(config: AgentConfig): Optimizer<np.Array> {
  const { optimizerEpsilon: epsilon } = config;
  const learningRate = config.annealLearningRate
    ? schedules.linear({ init: config.learningRate, end: 0, numSteps: totalUpdates(config) })
    : config.learningRate;
  const rule =
    config.optimizer === "adam"
      ? adam({ learningRate, epsilon })
      : centredRmsProp({ learningRate, epsilon, epsilonInRoot: false });
  return rule(arrayOps);
}

/** Masks as numbers, by path. */
export type MaskFactors = { readonly [path: string]: np.Array };

/**
 * One step of the configuration's optimizer: gradients longer than `maxGradNorm` are shortened to
 * it, and weights that a mask holds at 0 stay there.
 */
export function optimizerStep(config: AgentConfig) {
  const optimizer = optimizerOf(config);
  const { maxGradNorm } = config;
  const clip = maxGradNorm === null ? null : clipByGlobalNorm(maxGradNorm)(arrayOps);
  return (
    state: LearnerState,
    grads: NetworkParams<np.Array>,
    masks: MaskFactors,
  ): LearnerState => {
    const kept = masked(grads, masks);
    const bounded = clip === null ? kept : clip.update(kept, {}, state.params).updates;
    const next = optimizer.update(bounded, state.optimizer, state.params);
    const params = applyUpdates(arrayOps, state.params, next.updates) as NetworkParams<np.Array>;
    return { params: masked(params, masks), optimizer: next.state };
  };
}

/** A tree of the parameters' structure with the leaves that have a mask multiplied by it. */
function masked(tree: NetworkParams<np.Array>, masks: MaskFactors): NetworkParams<np.Array> {
  if (Object.keys(masks).length === 0) return tree;
  return mapTree<np.Array, np.Array>(tree, arrayOps.isLeaf, (leaf, path) => {
    const mask = maskOf(masks, path);
    return mask === undefined ? leaf : leaf.mul(mask.ref);
  }) as NetworkParams<np.Array>;
}
