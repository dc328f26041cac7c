import {
  hostArray,
  InputError,
  type HostArray,
  type Segments,
  type Stream,
} from "@quadrivium/core";
import { partsOfRing, type RingParts, type Steps } from "./blocks.js";
import { SumTree } from "./sum-tree.js";
import type { Batch } from "./batch.js";
import { frameBytes, FrameStore } from "./frame-store.js";

/** One step as it is stored: what was seen, what was done, and what came of it. */
export interface Step {
  /** The newest frame of the observation. */
  readonly frame: Uint8Array;
  readonly action: number;
  readonly reward: number;
  /** Whether the episode ended for good after this step. */
  readonly terminated: boolean;
  /** Whether it was cut short after this step: its last value is then unknown. */
  readonly truncated: boolean;
}

/** What fixes a replay. */
export interface ReplayOptions {
  readonly capacity: number;
  /** Numbers of one frame. */
  readonly frameSize: number;
  /** Bits that each of them takes [8]; 1 for frames of zeros and ones. */
  readonly bitsPerPixel?: 1 | 8;
  /** Frames in an observation, newest last; zeros stand before an episode's first. */
  readonly frameStack: number;
  /** Steps whose rewards are summed. */
  readonly nStep: number;
  readonly discount: number;
  readonly prioritized: boolean;
  /** Bytes of the blocks that checkpoints write once [8 MiB]. */
  readonly blockBytes?: number;
}

/** Bytes of a block where nothing else is said. */
export const replayBlockBytes = 2 ** 23;

/** Steps side by side in the ring: frames, actions, rewards and ends. */
type StepArrays = { readonly [name: string]: HostArray };

/** A replay's content for a checkpoint. */
export interface SavedReplay {
  readonly arrays: {
    /** The steps in no full block, oldest first. */
    readonly loose: readonly StepArrays[];
    /** By slot; where they count. */
    readonly priorities?: HostArray;
  };
  /** Full blocks of steps; views, which change as steps are added. */
  readonly segments: Segments;
  readonly json: { readonly numAdded: number; readonly largestPriority: number };
}

const running = 0;
const terminated = 1;
const truncated = 2;

