import { grad, np } from "@quadrivium/engine";
import { logSoftmax, oneHot } from "@quadrivium/nn";
import { policyAndValue } from "../agent/learner.js";
import { optimizerStep, type LearnerState, type MaskFactors } from "../agent/optimizer-step.js";
import type { AgentConfig } from "../config.js";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";

/** Samples of a rollout. */
export interface PolicyBatch {
  /** @shape [batch, channels, height, width] */
  readonly observation: np.Array;
  /** The action taken, and its log-probability then. @shape [batch] */
  readonly action: np.Array;
  readonly logProbability: np.Array;
  /** @shape [batch] */
  readonly advantage: np.Array;
  /** What the value should be: advantage and the value then. @shape [batch] */
  readonly goal: np.Array;
}

/**
 * The loss of proximal policy optimization on a batch,
 * $-\overline{\min(\rho A, \mathrm{clip}(\rho, 1 \pm \epsilon) A)} + c_v \overline{(V - R)^2} / 2
 * - c_h \overline{H}$, with $\rho$ the action's probability now over that when it was taken and the
 * advantages $A$ brought to mean 0 and deviation 1.
 *
 * Symbols: $\epsilon$ → `clipRange`, $c_v$ → `valueWeight`, $c_h$ → `entropyWeight`, $R$ → `goal`.
 *
 * @source Schulman et al. 2017, "Proximal policy optimization algorithms", Eqs. 7 and 9
 * @departs the value's loss is not clipped, as in the paper and unlike many programs
 */
export function surrogateLoss(
  config: AgentConfig,
  outputs: np.Array,
  batch: Omit<PolicyBatch, "observation">,
): np.Array {
  const { clipRange, valueWeight, entropyWeight } = config;
  const { logits, value } = policyAndValue(outputs);
  const numActions = logits.shape[1];
  const logPolicy = logSoftmax(logits);
  const taken = oneHot(batch.action, numActions, outputs.dtype);
  const logProbability = np.sum(logPolicy.ref.mul(taken), 1);
  const ratio = np.exp(logProbability.sub(batch.logProbability.ref));
  const advantage = standardized(batch.advantage);
  const bounded = np.minimum(np.maximum(ratio.ref, 1 - clipRange), 1 + clipRange);
  const gain = np.mean(np.minimum(ratio.mul(advantage.ref), bounded.mul(advantage)));
  const error = value.reshape([-1]).sub(batch.goal.ref);
  const valueLoss = np.mean(error.ref.mul(error)).mul(0.5 * valueWeight);
  const entropy = np.mean(np.sum(np.exp(logPolicy.ref).mul(logPolicy), 1)).neg();
  return valueLoss.sub(gain).sub(entropy.mul(entropyWeight));
}

/** Mean 0 and standard deviation 1. @param values @owns borrows */
function standardized(values: np.Array): np.Array {
  const centred = values.ref.sub(np.mean(values.ref));
  const deviation = np.sqrt(np.mean(centred.ref.mul(centred.ref)));
  return centred.div(deviation.add(1e-8));
}

type Gradient = (params: NetworkParams<np.Array>, batch: PolicyBatch) => NetworkParams<np.Array>;

/** The gradient of {@link surrogateLoss}, to all weights. */
export function policyGradient(config: AgentConfig, network: Network) {
  const objective = (params: NetworkParams<np.Array>, batch: PolicyBatch): np.Array =>
    surrogateLoss(config, applyNetwork(network, params, batch.observation).outputs, batch);
  // The parameters' type is an endless tree, which jax-js's own types would unfold.
  const gradient = grad(objective as unknown as (x: np.Array) => np.Array) as unknown as Gradient;
  return (state: LearnerState, batch: PolicyBatch) => gradient(state.params, batch);
}

/** One update by the gradient of {@link surrogateLoss}, as a function to compile. */
export function policyUpdate(config: AgentConfig, network: Network) {
  const slope = policyGradient(config, network);
  const step = optimizerStep(config);
  return (state: LearnerState, batch: PolicyBatch, masks: MaskFactors): LearnerState =>
    step(state, slope(state, batch), masks);
}
