import { streamOf, type Key } from "@quadrivium/core";

/** Which weights of a layer are kept: 1 for kept, 0 for none. */
export type LayerMask = Uint8Array;

/** How many of a layer's weights are kept. */
export function numKept(mask: LayerMask): number {
  return mask.reduce((sum, kept) => sum + kept, 0);
}

/** A mask that keeps `count` of `size` weights, each set of them equally likely. */
export function randomMask(key: Key, size: number, count: number): LayerMask {
  const mask = new Uint8Array(size);
  const stream = streamOf(key);
  // Selection sampling: of those left, each is taken with the chance that remains.
  let wanted = count;
  for (let i = 0; i < size; i++) {
    if (stream.uniform() * (size - i) < wanted) {
      mask[i] = 1;
      wanted--;
    }
  }
  return mask;
}

/** Keeps the `count` largest in size of the weights that the mask keeps. */
export function pruneMask(mask: LayerMask, weights: ArrayLike<number>, count: number): LayerMask {
  return largest(
    Float64Array.from(mask, (kept, i) => (kept === 1 ? Math.abs(weights[i]) : -1)),
    Math.min(count, numKept(mask)),
  );
}

/**
 * Exchanges weights: the `count` smallest of those kept are dropped, and as many of the others grow,
 * those with the largest gradient. What is dropped does not grow again at once.
 *
 * @source Evci et al. 2020, "Rigging the lottery", Algorithm 1
 */
export function exchangeMask(
  mask: LayerMask,
  given: {
    readonly weights: ArrayLike<number>;
    readonly gradient: ArrayLike<number>;
    readonly count: number;
  },
): LayerMask {
  const { weights, gradient } = given;
  const kept = numKept(mask);
  const count = Math.min(given.count, kept, mask.length - kept);
  const staying = pruneMask(mask, weights, kept - count);
  const growing = largest(
    Float64Array.from(mask, (isKept, i) => (isKept === 1 ? -1 : Math.abs(gradient[i]))),
    count,
  );
  return staying.map((stays, i) => stays | growing[i]);
}

/** Marks the `count` largest scores; of equal ones the first. */
function largest(scores: Float64Array, count: number): LayerMask {
  const mask = new Uint8Array(scores.length);
  if (count === 0) return mask;
  const bound = scores.toSorted()[scores.length - count];
  let ties = count;
  scores.forEach((score, i) => {
    if (score > bound) {
      mask[i] = 1;
      ties--;
    }
  });
  for (let i = 0; ties > 0; i++) {
    if (scores[i] === bound) {
      mask[i] = 1;
      ties--;
    }
  }
  return mask;
}
