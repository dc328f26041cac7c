import { foldIn, hostArray, type HostArray, type Key } from "@quadrivium/core";
import { lax, valueAndGrad, type np } from "@quadrivium/engine";
import {
  applyUpdates,
  arrayOps,
  dense,
  embeddingOneHot,
  initDense,
  initializers,
  initLstm,
  lstm,
  softmaxCrossEntropy,
  type DenseParams,
  type LstmParams,
  type LstmState,
  type OptimizerState,
  type Rule,
} from "@quadrivium/nn";
import type { LaneBatch, LaneShape } from "./corpus/lane-source.js";
import type { ModelShape } from "./model-shape.js";

/**
 * Parameters: an embedding, one or two LSTM layers and a head of logits. `embedding`
 * @shape [symbols, width]; each layer [width] → [width]; `head` [width] → [symbols]
 */
export type ModelParams<Leaf> = {
  readonly embedding: Leaf;
  readonly layers: { readonly [layer: string]: LstmParams<Leaf> };
  readonly head: DenseParams<Leaf>;
};

/** What every layer remembers of the texts read so far. */
export type Memory<Leaf> = {
  readonly [layer: string]: { readonly hidden: Leaf; readonly cell: Leaf };
};

/** What a gradient step carries over. */
export interface TrainingState {
  readonly params: ModelParams<np.Array>;
  readonly optimizer: OptimizerState<np.Array>;
  readonly memory: Memory<np.Array>;
}

/** Parameters before training: unit embedding of variance 0.01, a head of small logits. */
export function initialParams(shape: ModelShape, key: Key): ModelParams<HostArray> {
  const { numSymbols, width } = shape;
  const sizes = { numInputs: width, numHidden: width };
  return {
    embedding: initializers.normal(0.1)(foldIn(key, 0), [numSymbols, width]),
    layers: Object.fromEntries(
      layerNames(shape).map((name, layer) => [name, initLstm(foldIn(key, 2 + layer), sizes)]),
    ),
    head: initDense(foldIn(key, 1), {
      numInputs: width,
      numOutputs: numSymbols,
      kernel: initializers.glorotUniform,
    }),
  };
}

/** The memory of a network that has read nothing. */
export function emptyMemory(shape: ModelShape, batchSize: number): Memory<HostArray> {
  const { width } = shape;
  const blank = (): HostArray => hostArray(new Float32Array(batchSize * width), [batchSize, width]);
  return Object.fromEntries(
    layerNames(shape).map((name) => [name, { hidden: blank(), cell: blank() }]),
  );
}

/**
 * Mean cross-entropy (nats a symbol) of predicting each label from all inputs up to its own, and
 * the memory after them.
 */
export function sequenceLoss(
  params: ModelParams<np.Array>,
  memory: Memory<np.Array>,
  { inputs, labels }: LaneBatch<np.Array>,
): [np.Array, Memory<np.Array>] {
  let signal = embeddingOneHot(params.embedding, inputs); // [batch, time, width]
  const after: { [layer: string]: LstmState } = {};
  for (const [name, layer] of Object.entries(params.layers)) {
    const { outputs, state } = lstm(layer, signal, memory[name]);
    signal = outputs;
    after[name] = state;
  }
  const flat = signal.reshape([-1, signal.shape[2]!]);
  const loss = softmaxCrossEntropy(dense(params.head, flat), labels.ref.reshape([-1]));
  return [loss, after];
}

/**
 * A step of truncated backpropagation through time: the gradient goes back through the step's own
 * symbols, the memory is carried on without it.
 */
export function trainingStep(rule: Rule) {
  const optimizer = rule(arrayOps);
  const gradient = valueAndGrad(sequenceLoss, { hasAux: true });
  return (
    { params, optimizer: before, memory }: TrainingState,
    batch: LaneBatch<np.Array>,
  ): { readonly state: TrainingState; readonly loss: np.Array } => {
    const [[loss, after], grads] = gradient(params, memory, batch) as unknown as [
      [np.Array, Memory<np.Array>],
      ModelParams<np.Array>,
    ];
    const { updates, state } = optimizer.update(grads, before, params);
    const next = applyUpdates(arrayOps, params, updates);
    return { state: { params: next, optimizer: state, memory: detached(after) }, loss };
  };
}

/** Shape of a step's two arrays. */
export function batchSpec({ batchSize, sequenceLength }: LaneShape) {
  const spec = { dtype: "int32", shape: [batchSize, sequenceLength] } as const;
  return { inputs: spec, labels: spec };
}

function detached(memory: Memory<np.Array>): Memory<np.Array> {
  return Object.fromEntries(
    Object.entries(memory).map(([name, { hidden, cell }]) => [
      name,
      { hidden: lax.stopGradient(hidden), cell: lax.stopGradient(cell) },
    ]),
  );
}

function layerNames({ layers }: ModelShape): string[] {
  return Array.from({ length: layers }, (_, layer) => `lstm_${layer}`);
}
