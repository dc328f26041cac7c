import { isArraySpec, type DeviceArray } from "./array.js";
import { call, type CallPlan } from "./call.js";
import type { Compiled, CompileOptions } from "./compiled.js";
import { requireEngineDType } from "./errors.js";
import type { EngineSpec, Repeat } from "./executor.js";
import { resolveExecutor } from "./executors.js";
import { trace, type Trace } from "./trace.js";
import { argumentPath, TreeShape } from "./tree.js";

/** A compiled program whose results still are a list. */
export interface Built extends Omit<Compiled<never, never>, "run"> {
  readonly run: (args: readonly unknown[]) => Promise<readonly DeviceArray[]>;
  /** The tree in which the traced function gave its results. */
  readonly results: TreeShape;
}

/** A trace with the paths of its arguments. */
export interface NamedTrace extends Trace {
  readonly name: string;
  readonly paths: readonly string[];
}

/**
 * Traces a function and makes it ready on an executor.
 *
 * @param repeatOf for a step that one call runs many times: how often, given its trace
 */
export async function build(
  fn: (...args: never) => unknown,
  exampleArgs: unknown,
  options: CompileOptions,
  repeatOf?: (traced: NamedTrace) => Repeat,
): Promise<Built> {
  const name = options.name ?? (fn.name || "program");
  const executor = await resolveExecutor(
    options.executor ?? "auto",
    options.onNotice ?? (() => {}),
  );
  const { shape, leaves } = TreeShape.of(exampleArgs, isArraySpec, argumentPath);
  const inputs = leaves.map((leaf, at) => ({
    dtype: requireEngineDType(leaf.dtype, `${name}: ${argumentPath(shape.paths[at])}`),
    shape: [...leaf.shape],
  }));
  const traced = trace(fn as (...args: unknown[]) => unknown, name, shape, inputs);
  const repeat = repeatOf?.({ ...traced, name, paths: shape.paths });
  const isConsumed = shape.paths.map((path) =>
    (options.consumes ?? []).includes(Number.parseInt(path, 10)),
  );
  const runner = await executor.prepare(traced.program, {
    threads: options.threads ?? 1,
    isConsumed,
    ...(repeat === undefined ? {} : { repeat }),
  });
  const plan: CallPlan = {
    name,
    executor,
    runner,
    inputs: repeat === undefined ? inputs : stackedInputs(inputs, repeat),
    arguments: shape,
    isConsumed,
  };
  return {
    executor: executor.name,
    run: (args) => call(plan, args),
    results: traced.results,
    ...(runner.saveOnnx === undefined ? {} : { saveOnnx: () => runner.saveOnnx!() }),
    ...(runner.operators === undefined ? {} : { operators: runner.operators }),
    dispose: () => runner.dispose(),
  };
}

/** The state as it is, and what each step takes of its own stacked along a new first axis. */
function stackedInputs(inputs: readonly EngineSpec[], repeat: Repeat): readonly EngineSpec[] {
  return inputs.map((spec, at) =>
    at < repeat.numState ? spec : { ...spec, shape: [repeat.steps, ...spec.shape] },
  );
}
