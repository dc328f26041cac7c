/** Samples that a trace has at most when it travels. */
const mostSamples = 2000;

/** A trace of counts a millisecond, summed over as many of them as makes it short enough to keep. */
export function binnedTrace(perMs: readonly number[]): {
  readonly trace: readonly number[];
  readonly sampleMs: number;
} {
  const sampleMs = Math.max(1, Math.ceil(perMs.length / mostSamples));
  const trace: number[] = [];
  for (let n = 0; n < perMs.length; n += sampleMs) {
    const part = perMs.slice(n, n + sampleMs);
    // the last bin may be short: as if it had gone on
    trace.push((part.reduce((sum, counts) => sum + counts, 0) * sampleMs) / part.length);
  }
  return { trace, sampleMs };
}
