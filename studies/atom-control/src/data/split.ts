import { random, streamOf, type Key } from "@quadrivium/core";
import type { Transition } from "./transition.js";

/** Indices of samples to fit to and to judge by. */
export interface Split {
  readonly train: Int32Array;
  readonly heldOut: Int32Array;
}

/** Fewer trajectories than this are cut into as many blocks of successive samples. */
const fewestGroups = 20;

/**
 * Which samples belong together: those of one trajectory, or, where there are few trajectories,
 * blocks of successive samples, since one trajectory can neither be resampled nor held out.
 *
 * @returns the group of each sample, numbered from 0
 */
export function independentGroups(transitions: readonly Transition[]): Int32Array {
  const numbers = new Map<number, number>();
  for (const { trajectory } of transitions) {
    if (!numbers.has(trajectory)) numbers.set(trajectory, numbers.size);
  }
  if (numbers.size >= fewestGroups) {
    return Int32Array.from(transitions, ({ trajectory }) => numbers.get(trajectory)!);
  }
  const numBlocks = Math.min(fewestGroups, transitions.length);
  const order = [...transitions.keys()].sort(
    (a, b) =>
      transitions[a].trajectory - transitions[b].trajectory ||
      transitions[a].step - transitions[b].step,
  );
  const groups = new Int32Array(transitions.length);
  order.forEach((row, place) => {
    groups[row] = Math.floor((place * numBlocks) / transitions.length);
  });
  return groups;
}

/**
 * Holds whole groups out, at random, until they are `share` of the groups.
 *
 * @param groups the group of each sample, numbered from 0
 */
export function holdOut(groups: Int32Array, share: number, key: Key): Split {
  const numGroups = groups.reduce((most, group) => Math.max(most, group + 1), 0);
  const isOut = new Uint8Array(numGroups);
  const numOut = share === 0 ? 0 : Math.max(1, Math.round(share * numGroups));
  for (const group of random.permutation(key, numGroups).subarray(0, numOut)) isOut[group] = 1;
  const rows = Int32Array.from(groups.keys());
  return {
    train: rows.filter((row) => isOut[groups[row]] === 0),
    heldOut: rows.filter((row) => isOut[groups[row]] === 1),
  };
}

/**
 * How often each sample is drawn in each of several bootstraps of whole groups.
 *
 * @param groups the group of each sample; numbers may be missing
 * @returns @shape [numMembers, samples]
 */
export function bootstrapWeights(groups: Int32Array, numMembers: number, key: Key): Float32Array {
  const present = [...new Set(groups)];
  const stream = streamOf(key);
  const weights = new Float32Array(numMembers * groups.length);
  for (let member = 0; member < numMembers; member++) {
    const counts = new Map<number, number>();
    for (let draw = 0; draw < present.length; draw++) {
      const group = present[stream.below(present.length)];
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    groups.forEach((group, row) => {
      weights[member * groups.length + row] = counts.get(group) ?? 0;
    });
  }
  return weights;
}
