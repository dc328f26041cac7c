import {
  hostArray,
  random,
  streamOf,
  type Compute,
  type HostArray,
  type Key,
} from "@quadrivium/core";
import {
  compile,
  compileSteps,
  np,
  dispose,
  read,
  upload,
  valueAndGrad,
  vmap,
  type ArraySpec,
} from "@quadrivium/engine";
import {
  applyUpdates,
  arrayOps,
  flattened,
  hostArrayOps,
  type OptimizerState,
  type Rule,
} from "@quadrivium/nn";
import type { LearningSet } from "./learning-set.js";
import type { Batch, Forecast, Objective } from "./objective.js";
import type { Parameters, RateForm, StackedParameters } from "./rate-form.js";

/** How members are trained. */
export interface FitOptions {
  readonly objective: Objective;
  /** Added to every member's loss after division by the number of samples, see {@link RateForm}. */
  readonly penalty?: RateForm["penalty"];
  readonly optimizer: Rule;
  readonly steps: number;
  readonly batchSize: number;
  /** Decides the order of the samples. */
  readonly key: Key;
  readonly compute: Compute;
  readonly signal?: AbortSignal;
  /** Told how many steps are done. */
  readonly onStep?: (done: number) => void;
}

/** What an ensemble is fitted to. */
export interface FitData {
  readonly set: LearningSet;
  /** Beam settings as the form takes them. @shape [size, numSettings] */
  readonly settings: HostArray<Float32Array>;
  /** What multiplies rates: relative current. @shape [size] */
  readonly relativeCurrent: Float64Array;
  /** How often each sample is in each member's bootstrap. @shape [members, size] */
  readonly weights: HostArray<Float32Array>;
  /** See {@link RateForm.penalty}. @shape [members, points] */
  readonly anchors: HostArray<Float32Array>;
}

/** What a step carries over; the anchors stay. */
interface State<Leaf> {
  readonly params: Parameters<Leaf>;
  readonly optimizer: OptimizerState<Leaf>;
  readonly anchors: Leaf;
}

type BatchInputs = { readonly [Name in keyof Batch]: HostArray };
type WeightedBatch = Batch & { readonly weight: np.Array };
type BatchArrays = { readonly [Name in keyof WeightedBatch]: HostArray };

/** Steps in one call of the compiled program: the number of steps is rounded up to whole calls. */
export const stepsPerCall = 20;

/**
 * Trains the members of an ensemble at once, in one program, on mini-batches that all members
 * share, each weighing the samples by its own bootstrap.
 *
 * A set smaller than a batch is one batch.
 *
 * @returns the trained parameters and each member's mean loss over the last tenth of the steps
 */
export async function fitMembers(
  start: StackedParameters,
  data: FitData,
  options: FitOptions,
): Promise<{ readonly params: StackedParameters; readonly losses: Float64Array }> {
  const { objective, penalty, compute, signal, onStep } = options;
  const { size } = data.set;
  const batchSize = Math.min(options.batchSize, size);
  const calls = Math.ceil(options.steps / stepsPerCall);
  const rule = flattened(options.optimizer);
  const optimizer = rule(arrayOps);

  const step = (state: State<np.Array>, { weight, ...batch }: WeightedBatch) => {
    const member = (params: Parameters<np.Array>, own: np.Array, anchor: np.Array): np.Array => {
      const fit = objective(params, batch, own);
      return penalty === undefined ? fit : fit.add(penalty(params, anchor).mul(1 / size));
    };
    const [losses, grads] = vmap(valueAndGrad(member), [0, 0, 0])(
      state.params,
      weight.ref,
      state.anchors.ref,
    );
    const next = optimizer.update(grads, state.optimizer, state.params);
    return {
      state: {
        params: applyUpdates(arrayOps, state.params, next.updates),
        optimizer: next.state,
        anchors: state.anchors.ref,
      },
      metrics: losses,
    };
  };

  const batches = batchesOf(data, { batchSize, key: options.key });
  const first: State<HostArray> = {
    params: start,
    optimizer: rule(hostArrayOps).init(start),
    anchors: data.anchors,
  };
  const program = await compileSteps(
    step,
    { state: first, batch: specsOf(batches(1)) },
    { ...compute, steps: stepsPerCall, name: "fitMembers", consumes: [0] },
  );
  let state = await upload(first, { executor: compute.executor });
  const losses = new Float64Array(data.anchors.shape[0]);
  try {
    const counted = Math.max(1, Math.floor(calls / 10));
    for (let call = 0; call < calls; call++) {
      signal?.throwIfAborted();
      const result = await program.run(state, batches(stepsPerCall));
      state = result.state;
      if (call >= calls - counted) {
        const { data: values } = await result.metrics.read();
        values.forEach((value, at) => {
          losses[at % losses.length] += Number(value) / (stepsPerCall * counted);
        });
      }
      dispose(result.metrics);
      onStep?.((call + 1) * stepsPerCall);
    }
    return { params: (await read(state.params)) as StackedParameters, losses };
  } finally {
    dispose(state);
    await program.dispose();
  }
}

