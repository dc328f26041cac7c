import { hostArray, type HostArray } from "@quadrivium/core";
import type { Transition } from "../data/transition.js";
import type { LearningSet } from "./learning-set.js";
import { relativeBeam, type BeamReference } from "./rate-model.js";

/** The data's own beam: its geometric mean current and its mean voltage. */
export function referenceBeam(
  transitions: readonly Transition[],
  linearInCurrent: boolean,
): BeamReference {
  const mean = (read: (transition: Transition) => number): number =>
    transitions.reduce((sum, transition) => sum + read(transition), 0) / transitions.length;
  return {
    currentNanoA: Math.exp(mean((t) => Math.log(t.currentNanoA))),
    voltageKv: mean((t) => t.voltageKv),
    linearInCurrent,
  };
}

/** Beam settings of every sample as a network sees them, and what multiplies its rates. */
export function relativeBeams(
  { size, currentNanoA, voltageKv }: LearningSet,
  reference: BeamReference,
): { readonly settings: HostArray<Float32Array>; readonly relativeCurrent: Float64Array } {
  const settings = new Float32Array(2 * size);
  const relativeCurrent = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const relative = relativeBeam(
      { currentNanoA: currentNanoA[row], voltageKv: voltageKv[row] },
      reference,
    );
    relativeCurrent[row] = relative.factor;
    settings.set(relative.settings, 2 * row);
  }
  return { settings: hostArray(settings, [size, 2]), relativeCurrent };
}

/** Hops farther than this are told apart at most. */
const mostHops = 4;

/**
 * How many hops from silicon outcomes should be told apart: so many that at most one sample in two
 * hundred lies beyond.
 */
export function hopsToResolve(
  transitions: readonly Transition[],
  setOf: (maxHops: number) => LearningSet,
): number {
  for (let maxHops = 2; maxHops < mostHops; maxHops++) {
    const { size, numSites, outcome } = setOf(maxHops);
    let outside = 0;
    for (let row = 0; row < size; row++) outside += outcome[row * (numSites + 1) + numSites];
    if (outside <= transitions.length / 200) return maxHops;
  }
  return mostHops;
}
