import { InputError } from "@quadrivium/core";
import type { ArraySpec, MapLeaves, ResultsOf, ValuesFor } from "./array.js";
import { build, type NamedTrace } from "./build.js";
import type { Compiled, CompileOptions } from "./compiled.js";
import { markShape } from "./errors.js";
import type { Repeat } from "./executor.js";
import type { Array } from "./jax/jax.js";

/** What a step hands on, and what it reports. */
export interface StepResult<State, Metrics> {
  /** Like the state it was given, leaf for leaf. */
  readonly state: State;
  readonly metrics: Metrics;
}

/** How many steps one call runs, and how they are compiled. */
export interface CompileStepsOptions extends CompileOptions {
  /** Steps per call, at least 1. */
  readonly steps: number;
}

/**
 * Compiles a step so that one call runs many of them.
 *
 * A call costs some 20 µs and 1 to 2 µs for each array that goes in or comes out, whatever it
 * computes; a step on a small network costs little more. Here the state stays inside for all
 * `steps`: on the native executor they are one ONNX Scan. Above some 100,000 parameters single
 * calls are quicker there, because only they run the optimizer as one pass.
 *
 * @param step from a state and one step's batch to the next state and the step's metrics. @owns
 *   borrows
 * @param examples dtypes and shapes of the state and of one step's batch
 * @returns a program of two arguments: the state, and the batches stacked along a new first axis of
 *   length `steps`; its metrics are stacked likewise. `consumes: [0]` frees the old state.
 * @throws E_STEPS if `steps` is not a whole number of at least 1; E_SHAPE if the step returns a
 *   state unlike the one it was given; and as {@link compile}
 * @example
 * const count = await compileSteps(
 *   (sum: np.Array, x: np.Array) => ({ state: sum.ref.add(x.ref), metrics: sum.ref }),
 *   { state: { dtype: "float32", shape: [] }, batch: { dtype: "float32", shape: [] } },
 *   { steps: 3 },
 * );
 * const { state } = await count.run(
 *   hostArray(Float32Array.of(0), []),
 *   hostArray(Float32Array.of(1, 2, 3), [3]),
 * );
 * print((await state.read()).data)  // Float32Array [6]
 */
export async function compileSteps<State, Batch, Metrics>(
  step: (state: State, batch: Batch) => StepResult<State, Metrics>,
  examples: {
    readonly state: NoInfer<MapLeaves<State, Array, ArraySpec>>;
    readonly batch: NoInfer<MapLeaves<Batch, Array, ArraySpec>>;
  },
  options: CompileStepsOptions,
): Promise<Compiled<readonly [State, Batch], StepResult<State, Metrics>>> {
  const { steps } = options;
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new InputError(
      "E_STEPS",
      `compileSteps: steps must be a whole number of at least 1; got ${steps}`,
    );
  }
  const stateFirst = (state: State, batch: Batch): readonly unknown[] => {
    const result = step(state, batch);
    return [result.state, result.metrics];
  };
  const { run, results, ...rest } = await build(
    stateFirst,
    [examples.state, examples.batch],
    { ...options, name: options.name ?? (step.name || "step") },
    (traced) => repeatOf(traced, steps),
  );
  return {
    ...rest,
    async run(...args: ValuesFor<readonly [State, Batch]>) {
      const [state, metrics] = results.build(await run(args)) as readonly unknown[];
      return { state, metrics } as ResultsOf<StepResult<State, Metrics>>;
    },
  };
}

/** The leaves of the state, which must come out as they went in. */
function repeatOf({ name, paths, program, results }: NamedTrace, steps: number): Repeat {
  const statePaths = (all: readonly string[]): readonly string[] =>
    all.filter((path) => path.split("/")[0] === "0").map((path) => path.replace("0", "state"));
  const given = statePaths(paths);
  const returned = statePaths(results.paths);
  const numState = given.length;
  if (given.join() !== returned.join()) {
    throw new InputError(
      "E_TREE",
      `${name}: the state returned must have the leaves of the state given; ` +
        `got ${returned.join(", ")}, expected ${given.join(", ")}`,
    );
  }
  given.forEach((path, at) => {
    const [before, after] = [program.inputs[at], program.outputs[at]];
    const show = (spec: typeof before, other: typeof before): string =>
      `${spec.dtype} ${markShape(spec.shape, other.shape)}`;
    if (show(before, before) !== show(after, before)) {
      throw new InputError(
        "E_SHAPE",
        `${name}: each step must return its state with the dtype and shape it had; ` +
          `got ${show(after, before)} for ${path}, expected ${show(before, after)}`,
      );
    }
  });
  return { steps, numState };
}
