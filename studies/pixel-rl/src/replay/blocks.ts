/** Steps from `first` up to and without `end`, counted from the first ever added. */
export interface Steps {
  readonly first: number;
  readonly end: number;
}

/** How the steps that a ring holds are saved. */
export interface RingParts {
  /** Full blocks: side by side in the ring, and never changed until they are overwritten. */
  readonly blocks: readonly Steps[];
  /** The steps in no full block: the oldest and the newest, each side by side in the ring. */
  readonly loose: readonly Steps[];
}

/**
 * Parts a ring of `capacity` slots, to which `numAdded` steps were added, into blocks of `length`
 * steps; the last block of every lap around the ring is shorter where the length does not divide it.
 */
export function partsOfRing(
  numAdded: number,
  { capacity, length }: { readonly capacity: number; readonly length: number },
): RingParts {
  const oldest = Math.max(0, numAdded - capacity);
  const blocks: Steps[] = [];
  const loose: Steps[] = [];
  let first = oldest;
  while (first < numAdded) {
    const lap = Math.floor(first / capacity) * capacity;
    const start = lap + Math.floor((first - lap) / length) * length;
    const end = Math.min(start + length, lap + capacity);
    if (start === first && end <= numAdded) blocks.push({ first, end });
    else loose.push({ first, end: Math.min(end, numAdded) });
    first = end;
  }
  return { blocks, loose };
}
