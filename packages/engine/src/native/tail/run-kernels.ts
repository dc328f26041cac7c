import { wasmModule } from "@quadrivium/numerics";
import type { Heap } from "./heap.js";
import { emitKernel } from "./emit-kernel.js";
import type { KernelCall } from "./split-tail.js";

/** A kernel at work: bytes of an array, addresses of its parameters, addresses of its results. */
export type KernelFunction = (bytes: number, ...addresses: readonly number[]) => void;

/** The functions of some calls, equal kernels compiled once. */
export function kernelFunctions(
  calls: readonly KernelCall[],
  heap: Heap,
): readonly KernelFunction[] {
  const places = new Map<string, number>();
  const kernels = calls.map(({ kernel }) => kernel);
  const distinct = kernels.filter((kernel) => {
    const key = JSON.stringify(kernel);
    if (places.has(key)) return false;
    places.set(key, places.size);
    return true;
  });
  const bytes = wasmModule(distinct.map(emitKernel), {
    pages: heap.pages,
    maximumPages: heap.pages,
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    heap: { memory: heap.memory },
  });
  return kernels.map(
    (kernel) => instance.exports[`f${places.get(JSON.stringify(kernel))}`] as KernelFunction,
  );
}
