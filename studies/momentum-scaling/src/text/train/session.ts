import type { Compute, HostArray } from "@quadrivium/core";
import { compile, dispose, read, upload, type MapLeaves, type ResultsOf } from "@quadrivium/engine";
import { evaluationParams, hostArrayOps, type OptimizerState } from "@quadrivium/nn";
import type { TextConfig } from "../config.js";
import type { Corpus } from "../corpus/corpus.js";
import { TextLanes, type LaneBatch } from "../corpus/lane-source.js";
import {
  batchSpec,
  emptyMemory,
  sequenceLoss,
  trainingStep,
  type ModelParams,
  type TrainingState,
} from "../model.js";
import type { ModelShape } from "../model-shape.js";
import { evaluatesAverage, ruleOf } from "../optimizers.js";

/** A training state on the host, as a checkpoint keeps it. */
export type SavedState = MapLeaves<TrainingState, TrainingState["params"]["embedding"], HostArray>;

/** A network in training on one executor. */
export interface Session {
  /** Makes a gradient step. @returns the loss before it, nats a symbol */
  step(batch: LaneBatch): Promise<number>;
  /** Mean loss on the corpus's held-out text, read from an empty memory. */
  validate(): Promise<number>;
  save(): Promise<SavedState>;
  dispose(): Promise<void>;
}

/** The state before the first step. */
export function startState(
  config: TextConfig,
  params: ModelParams<HostArray>,
  shape: ModelShape,
): SavedState {
  return {
    params,
    optimizer: startOptimizer(config, params),
    memory: emptyMemory(shape, config.batchSize),
  };
}

function startOptimizer(
  config: TextConfig,
  params: ModelParams<HostArray>,
): OptimizerState<HostArray> {
  return ruleOf(config)(hostArrayOps).init(params);
}

/** Compiles the programs of a configuration and brings a state to its executor. */
export async function openSession(
  config: TextConfig,
  saved: SavedState,
  options: { readonly corpus: Corpus; readonly shape: ModelShape; readonly compute: Compute },
): Promise<Session> {
  const { corpus, shape, compute } = options;
  const { executor, threads } = compute;
  const spec = batchSpec(config);
  const program = await compile(trainingStep(ruleOf(config)), [saved, spec], {
    executor,
    threads,
    name: "textStep",
    consumes: [0],
  });
  const blank = emptyMemory(shape, config.batchSize);
  const scorer = await compile(sequenceLoss, [saved.params, blank, spec], {
    executor,
    threads,
    name: "textLoss",
  });
  const heldOut = validationBatches(corpus.validation, config);
  let state: ResultsOf<TrainingState> = await upload(saved, { executor });

  return {
    async step(batch) {
      const result = await program.run(state, batch);
      state = result.state;
      return scalar(result.loss);
    },

    async validate() {
      const params = evaluatesAverage(config)
        ? (averaged(state.optimizer) as typeof state.params)
        : state.params;
      let memory = await upload(blank, { executor });
      let total = 0;
      for (const batch of heldOut) {
        const [loss, after] = await scorer.run(params, memory, batch);
        dispose(memory);
        memory = after;
        total += await scalar(loss);
      }
      dispose(memory);
      return total / heldOut.length;
    },

    save: () => read(state),

    async dispose() {
      dispose(state);
      await program.dispose();
      await scorer.dispose();
    },
  };
}

/** The averaged parameters, behind the clipping's place in the chain where there is one. */
function averaged(state: ResultsOf<TrainingState>["optimizer"]): unknown {
  const own = "x" in state ? state : (state["1"] as typeof state);
  return evaluationParams(own);
}

/** Held-out text in as many whole batches as it fills, at least one. */
function validationBatches(tokens: Int32Array, config: TextConfig): LaneBatch[] {
  const { batchSize, sequenceLength } = config;
  const count = Math.max(1, Math.floor((tokens.length - 1) / (batchSize * sequenceLength)));
  const lanes = TextLanes.resume(tokens, config, { offset: 0, position: 0 });
  return Array.from({ length: count }, () => lanes.next());
}

async function scalar(array: { read(): Promise<HostArray>; dispose(): void }): Promise<number> {
  const value = Number((await array.read()).data[0]);
  array.dispose();
  return value;
}
