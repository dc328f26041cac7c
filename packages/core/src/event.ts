import type { Json } from "./errors.js";
import type { HostArray } from "./host-array.js";
import type { Key } from "./key.js";
import type { Tree } from "./tree.js";

/**
 * Large parts of a run's state that never change once they are complete, as the full blocks of a
 * replay: each is written once, however many checkpoints need it.
 */
export interface Segments {
  /**
   * Those that the checkpoint needs, in letters, digits, `_` and `-`. In a run and what goes on from
   * its checkpoints a name stands for the same bits for good.
   */
  readonly names: readonly string[];
  /** The arrays of one by name; a training loop's own may change when the loop goes on. */
  read(name: string): Promise<{ readonly [array: string]: HostArray }>;
}

/**
 * All state of a run at one moment: `tree` holds the arrays (parameters, moments), `segments` those
 * that are large and only grow (a replay), `json` the rest (counters, keys). A run that restarts from it ends with the numbers of one that never
 * stopped.
 */
export interface Checkpoint {
  readonly tree: { readonly [key: string]: Tree<HostArray> };
  readonly json: Json;
  readonly segments?: Segments;
}

/**
 * What a training loop tells its consumers. `clock` is the study's one clock (gradient steps,
 * frames, tokens, beam milliseconds) and `n` the clock's value.
 */
export type Event<Result = Json> =
  | {
      readonly kind: "step";
      readonly clock: string;
      readonly n: number;
      /** Where the clock will stand at the end, when that is known: progress and time left. */
      readonly total?: number;
    }
  | {
      readonly kind: "metric";
      readonly name: string;
      readonly value: number;
      readonly clock: string;
      readonly n: number;
    }
  | ({ readonly kind: "checkpoint"; readonly clock: string; readonly n: number } & Checkpoint)
  | { readonly kind: "done"; readonly result: Result };

/** Where arrays are computed, as `--executor` and `--threads` say it. */
export interface Compute {
  /** `native` is ONNX Runtime, `wasm` and `webgpu` are jax-js; `auto` takes the best that loads. */
  readonly executor: "auto" | "native" | "wasm" | "webgpu";
  /** Threads within one operation; small networks want 1 and more processes. */
  readonly threads: number;
}

/**
 * Runs one of the study's named tasks on every input, in parallel where the host lends processes,
 * and yields the outcomes as they come, each with its input's index. Inputs and values are JSON.
 */
export type ParallelMap = (
  task: string,
  inputs: readonly Json[],
) => AsyncIterable<{ readonly index: number; readonly value: Json }>;

/** What the host lends to a study's work. */
export interface Context {
  /** Aborts the work; a training loop then ends after its next checkpoint event. */
  readonly signal: AbortSignal;
  readonly map: ParallelMap;
  readonly compute: Compute;
}

/** What the host lends to one training run. */
export interface TrainContext extends Context {
  /** Decides everything random in the run. */
  readonly key: Key;
  /** Where to go on from; absent at a fresh start. */
  readonly checkpoint?: Checkpoint;
}

/** A training loop: the command line, a batch job, a web worker and a test all drive this one. */
export type Train<Config, Result = Json> = (
  config: Config,
  context: TrainContext,
) => AsyncGenerator<Event<Result>, void, void>;
