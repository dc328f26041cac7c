import { lax, np, valueAndGrad } from "@quadrivium/engine";
import { categoricalCrossEntropy, logSoftmax, oneHot } from "@quadrivium/nn";
import type { AgentConfig } from "../config.js";
import type { NetworkNoise } from "../network/linear.js";
import { applyNetwork, type Network, type NetworkParams } from "../network/network.js";
import { optimizerStep, type LearnerState, type MaskFactors } from "./optimizer-step.js";
import { atomValues, projectAtoms } from "./project-atoms.js";

/** A batch of transitions; see the replay's `Batch` for the meaning of each part. */
export interface LearnerBatch {
  readonly observationTm1: np.Array;
  readonly actionTm1: np.Array;
  readonly rewardT: np.Array;
  readonly discountT: np.Array;
  readonly observationT: np.Array;
  readonly weights: np.Array;
  /** Noise of the pass with a gradient, and of both passes on the next observations. */
  readonly noise: {
    readonly tm1: NetworkNoise<np.Array>;
    readonly t: NetworkNoise<np.Array>;
  };
}

type Gradient = (
  params: NetworkParams<np.Array>,
  batch: LearnerBatch,
  goal: np.Array,
) => [[loss: np.Array, losses: np.Array], NetworkParams<np.Array>];

/**
 * What ranks the actions: their values, which are outputs or the means of their atoms'
 * distributions; for a policy its logits.
 *
 * @param outputs of a network. @shape [batch, actions, atoms]. @owns borrows
 * @returns @shape [batch, actions]
 */
export function actionValues(config: AgentConfig, outputs: np.Array): np.Array {
  if (config.algorithm === "ppo") return policyAndValue(outputs).logits;
  const [batch, numActions, numAtoms] = outputs.shape;
  if (numAtoms === 1) return outputs.ref.reshape([batch, numActions]);
  const atoms = np.array(atomValues(numAtoms, config.valueMax));
  return np.sum(np.exp(logSoftmax(outputs)).mul(atoms), -1);
}

/**
 * What an actor-critic's head says.
 *
 * @param outputs @shape [batch, actions + 1, 1]. @owns borrows
 * @returns the policy's logits [batch, actions] and the state's value [batch, 1]
 */
export function policyAndValue(outputs: np.Array): {
  readonly logits: np.Array;
  readonly value: np.Array;
} {
  const [batch, numOutputs] = outputs.shape;
  const flat = outputs.ref.reshape([batch, numOutputs]);
  const [logits, value] = np.split(flat, [numOutputs - 1], 1) as [np.Array, np.Array];
  return { logits, value };
}

/**
 * One update by the gradient of the loss, as a function to compile: new state, and the loss of
 * every sample for its priority. Weights that a mask holds at 0 stay there.
 *
 * With one atom the target is $R + \gamma^n q_{\text{target}}(s', a^*)$; with more, the projected
 * distribution of $R + \gamma^n Z_{\text{target}}(s', a^*)$ and the cross-entropy to it. With
 * `double`, $a^*$ is the online network's choice, else the target network's.
 *
 * @source Mnih et al. 2015; van Hasselt et al. 2016; Bellemare et al. 2017; Hessel et al. 2018
 */
export function learnerUpdate(config: AgentConfig, network: Network) {
  const step = optimizerStep(config);
  const slope = slopeOf(config, network);
  return (
    state: LearnerState,
    target: NetworkParams<np.Array>,
    batch: LearnerBatch,
    masks: MaskFactors,
  ) => {
    const { losses, grads } = slope(state, target, batch);
    return { state: step(state, grads, masks), losses };
  };
}

/** The gradient of the loss alone, to all weights, also those that a mask holds at 0. */
export function learnerGradient(config: AgentConfig, network: Network) {
  const slope = slopeOf(config, network);
  return (state: LearnerState, target: NetworkParams<np.Array>, batch: LearnerBatch) =>
    slope(state, target, batch).grads;
}

function slopeOf(config: AgentConfig, network: Network) {
  // The parameters' type is an endless tree, which jax-js's own types would unfold.
  const objective = lossOf(config, network) as unknown as (x: np.Array) => [np.Array, np.Array];
  const gradient = valueAndGrad(objective, { hasAux: true }) as unknown as Gradient;
  return (state: LearnerState, target: NetworkParams<np.Array>, batch: LearnerBatch) => {
    const goal = lax.stopGradient(targetOf(config, network, { state, target, batch }));
    const [[, losses], grads] = gradient(state.params, batch, goal);
    return { losses, grads };
  };
}

/** What the taken actions' outputs are drawn towards. @shape [batch, atoms] */
function targetOf(
  config: AgentConfig,
  network: Network,
  given: {
    readonly state: LearnerState;
    readonly target: NetworkParams<np.Array>;
    readonly batch: LearnerBatch;
  },
): np.Array {
  const { observationT, rewardT, discountT, noise } = given.batch;
  const through = (params: NetworkParams<np.Array>): np.Array =>
    applyNetwork(network, params, observationT, { noise: noise.t }).outputs;
  const outputs = through(given.target);
  const judged = config.double ? through(given.state.params) : outputs;
  const numActions = outputs.shape[1];
  const best = np.argmax(actionValues(config, judged), 1);
  const chosen = takenOutputs(outputs, oneHot(best, numActions, outputs.dtype));
  if (config.atoms === 1) {
    return rewardT.ref.reshape([-1, 1]).add(discountT.ref.reshape([-1, 1]).mul(chosen));
  }
  const probabilities = np.exp(logSoftmax(chosen));
  const atoms = atomValues(config.atoms, config.valueMax);
  return projectAtoms({ probabilities, rewardT, discountT }, atoms);
}

/** The weighted loss and, beside it, every sample's own. */
function lossOf(config: AgentConfig, network: Network) {
  return (
    params: NetworkParams<np.Array>,
    batch: LearnerBatch,
    goal: np.Array,
  ): [np.Array, np.Array] => {
    const noise = batch.noise.tm1;
    const { outputs } = applyNetwork(network, params, batch.observationTm1, { noise });
    const taken = oneHot(batch.actionTm1, outputs.shape[1], outputs.dtype);
    const predicted = takenOutputs(outputs, taken);
    const losses =
      config.atoms > 1
        ? categoricalCrossEntropy(predicted, goal)
        : valueLosses(config.loss, predicted.sub(goal.ref).reshape([-1]));
    return [np.sum(losses.ref.mul(batch.weights.ref)), losses];
  };
}

/** The outputs of one action a sample. @shape [batch, atoms]. @owns borrows outputs */
function takenOutputs(outputs: np.Array, actions: np.Array): np.Array {
  const [batch, numActions] = actions.shape;
  return np.sum(outputs.ref.mul(actions.reshape([batch, numActions, 1])), 1);
}

/** Every sample's loss: Huber's with δ = 1, or the square. @owns consumes */
function valueLosses(loss: AgentConfig["loss"], error: np.Array): np.Array {
  if (loss === "squared") return error.ref.mul(error);
  const size = np.maximum(error.ref, error.neg());
  const core = np.minimum(1, size.ref);
  return core.ref.mul(core.ref).mul(0.5).add(size.sub(core));
}
