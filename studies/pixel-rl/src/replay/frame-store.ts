import { hostArray, InputError, type HostArray } from "@quadrivium/core";

/** What fixes a store of frames. */
export interface FrameStoreOptions {
  readonly capacity: number;
  /** Numbers of one frame. */
  readonly frameSize: number;
  /** Bits that each of them takes [8]; 1 for frames of zeros and ones. */
  readonly bitsPerPixel?: 1 | 8;
}

/** Bytes that one frame takes. */
export function frameBytes({
  frameSize,
  bitsPerPixel = 8,
}: Pick<FrameStoreOptions, "frameSize" | "bitsPerPixel">): number {
  return Math.ceil((frameSize * bitsPerPixel) / 8);
}

/** Frames by slot, a byte or a bit a pixel. */
export class FrameStore {
  readonly #bytes: Uint8Array;
  readonly #frameSize: number;
  readonly #frameBytes: number;
  readonly #isBinary: boolean;

  /** @throws E_REPLAY_MEMORY if the frames cannot be allocated */
  constructor(options: FrameStoreOptions) {
    this.#frameSize = options.frameSize;
    this.#frameBytes = frameBytes(options);
    this.#isBinary = options.bitsPerPixel === 1;
    this.#bytes = allocate(options.capacity, this.#frameBytes);
  }

  /** Keeps a frame. @param frame zeros and ones where a pixel has one bit. @shape [frameSize] */
  write(slot: number, frame: Uint8Array): void {
    const first = slot * this.#frameBytes;
    if (!this.#isBinary) {
      this.#bytes.set(frame, first);
      return;
    }
    for (let byte = 0; byte < this.#frameBytes; byte++) {
      let bits = 0;
      for (let bit = 0; bit < 8; bit++) bits |= (frame[8 * byte + bit] ?? 0) << bit;
      this.#bytes[first + byte] = bits;
    }
  }

  /** Writes a frame, times `scale`, to a place of `out`. */
  read(slot: number, out: Float32Array, target: number, scale: number): void {
    const bytes = this.#bytes;
    const first = slot * this.#frameBytes;
    if (this.#isBinary) {
      for (let i = 0; i < this.#frameSize; i++) {
        out[target + i] = ((bytes[first + (i >> 3)] >> (i & 7)) & 1) * scale;
      }
    } else {
      for (let i = 0; i < this.#frameSize; i++) out[target + i] = bytes[first + i] * scale;
    }
  }

  /** Slots as they are kept; a view. @shape [numSlots, bytes] */
  view(slot: number, numSlots: number): HostArray {
    const first = slot * this.#frameBytes;
    const bytes = this.#bytes.subarray(first, first + numSlots * this.#frameBytes);
    return hostArray(bytes, [numSlots, this.#frameBytes]);
  }

  /** Puts back what {@link view} gave. */
  restore(slot: number, { data }: HostArray): void {
    this.#bytes.set(data as Uint8Array, slot * this.#frameBytes);
  }
}

function allocate(capacity: number, bytes: number): Uint8Array {
  try {
    return new Uint8Array(capacity * bytes);
  } catch (cause) {
    throw new InputError(
      "E_REPLAY_MEMORY",
      `Replay: ${capacity} frames of ${bytes} bytes must fit in memory; got ` +
        `${(capacity * bytes) / 2 ** 30} GiB refused; use a smaller replayCapacity or smaller images`,
      { cause },
    );
  }
}
