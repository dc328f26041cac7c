import { foldIn, key, type Key } from "@quadrivium/core";

/** Levels to learn on, or levels that nothing was learned on. */
export type LevelPart = "training" | "held-out";

/**
 * The first `count` levels of a part. A level's key decides the rules and the looks of its games.
 *
 * The parts share no level, however many are taken: training levels are the even children of the
 * seed's key and held-out ones the odd, and children of one key differ.
 *
 * @param options.seed decides the levels: equal seeds give equal levels
 */
export function levelsOf(
  part: LevelPart,
  { seed, count }: { readonly seed: number; readonly count: number },
): Key[] {
  const parent = key(seed);
  const offset = part === "training" ? 0 : 1;
  return Array.from({ length: count }, (_, index) => foldIn(parent, 2 * index + offset));
}
