import { QuadriviumError } from "@quadrivium/core";
import type {
  EngineSpec,
  Executor,
  FlatProgram,
  Repeat,
  Runner,
  RunnerOptions,
} from "../executor.js";
import { openGraph, type GraphRunner } from "./graph-runner.js";
import { fromJaxpr } from "./ir/from-jaxpr.js";
import type { Program } from "./ir/program.js";
import { lower } from "./lower/lower.js";
import { anyMachine, type Machine } from "./lower/lowering.js";
import { NativeArray, type MakeTensor } from "./native-array.js";
import { encodeModel } from "./onnx/encode.js";
import type { Graph } from "./onnx/model.js";
import { countOperators } from "./onnx/prune.js";
import { repeated } from "./onnx/scan.js";
import type { OnnxRuntime } from "./session.js";
import { simplify } from "./simplify/simplify.js";
import { Heap } from "./tail/heap.js";
import { splitTail, type SplitProgram } from "./tail/split-tail.js";
import { tailRunner } from "./tail/tail-runner.js";

/** Pages of the heap: 1 GiB, of which the system lends what is touched. */
const heapPages = 16384;

/** Of the heap's bytes, how much one program's kernels may need. */
const largestShare = 1 / 4;

/** What kernels are called in a program's list of operators. */
const kernelOperatorName = "quadrivium.Kernel";

/** The executor on an ONNX Runtime that was loaded. */
export function executorOn(runtime: OnnxRuntime, machine: Machine): Executor {
  const makeTensor: MakeTensor = (dtype, data, shape) =>
    new runtime.Tensor(dtype as "float32", data as Float32Array, shape);
  let heap: Heap | undefined | null = null;
  const site: Site = {
    runtime,
    makeTensor,
    machine,
    heap: () => (heap === null ? (heap = Heap.ofPages(heapPages)) : heap),
  };
  return {
    name: "native",
    prepare: (program, options) => prepare(site, program, options),
    upload: (host) => NativeArray.copyOf(host, makeTensor),
    borrow: (host) => NativeArray.around(host, makeTensor),
    owns: (array) => array instanceof NativeArray,
  };
}

/** What programs are made ready for. */
interface Site {
  readonly runtime: OnnxRuntime;
  readonly makeTensor: MakeTensor;
  readonly machine: Machine;
  /** The memory of kernels, made when first wanted; none where the system has no such memory. */
  readonly heap: () => Heap | undefined;
}

async function prepare(site: Site, flat: FlatProgram, options: RunnerOptions): Promise<Runner> {
  const { repeat, threads } = options;
  const { program, split, graph } = lowered(site, flat, repeat);
  const graphRunner = await openGraph(site.runtime, graph, threads);
  const run =
    split === undefined
      ? wholeRunner(graph, program, site, graphRunner)
      : tailRunner(split, {
          heap: site.heap()!,
          makeTensor: site.makeTensor,
          head: graphRunner,
          isConsumed: options.isConsumed,
        });
  return {
    async run(inputs) {
      try {
        return await run(inputs as readonly NativeArray[]);
      } catch (cause) {
        throw runError(flat.name, cause);
      }
    },
    saveOnnx: () => encodeModel(withRepeats(lower(program, anyMachine), repeat)),
    operators: [
      ...countOperators(graph),
      ...(split === undefined ? [] : [[kernelOperatorName, split.calls.length] as const]),
    ],
    dispose: () => graphRunner.dispose(),
  };
}

const withRepeats = (step: Graph, repeat: Repeat | undefined): Graph =>
  repeat === undefined ? step : repeated(step, repeat);

/** A trace's program and graph, after which the trace is freed. */
function lowered(site: Site, flat: FlatProgram, repeat: Repeat | undefined) {
  try {
    const program = simplify(fromJaxpr(flat));
    const split = repeat === undefined ? splitFor(site, program) : undefined;
    const graph = withRepeats(lower(split?.head ?? program, site.machine), repeat);
    return { program, split, graph };
  } finally {
    flat.closed.dispose();
  }
}

/** The program cut in two, if kernels can do its end and the heap holds what they need. */
function splitFor({ heap }: Site, program: Program): SplitProgram | undefined {
  const split = splitTail(program);
  if (split === undefined) return undefined;
  const arrays = split.calls.map(
    ({ size, sources, outputs }) => 4 * size * (sources.length + 2 * outputs.length),
  );
  const bytes = arrays.reduce((sum, each) => sum + each, 0);
  return bytes <= (heap()?.bytes ?? 0) * largestShare ? split : undefined;
}

/** Runs a graph that is the whole program. */
function wholeRunner(
  graph: Graph,
  program: Program,
  { makeTensor }: Site,
  runner: GraphRunner,
): (inputs: readonly NativeArray[]) => Promise<readonly NativeArray[]> {
  const specs: readonly EngineSpec[] = graph.outputs.map(({ dims }, at) => ({
    dtype: program.outputs[at].dtype,
    shape: dims,
  }));
  return async (inputs) => {
    const outputs: NativeArray[] = [];
    try {
      for (const spec of specs) outputs.push(NativeArray.empty(spec, makeTensor));
      await runner.run(inputs, outputs);
      return outputs;
    } catch (cause) {
      for (const output of outputs) output.dispose();
      throw cause;
    }
  };
}

function runError(name: string, cause: unknown): QuadriviumError {
  if (cause instanceof QuadriviumError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/allocat|bad_alloc|out of memory|invalid typed array length/i.test(reason)) {
    return new QuadriviumError(
      "E_MEMORY",
      `${name}: the call must fit in memory; got ${reason}; use smaller batches or fewer seeds`,
      { cause },
    );
  }
  return new QuadriviumError(
    "E_RUN",
    `${name}: ONNX Runtime must run the program; got ${reason}; check that indices are in range`,
    { cause },
  );
}
