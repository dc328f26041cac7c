/** Bytes of a page of WebAssembly memory. */
const pageBytes = 65536;

/** Arrays begin at multiples of a cache line. */
const alignment = 64;

/** A stretch of the heap. */
interface Stretch {
  readonly address: number;
  readonly bytes: number;
}

/**
 * Memory that both ONNX Runtime and kernels in WebAssembly reach without a copy.
 *
 * It never grows, because arrays in it would lose their memory; the system lends its pages when
 * they are first touched.
 */
export class Heap {
  /** For the kernels' modules. */
  readonly memory: WebAssembly.Memory;
  readonly pages: number;
  readonly #free = new Map<number, number[]>();
  #heldArrays = 0;
  #heldBytes = 0;
  #spare: readonly Stretch[];

  private constructor(memory: WebAssembly.Memory, pages: number) {
    this.memory = memory;
    this.pages = pages;
    // Nothing lies at address 0, which would look like none.
    this.#spare = [{ address: alignment, bytes: pages * pageBytes - alignment }];
  }

  /** A heap of so many pages, unless the system refuses. */
  static ofPages(pages: number): Heap | undefined {
    try {
      return new Heap(new WebAssembly.Memory({ initial: pages, maximum: pages }), pages);
    } catch {
      return undefined;
    }
  }

  get bytes(): number {
    return this.pages * pageBytes;
  }

  /** Arrays that were taken and not handed back. */
  get heldArrays(): number {
    return this.#heldArrays;
  }

  /** The memory that they have. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The address of memory for so many bytes, at least to the next multiple of 64; or none. */
  take(size: number): number | undefined {
    const bytes = rounded(size);
    const address =
      this.#free.get(bytes)?.pop() ?? this.#cut(bytes) ?? this.#cutAfterJoining(bytes);
    if (address !== undefined) {
      this.#heldArrays += 1;
      this.#heldBytes += bytes;
    }
    return address;
  }

  /** Hands memory of {@link take} back. */
  give(address: number, size: number): void {
    const bytes = rounded(size);
    this.#heldArrays -= 1;
    this.#heldBytes -= bytes;
    const known = this.#free.get(bytes);
    if (known === undefined) this.#free.set(bytes, [address]);
    else known.push(address);
  }

  #cut(bytes: number): number | undefined {
    const at = this.#spare.findIndex((stretch) => stretch.bytes >= bytes);
    if (at < 0) return undefined;
    const { address, bytes: whole } = this.#spare[at];
    const rest = { address: address + bytes, bytes: whole - bytes };
    this.#spare = this.#spare.with(at, rest).filter((stretch) => stretch.bytes > 0);
    return address;
  }

  /** Takes from what was handed back in other sizes, neighbours joined. */
  #cutAfterJoining(bytes: number): number | undefined {
    const given = [...this.#free].flatMap(([size, addresses]) =>
      addresses.map((address) => ({ address, bytes: size })),
    );
    this.#free.clear();
    const joined: Stretch[] = [];
    for (const next of [...this.#spare, ...given].sort((a, b) => a.address - b.address)) {
      const last = joined.at(-1);
      if (last !== undefined && last.address + last.bytes === next.address) {
        joined[joined.length - 1] = { ...last, bytes: last.bytes + next.bytes };
      } else joined.push(next);
    }
    this.#spare = joined;
    return this.#cut(bytes);
  }
}

const rounded = (size: number): number => Math.max(1, Math.ceil(size / alignment)) * alignment;