/** Mini-batches, stacked: each pass over the samples is a new random order. */
function batchesOf(
  { set, settings, relativeCurrent, weights }: FitData,
  { batchSize, key }: { readonly batchSize: number; readonly key: Key },
): (count: number) => BatchArrays {
  const stream = streamOf(key);
  const order = Int32Array.from({ length: set.size }, (_, row) => row);
  let at = set.size;
  const [members] = weights.shape;
  return (count) => {
    const rows = new Int32Array(count * batchSize);
    for (let b = 0; b < count; b++) {
      if (at + batchSize > set.size) {
        random.shuffle(stream, order);
        at = 0;
      }
      rows.set(order.subarray(at, at + batchSize), b * batchSize);
      at += batchSize;
    }
    const weight = new Float32Array(count * members * batchSize);
    rows.forEach((row, r) => {
      const [call, place] = [Math.floor(r / batchSize), r % batchSize];
      for (let m = 0; m < members; m++) {
        weight[(call * members + m) * batchSize + place] = weights.data[m * set.size + row];
      }
    });
    return {
      ...gathered({ set, settings, relativeCurrent }, rows, [count, batchSize]),
      weight: hostArray(weight, [count, members, batchSize]),
    };
  };
}

/** Some rows of the data, stacked in the leading shape given. */
function gathered(
  { set, settings, relativeCurrent }: Pick<FitData, "set" | "settings" | "relativeCurrent">,
  rows: Int32Array,
  leading: readonly number[],
): BatchInputs {
  const [, numSettings] = settings.shape;
  const numOutcomes = set.numSites + 1;
  const gather = (
    width: number,
    value: (row: number, column: number) => number,
  ): HostArray<Float32Array> => {
    const values = new Float32Array(rows.length * width);
    rows.forEach((row, r) => {
      for (let c = 0; c < width; c++) values[r * width + c] = value(row, c);
    });
    return hostArray(values, [...leading, width]);
  };
  return {
    beam: gather(2, (row, c) => set.beam[2 * row + c]),
    settings: gather(numSettings, (row, c) => settings.data[row * numSettings + c]),
    exposure: gather(1, (row) => set.dwellTimeS[row] * relativeCurrent[row]),
    scanExposure: gather(1, (row) => set.scanExposure[row] * relativeCurrent[row]),
    outcome: gather(numOutcomes, (row, c) => set.outcome[row * numOutcomes + c]),
  };
}

/** One step's share of stacked batches. */
function specsOf(stacked: BatchArrays): { readonly [Name in keyof BatchArrays]: ArraySpec } {
  const one = ({ dtype, shape }: HostArray): ArraySpec => ({ dtype, shape: shape.slice(1) });
  const { beam, settings, exposure, scanExposure, outcome, weight } = stacked;
  return {
    beam: one(beam),
    settings: one(settings),
    exposure: one(exposure),
    scanExposure: one(scanExposure),
    outcome: one(outcome),
    weight: one(weight),
  };
}

/** Samples in one call of a forecast. */
const forecastBatch = 512;

/**
 * Every member's probability that silicon is not on its own site after each sample's dwell.
 *
 * @returns @shape [members, size]
 */
export async function forecastHops(
  forecast: Forecast,
  params: StackedParameters,
  data: FitData,
  compute: Compute,
): Promise<Float64Array> {
  const { size } = data.set;
  const [members] = data.weights.shape;
  const batchSize = Math.min(forecastBatch, size);
  const rowsFrom = (from: number): Int32Array =>
    Int32Array.from({ length: batchSize }, (_, at) => Math.min(from + at, size - 1));
  const batchFrom = (from: number): BatchInputs => gathered(data, rowsFrom(from), [batchSize]);
  const hops = (all: Parameters<np.Array>, batch: Batch): np.Array =>
    vmap(
      (own: Parameters<np.Array>) => {
        const stay = forecast(own, batch).slice([], [0, 1]);
        return np.subtract(1, stay).reshape([batchSize]);
      },
      [0],
    )(all);
  const program = await compile(hops, [params, batchFrom(0)], { ...compute, name: "forecastHops" });
  const values = new Float64Array(members * size);
  try {
    for (let from = 0; from < size; from += batchSize) {
      const result = await program.run(params, batchFrom(from));
      const read = (await result.read()).data as Float32Array;
      result.dispose();
      for (let m = 0; m < members; m++) {
        for (let at = 0; at < batchSize && from + at < size; at++) {
          values[m * size + from + at] = read[m * batchSize + at];
        }
      }
    }
    return values;
  } finally {
    await program.dispose();
  }
}
