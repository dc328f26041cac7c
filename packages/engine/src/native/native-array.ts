import { hostArray, sizeOf, type HostArray, type HostData } from "@quadrivium/core";
import type { Tensor } from "onnxruntime-node";
import type { DeviceArray, EngineDType } from "../array.js";
import { freedError } from "../errors.js";
import type { EngineSpec } from "../executor.js";
import { trackLive } from "../live-arrays.js";
import { giveBuffer, takeBuffer } from "./buffers.js";
import type { Heap } from "./tail/heap.js";

/** Makes an ONNX Runtime tensor around memory, without a copy. */
export type MakeTensor = (dtype: EngineDType, data: HostData, shape: readonly number[]) => Tensor;

/** Where an array's values lie. */
interface Memory {
  readonly data: HostData;
  readonly tensor: Tensor;
  /** Its place in the heap, if it is there. */
  readonly address?: number;
  /** Hands the memory back; absent where it is someone else's. */
  readonly release?: () => void;
}

/** Hands back the heap's memory of arrays that were lost without {@link NativeArray.dispose}. */
const lost = new FinalizationRegistry<() => void>((release) => release());

/** Hands memory of the heap back; holds nothing of the array itself. */
const releaser =
  (heap: Heap, address: number, bytes: number): (() => void) =>
  () =>
    heap.give(address, bytes);

/** An array in memory that ONNX Runtime reads from and writes to directly. */
export class NativeArray implements DeviceArray {
  readonly dtype: EngineDType;
  readonly shape: readonly number[];
  #memory: Memory | null;

  private constructor({ dtype, shape }: EngineSpec, memory: Memory) {
    this.dtype = dtype;
    this.shape = shape;
    this.#memory = memory;
    trackLive(1);
  }

  /** An array to be written. */
  static empty(spec: EngineSpec, makeTensor: MakeTensor): NativeArray {
    const { dtype, shape } = spec;
    const data = takeBuffer(dtype, sizeOf(shape));
    const release = (): void => giveBuffer(dtype, data);
    return new NativeArray(spec, { data, tensor: makeTensor(dtype, data, shape), release });
  }

  /**
   * A float32 array to be written, in the heap; or none where that is full. Where nobody can reach it
   * any longer, the collector hands its memory back.
   */
  static inHeap(spec: EngineSpec, heap: Heap, makeTensor: MakeTensor): NativeArray | undefined {
    const { dtype, shape } = spec;
    const size = sizeOf(shape);
    const address = heap.take(4 * size);
    if (address === undefined) return undefined;
    const data = new Float32Array(heap.memory.buffer, address, size);
    const giveBack = releaser(heap, address, 4 * size);
    // ONNX Runtime's tensor holds these values too, so that they outlive a call that still reads them
    lost.register(data, giveBack, data);
    const release = (): void => {
      lost.unregister(data);
      giveBack();
    };
    return new NativeArray(spec, {
      data,
      tensor: makeTensor(dtype, data, shape),
      address,
      release,
    });
  }

  /** A copy of a host array. */
  static copyOf(host: HostArray & EngineSpec, makeTensor: MakeTensor): NativeArray {
    const array = NativeArray.empty(host, makeTensor);
    array.write(host.data);
    return array;
  }

  /** A host array in place, for the length of one call. */
  static around(host: HostArray & EngineSpec, makeTensor: MakeTensor): NativeArray {
    const tensor = makeTensor(host.dtype, host.data, host.shape);
    return new NativeArray(host, { data: host.data, tensor });
  }

  /** The tensor, while the array is alive. */
  tensor(what: string): Tensor {
    return this.#alive(what).tensor;
  }

  /** The array's place in the heap, if it is there. */
  get address(): number | undefined {
    return this.#memory?.address;
  }

  /** The values in place. */
  values(what: string): HostData {
    return this.#alive(what).data;
  }

  /** Overwrites the array. */
  write(data: HostData): void {
    (this.#alive("write").data as Float32Array).set(data as Float32Array);
  }

  /** The array's memory as another array of its dtype and shape, which is this one's end. */
  reborn(): NativeArray {
    const memory = this.#alive("reborn");
    this.#memory = null;
    trackLive(-1);
    return new NativeArray(this, memory);
  }

  async read(): Promise<HostArray> {
    return hostArray(this.#alive("read").data.slice(), this.shape, this.dtype);
  }

  dispose(): void {
    if (this.#memory === null) return;
    this.#memory.release?.();
    this.#memory = null;
    trackLive(-1);
  }

  #alive(what: string): Memory {
    if (this.#memory === null) throw freedError(what);
    return this.#memory;
  }
}