/**
 * A ring of steps that keeps every frame once; observations are put together when sampled.
 *
 * A sample at step t is $R = \sum_{k<L} \gamma^k r_{t+k}$ and the observation $L$ steps later, with
 * $L = n$ or the steps to the end of the episode. Steps whose window reaches a truncation, the
 * newest frame, or frames already overwritten are never sampled.
 *
 * @source the circular buffer of Dopamine's older replay; Schaul et al. 2016 for `prioritized`,
 * with stratified draws, priorities √loss and weights $1/\sqrt{P}$ over their largest
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #frames: FrameStore;
  readonly #actions: Uint8Array;
  readonly #rewards: Float32Array;
  readonly #ends: Uint8Array;
  readonly #tree: SumTree | null;
  #numAdded = 0;
  #largestPriority = 1;

  /** @throws E_REPLAY_MEMORY if the frames cannot be allocated */
  constructor(options: ReplayOptions) {
    const { capacity } = options;
    this.#options = options;
    this.#frames = new FrameStore(options);
    this.#actions = new Uint8Array(capacity);
    this.#rewards = new Float32Array(capacity);
    this.#ends = new Uint8Array(capacity);
    this.#tree = options.prioritized ? new SumTree(capacity) : null;
  }

  /** Steps ever added. */
  get numAdded(): number {
    return this.#numAdded;
  }

  /** Steps held now. */
  get size(): number {
    return Math.min(this.#numAdded, this.#options.capacity);
  }

  add(step: Step): void {
    const slot = this.#numAdded % this.#options.capacity;
    this.#frames.write(slot, step.frame);
    this.#actions[slot] = step.action;
    this.#rewards[slot] = step.reward;
    this.#ends[slot] = step.terminated ? terminated : step.truncated ? truncated : running;
    this.#tree?.set(slot, this.#largestPriority);
    this.#numAdded++;
  }

  /**
   * Draws as many samples as the batch has room for, with replacement.
   *
   * @param out is filled
   * @param stream draws
   * @throws E_REPLAY_EMPTY if no step can be sampled yet
   */
  sample(out: Batch, stream: Stream): void {
    const size = out.actionTm1.length;
    for (let place = 0; place < size; place++) {
      const at = this.#draw(place, size, stream);
      out.slots[place] = at % this.#options.capacity;
      this.read(at, place, out);
    }
    this.#weigh(out);
  }

  /** Whether the step ever added as the `at`-th, from 0, can be sampled. */
  isValid(at: number): boolean {
    const { capacity, nStep, frameStack } = this.#options;
    const oldest = Math.max(0, this.#numAdded - capacity);
    if (at < oldest || at >= this.#numAdded) return false;
    for (let back = 1; back < frameStack; back++) {
      const before = at - back;
      if (before < 0 || (before >= oldest && this.#ends[before % capacity] !== running)) break;
      if (before < oldest) return false;
    }
    for (let ahead = 0; ahead < nStep; ahead++) {
      if (at + ahead >= this.#numAdded) return false;
      const end = this.#ends[(at + ahead) % capacity];
      if (end === terminated) return true;
      if (end === truncated) return false;
    }
    return at + nStep < this.#numAdded;
  }

  /** Writes the `at`-th step ever added, which must be valid, to a place of a batch. */
  read(at: number, place: number, out: Batch): void {
    const { capacity, nStep, discount } = this.#options;
    let factor = 1;
    let sum = 0;
    let length = 0;
    let isOver = false;
    while (length < nStep && !isOver) {
      const slot = (at + length) % capacity;
      sum += factor * this.#rewards[slot];
      factor *= discount;
      length++;
      isOver = this.#ends[slot] === terminated;
    }
    out.actionTm1[place] = this.#actions[at % capacity];
    out.rewardT[place] = sum;
    out.discountT[place] = isOver ? 0 : factor;
    this.#readObservation(at, place, out.observationTm1, out.pixelScale);
    if (isOver) this.#clearObservation(place, out.observationT);
    else this.#readObservation(at + length, place, out.observationT, out.pixelScale);
  }

  /** Sets priorities by the losses of a batch just sampled. */
  updatePriorities({ slots }: Pick<Batch, "slots">, losses: ArrayLike<number>): void {
    if (this.#tree === null) return;
    for (let place = 0; place < slots.length; place++) {
      const priority = Math.sqrt(losses[place] + 1e-10);
      this.#tree.set(slots[place], priority);
      this.#largestPriority = Math.max(this.#largestPriority, priority);
    }
  }

  save(): SavedReplay {
    const { size } = this;
    const tree = this.#tree;
    const { blocks, loose } = this.#parts(this.#numAdded);
    const byName = new Map(blocks.map((steps) => [nameOf(steps), steps]));
    const priorities = () =>
      hostArray(
        Float64Array.from({ length: size }, (_, slot) => tree!.get(slot)),
        [size],
      );
    return {
      arrays: {
        loose: loose.map((steps) => copyOf(this.#view(steps))),
        ...(tree === null ? {} : { priorities: priorities() }),
      },
      segments: {
        names: [...byName.keys()],
        read: async (name) => this.#view(byName.get(name)!),
      },
      json: { numAdded: this.#numAdded, largestPriority: this.#largestPriority },
    };
  }

  /** Goes on from what {@link save} gave under the same options. */
  async restore({ arrays, segments, json }: SavedReplay): Promise<void> {
    const { blocks, loose } = this.#parts(json.numAdded);
    loose.forEach((steps, index) => this.#restore(steps, arrays.loose[index]));
    for (const steps of blocks) this.#restore(steps, await segments.read(nameOf(steps)));
    const priorities = arrays.priorities?.data as Float64Array | undefined;
    priorities?.forEach((priority, slot) => this.#tree?.set(slot, priority));
    this.#numAdded = json.numAdded;
    this.#largestPriority = json.largestPriority;
  }

  #parts(numAdded: number): RingParts {
    const { capacity, blockBytes = replayBlockBytes } = this.#options;
    const length = Math.max(1, Math.floor(blockBytes / stepBytes(this.#options)));
    return partsOfRing(numAdded, { capacity, length });
  }

  #view({ first, end }: Steps): StepArrays {
    const [slot, count] = [first % this.#options.capacity, end - first];
    const view = (data: Uint8Array | Float32Array): HostArray =>
      hostArray(data.subarray(slot, slot + count), [count]);
    return {
      frames: this.#frames.view(slot, count),
      actions: view(this.#actions),
      rewards: view(this.#rewards),
      ends: view(this.#ends),
    };
  }

  #restore({ first }: Steps, { frames, actions, rewards, ends }: StepArrays): void {
    const slot = first % this.#options.capacity;
    this.#frames.restore(slot, frames);
    this.#actions.set(actions.data as Uint8Array, slot);
    this.#rewards.set(rewards.data as Float32Array, slot);
    this.#ends.set(ends.data as Uint8Array, slot);
  }

  /** A step to sample for one place: from its share of the priorities, or from anywhere. */
  #draw(place: number, places: number, stream: Stream): number {
    const oldest = this.#numAdded - this.size;
    const { capacity } = this.#options;
    const tree = this.#tree;
    for (let attempt = 0; attempt < 10_000; attempt++) {
      let at: number;
      if (tree === null) {
        at = oldest + stream.below(Math.max(1, this.size));
      } else {
        const share = attempt === 0 ? (place + stream.uniform()) / places : stream.uniform();
        const slot = tree.find(share * tree.total);
        at = oldest + ((slot - (oldest % capacity) + capacity) % capacity);
      }
      if (this.isValid(at)) return at;
    }
    throw new InputError(
      "E_REPLAY_EMPTY",
      `Replay.sample: needs a step whose ${this.#options.nStep} following steps are stored; got ` +
        `${this.size} steps; start learning later`,
    );
  }

  #weigh({ slots, weights }: Batch): void {
    const tree = this.#tree;
    if (tree === null) {
      weights.fill(1 / slots.length);
      return;
    }
    let largest = 0;
    for (let place = 0; place < slots.length; place++) {
      const weight = 1 / Math.sqrt(tree.get(slots[place]) + 1e-10);
      weights[place] = weight;
      largest = Math.max(largest, weight);
    }
    for (let place = 0; place < slots.length; place++) weights[place] /= largest * slots.length;
  }

  #readObservation(at: number, place: number, out: Float32Array, scale: number): void {
    const { capacity, frameSize, frameStack } = this.#options;
    const first = place * frameSize * frameStack;
    let isBefore = false;
    for (let back = 0; back < frameStack; back++) {
      const source = at - back;
      if (back > 0 && (source < 0 || this.#ends[source % capacity] !== running)) isBefore = true;
      const target = first + (frameStack - 1 - back) * frameSize;
      if (isBefore) {
        out.fill(0, target, target + frameSize);
        continue;
      }
      this.#frames.read(source % capacity, out, target, scale);
    }
  }

  #clearObservation(place: number, out: Float32Array): void {
    const size = this.#options.frameSize * this.#options.frameStack;
    out.fill(0, place * size, (place + 1) * size);
  }
}

/** The name of a block's segment. */
function nameOf({ first, end }: Steps): string {
  return `replay-${first}-${end}`;
}

/** Arrays that no longer change with those they are views of. */
export function copyOf(arrays: StepArrays): StepArrays {
  const copies = Object.entries(arrays).map(([name, { data, shape }]) => [
    name,
    hostArray(data.slice(), shape),
  ]);
  return Object.fromEntries(copies) as StepArrays;
}

/** Bytes of a step: its frame, its action, reward and end. */
function stepBytes(options: Pick<ReplayOptions, "frameSize" | "bitsPerPixel">): number {
  return frameBytes(options) + 6;
}

/** Bytes that a replay of these options takes. */
export function replayBytes(
  options: Pick<ReplayOptions, "capacity" | "frameSize" | "bitsPerPixel" | "prioritized">,
): number {
  const { capacity, prioritized } = options;
  const treeBytes = prioritized ? 16 * 2 ** Math.ceil(Math.log2(Math.max(1, capacity))) : 0;
  return capacity * stepBytes(options) + treeBytes;
}
