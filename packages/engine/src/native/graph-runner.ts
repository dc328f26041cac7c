import type { Tensor } from "onnxruntime-node";
import type { NativeArray } from "./native-array.js";
import { encodeModel } from "./onnx/encode.js";
import type { Graph } from "./onnx/model.js";
import { openSession, type OnnxRuntime } from "./session.js";

/** A graph that ONNX Runtime has made ready. */
export interface GraphRunner {
  /** Reads the inputs and fills the outputs, in the graph's order. */
  run(inputs: readonly NativeArray[], outputs: readonly NativeArray[]): Promise<void>;
  dispose(): Promise<void>;
}

/** Opens a session for a graph. */
export async function openGraph(
  runtime: OnnxRuntime,
  graph: Graph,
  threads: number,
): Promise<GraphRunner> {
  const { session, release } = await openSession(runtime, encodeModel(graph), threads);
  // Inputs that no node reads are not inputs of the session.
  const read = new Set(session.inputNames);
  const fed = graph.inputs.flatMap(({ name }, at) => (read.has(name) ? [{ name, at }] : []));
  return {
    async run(inputs, outputs) {
      const feeds: Record<string, Tensor> = {};
      for (const { name, at } of fed) feeds[name] = inputs[at].tensor(graph.name);
      const fetches: Record<string, Tensor> = {};
      for (const [at, { name }] of graph.outputs.entries()) {
        fetches[name] = outputs[at].tensor(graph.name);
      }
      await session.run(feeds, fetches);
    },
    dispose: release,
  };
}
