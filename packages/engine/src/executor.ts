import type { HostArray } from "@quadrivium/core";
import type { ArraySpec, DeviceArray, EngineDType } from "./array.js";
import type { Array, ClosedJaxpr } from "./jax/jax.js";

/** What computes: `native` is ONNX Runtime, `wasm` and `webgpu` are jax-js's own backends. */
export type ExecutorName = "native" | "wasm" | "webgpu";

/** A description of an array whose dtype an executor can hold. */
export interface EngineSpec extends ArraySpec {
  readonly dtype: EngineDType;
}

/** A traced function without its trees: a list of arrays in, a list of arrays out. */
export interface FlatProgram {
  /** Names the program in error texts. */
  readonly name: string;
  /** The function itself, for an executor that traces by its own means. */
  readonly apply: (...inputs: Array[]) => Array[];
  /** Its trace; whoever prepares the program disposes it. */
  readonly closed: ClosedJaxpr;
  readonly inputs: readonly EngineSpec[];
  readonly outputs: readonly EngineSpec[];
}

/** How often a program is run in one call, its first results becoming its first arguments. */
export interface Repeat {
  readonly steps: number;
  /** How many leading inputs and outputs are the state that steps hand on. */
  readonly numState: number;
}

/** How a program is to be run. */
export interface RunnerOptions {
  /** Threads within one operation. Only `native` obeys; jax-js decides for itself. */
  readonly threads: number;
  /** For each input, whether a call ends its life, so that results may be written over it. */
  readonly isConsumed: readonly boolean[];
  /** Runs the program as many steps of a loop; without it, once. */
  readonly repeat?: Repeat;
}

/** A program that one executor has made ready. */
export interface Runner {
  /** Runs on arrays of this executor and leaves them alive. */
  run(inputs: readonly DeviceArray[]): Promise<readonly DeviceArray[]>;
  /** The program as an ONNX model, where the executor has one. */
  saveOnnx?(): Uint8Array;
  /** How many operators of each kind the program became, most first, where that is known. */
  readonly operators?: readonly (readonly [string, number])[];
  dispose(): Promise<void>;
}

/** A place where programs run. */
export interface Executor {
  readonly name: ExecutorName;
  prepare(program: FlatProgram, options: RunnerOptions): Promise<Runner>;
  /** A copy of a host array. */
  upload(host: HostArray & EngineSpec): DeviceArray;
  /** A host array for one call, without a copy where that is possible. */
  borrow(host: HostArray & EngineSpec): DeviceArray;
  /** Says whether an array lives here. */
  owns(array: ArraySpec): array is DeviceArray;
}
