import { streamOf, type Key } from "@quadrivium/core";

/** Half of the indices, drawn without replacement. */
export function randomHalf(all: readonly number[], key: Key): number[] {
  const stream = streamOf(key);
  const indices = [...all];
  const count = Math.floor(all.length / 2);
  for (let i = 0; i < count; i++) {
    const j = i + stream.below(all.length - i);
    [indices[i], indices[j]] = [indices[j]!, indices[i]!];
  }
  return indices.slice(0, count);
}

/**
 * Interval from estimates on random halves: their scatter about the whole's estimate is that of the
 * whole itself.
 */
export function halfInterval(whole: number, parts: readonly number[]): readonly [number, number] {
  const mean = parts.reduce((a, b) => a + b) / parts.length;
  const variance = parts.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (parts.length - 1);
  const reach = 1.96 * Math.sqrt(variance);
  return [whole - reach, whole + reach];
}
