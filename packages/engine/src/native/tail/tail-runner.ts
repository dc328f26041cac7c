import { QuadriviumError } from "@quadrivium/core";
import type { EngineSpec } from "../../executor.js";
import { sameShape } from "../../same-shape.js";
import { NativeArray, type MakeTensor } from "../native-array.js";
import { collectGarbage } from "../collect.js";
import type { GraphRunner } from "../graph-runner.js";
import type { Heap } from "./heap.js";
import { kernelFunctions } from "./run-kernels.js";
import type { KernelCall, SplitProgram } from "./split-tail.js";

/** What a split program runs with. */
interface TailSite {
  readonly heap: Heap;
  readonly makeTensor: MakeTensor;
  /** ONNX Runtime with the head. */
  readonly head: GraphRunner;
  /** Which inputs a call may overwrite. */
  readonly isConsumed: readonly boolean[];
}

/** Runs a split program: the head on ONNX Runtime, then one pass of a kernel for each group. */
export function tailRunner(
  { program, head: { outputs: produced }, headOutputs, calls }: SplitProgram,
  { heap, makeTensor, head, isConsumed }: TailSite,
): (inputs: readonly NativeArray[]) => Promise<readonly NativeArray[]> {
  const { name, outputs } = program;
  const functions = kernelFunctions(calls, heap);
  const plans = calls.map((call) => ({
    bytes: 4 * call.size,
    sources: call.sources,
    results: call.outputs.map((at) => ({ at, spec: outputs[at] })),
    overwrites: overwritten(call, { program, calls, isConsumed }),
  }));
  const inHeap = (spec: EngineSpec): NativeArray | undefined =>
    NativeArray.inHeap(spec, heap, makeTensor);
  const afterCollecting = async (spec: EngineSpec): Promise<NativeArray> => {
    await collectGarbage();
    const array = inHeap(spec);
    if (array !== undefined) return array;
    throw new QuadriviumError(
      "E_MEMORY",
      `${name}: results must fit in the ${heap.bytes / 2 ** 20} MiB that the engine shares with ` +
        `ONNX Runtime; got [${spec.shape.join(", ")}] more beside ${heap.heldArrays} arrays of ` +
        `${(heap.heldBytes / 2 ** 20).toFixed(0)} MiB that the program still reaches; dispose the ` +
        "results of earlier calls that are no longer needed, or let `consumes` name the state",
      { details: { heldArrays: heap.heldArrays, heldBytes: heap.heldBytes } },
    );
  };

  return async (inputs) => {
    const results: NativeArray[] = [];
    const passing: NativeArray[] = [];
    const temporary = (array: NativeArray): NativeArray => {
      passing.push(array);
      return array;
    };
    try {
      const fromHead: NativeArray[] = [];
      for (const [at, spec] of produced.entries()) {
        fromHead.push(
          at >= headOutputs.length
            ? temporary(inHeap(spec) ?? (await afterCollecting(spec)))
            : (results[headOutputs[at]] = NativeArray.empty(spec, makeTensor)),
        );
      }
      await head.run(inputs, fromHead);
      const mayOverwrite = new Set(inputs).size === inputs.length;
      for (const [index, { bytes, sources, results: written, overwrites }] of plans.entries()) {
        const read: number[] = [];
        for (const source of sources) {
          const array = (source.from === "head" ? fromHead : inputs)[source.index];
          if (array.address === undefined) {
            const copy = temporary(inHeap(array) ?? (await afterCollecting(array)));
            copy.write(array.values(name));
            read.push(copy.address!);
          } else read.push(array.address);
        }
        const addresses: number[] = [];
        for (const [each, { at, spec }] of written.entries()) {
          const over = inputs[overwrites[each]];
          const reused = mayOverwrite && over?.address !== undefined;
          results[at] = reused ? over.reborn() : (inHeap(spec) ?? (await afterCollecting(spec)));
          addresses.push(results[at].address!);
        }
        functions[index](bytes, ...read, ...addresses);
      }
      return results;
    } catch (cause) {
      for (const result of results) result?.dispose();
      throw cause;
    } finally {
      for (const array of passing) array.dispose();
    }
  };
}

/**
 * For each result of a kernel, the input that it may be written over, or −1: a consumed one of its
 * shape that no other kernel reads. Each element is read before it is written.
 */
function overwritten(
  call: KernelCall,
  {
    program,
    calls,
    isConsumed,
  }: Pick<SplitProgram, "program" | "calls"> & Pick<TailSite, "isConsumed">,
): readonly number[] {
  const readers = (input: number): number =>
    calls.filter(({ sources }) => reads(sources, input)).length;
  const left = call.sources.flatMap(({ from, index }) =>
    from === "input" && isConsumed[index] && readers(index) === 1 ? [index] : [],
  );
  return call.outputs.map((at) => {
    const { shape } = program.outputs[at];
    const place = left.findIndex((index) => sameShape(program.inputs[index].shape, shape));
    return place < 0 ? -1 : left.splice(place, 1)[0];
  });
}

const reads = (sources: KernelCall["sources"], input: number): boolean =>
  sources.some(({ from, index }) => from === "input" && index === input);
