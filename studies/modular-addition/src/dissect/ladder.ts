import { split, type Key } from "@quadrivium/core";
import { homogeneity } from "../pair-net/activation.js";
import type { DenseMap, PairNet, PairRows } from "../pair-net/pair-net.js";
import { logitRows } from "../pair-net/pair-rows.js";
import { firstOrderSubstitute, permutePhases, wrongFrequencies } from "./controls.js";
import type { FittedLayer } from "./fitted-layer.js";
import type { NeuronFit } from "./neuron-fit.js";
import { readoutSpectrum, readoutWave } from "./readout-fit.js";
import { agreement, scorePairs, summarizeScores, type PairScores, type Score } from "./score.js";
import { foldFrequency, modes, type Mode } from "./spectrum.js";
import { project, substituteRows, type Substitute } from "./substitute.js";

/** Names of the rungs, from the unchanged network to the ideal one, then the two controls. */
export const rungIds = [
  "s0",
  "s1",
  "s1u",
  "s1i",
  "s1h",
  "sAdd",
  "s2",
  "s2d",
  "s2dh",
  "sK",
  "wrongFrequency",
  "permutedPhases",
] as const;

export type RungId = (typeof rungIds)[number];

/** What each rung puts in place of every neuron's preactivation. */
export const rungMeanings: { readonly [Id in RungId]: string } = {
  s0: "the network itself",
  s1: "mean and one frequency in a and in b, own amplitudes",
  s1u: "the same with one common amplitude for a and b",
  s1i: "ideal simple neuron: no mean, one gain, output phase the sum of the input phases",
  s1h: "mean, one frequency and its double, in a and in b",
  sAdd: "everything that is additive in a and b",
  s2: "as s1, with the wave of a+b",
  s2d: "as s2, with the wave of a-b",
  s2dh: "as s2d, with the double frequency",
  sK: "all waves of all key frequencies",
  wrongFrequency: "control: as s1 at a wrong frequency drawn for each neuron",
  permutedPhases: "control: as s1 with the phases shuffled among the neurons of a frequency",
};

/** The outcome of one substitution. */
export interface Rung extends Score {
  readonly id: RungId;
  /** Share of pairs with the prediction of the unchanged network. */
  readonly agreement: number;
  /** Mean margin over the mean margin of the unchanged network. */
  readonly marginRetained: number;
}

const firstOrder: readonly Mode[] = ["left", "right"];

/** What a rung puts in place of a layer's preactivations. */
export function rungSubstitute(
  id: Exclude<RungId, "s0" | "s1i">,
  layer: FittedLayer,
  key: Key,
): Substitute {
  const { spectrum, fits } = layer;
  const all = Array.from({ length: spectrum.numFrequencies }, (_, index) => index + 1);
  // A neuron that never fires keeps its mean alone.
  const ifAlive =
    (frequencies: (j: number) => readonly number[]) =>
    (j: number): readonly number[] =>
      fits[j].alive ? frequencies(j) : [];
  const own = ifAlive((j) => [fits[j].f]);
  const withDouble = ifAlive((j) => {
    const double = foldFrequency(2 * fits[j].f, spectrum.modulus);
    return double === 0 ? [fits[j].f] : [fits[j].f, double];
  });
  switch (id) {
    case "s1":
      return project(spectrum, { modes: firstOrder, frequencies: own });
    case "s1u":
      return firstOrderSubstitute(withCommonAmplitude(fits), spectrum.modulus);
    case "s1h":
      return project(spectrum, { modes: firstOrder, frequencies: withDouble });
    case "sAdd":
      return project(spectrum, { modes: firstOrder, frequencies: ifAlive(() => all) });
    case "s2":
      return project(spectrum, { modes: [...firstOrder, "sum"], frequencies: own });
    case "s2d":
      return project(spectrum, { modes, frequencies: own });
    case "s2dh":
      return project(spectrum, { modes, frequencies: withDouble });
    case "sK":
      return project(spectrum, { modes, frequencies: ifAlive(() => layer.keyFrequencies) });
    case "wrongFrequency":
      return wrongFrequencies(layer, split(key, 2)[0]);
    case "permutedPhases":
      return permutePhases(layer, split(key, 2)[1]);
  }
}

/** The fits with their amplitudes in `a` and `b` replaced by the mean, the least-squares choice. */
function withCommonAmplitude(fits: readonly NeuronFit[]): NeuronFit[] {
  return fits.map((fit) => {
    const amplitude = (fit.ampA + fit.ampB) / 2;
    return { ...fit, ampA: amplitude, ampB: amplitude };
  });
}

/**
 * The fully ideal layer: preactivation $A[\cos(\theta_a+\varphi_a)+\cos(\theta_b+\varphi_b)]$ with
 * one amplitude, and a read-out row that is one wave of the same frequency with phase
 * $\varphi_a+\varphi_b$, as strong as the real row is along it.
 */
function idealLayer(layer: FittedLayer, readout: DenseMap): { rows: PairRows; readout: DenseMap } {
  const { modulus } = layer.spectrum;
  const ideal = withCommonAmplitude(layer.fits).map((fit) => ({ ...fit, dc: 0 }));
  const rowsOut = readoutSpectrum(readout);
  const weight = new Float64Array(readout.weight.length);
  for (const { id, alive, f, phiA, phiB } of ideal) {
    if (!alive) continue;
    const out = readoutWave(rowsOut, f, id);
    const gain = out.amplitude * Math.cos(out.phase - phiA - phiB);
    for (let c = 0; c < modulus; c++) {
      const angle = (2 * Math.PI * ((f * c) % modulus)) / modulus;
      weight[id * modulus + c] = gain * Math.cos(angle + phiA + phiB);
    }
  }
  return {
    rows: substituteRows(firstOrderSubstitute(ideal, modulus)),
    readout: { ...readout, weight },
  };
}

/**
 * Replaces the preactivations of all neurons of one hidden layer at once, in ever simpler ways, and
 * asks how much of the network's behaviour is left.
 *
 * Neurons that never fire keep their mean alone. The controls keep amplitudes and read-out and destroy
 * frequency or phase: where they do not collapse, a high agreement means nothing.
 *
 * @param original pair scores of the unchanged network
 */
export function substitutionLadder(
  net: PairNet,
  layer: FittedLayer,
  { original, key }: { readonly original: PairScores; readonly key: Key },
): Rung[] {
  const base = summarizeScores(original);
  const rung = (id: RungId, scores: PairScores): Rung => {
    const score = summarizeScores(scores);
    return {
      id,
      ...score,
      agreement: agreement(scores.predictions, original.predictions),
      marginRetained: score.marginMean / base.marginMean,
    };
  };
  const isLast = layer.index === net.hiddenLayers.length;
  // Without second-order energy these rungs put the same preactivations in place.
  const isAdditive = net.firstLayer.kind === "tables" && layer.index === 0;
  const hasAllFrequencies = layer.keyFrequencies.length === layer.spectrum.numFrequencies;
  const twins = hasAllFrequencies ? { ...additiveTwins, sK: "s0" as const } : additiveTwins;
  const done = new Map<RungId, PairScores>([["s0", original]]);
  const scoresOf = (id: RungId): PairScores | null => {
    const twin = isAdditive ? twins[id] : undefined;
    if (twin !== undefined) return done.get(twin)!;
    if (id === "s0") return original;
    if (id !== "s1i") {
      return scorePairs(
        logitRows(net, substituteRows(rungSubstitute(id, layer, key)), layer.index),
      );
    }
    if (!isLast || homogeneity(net.activation) === null) return null;
    const ideal = idealLayer(layer, net.readout);
    return scorePairs(logitRows({ ...net, readout: ideal.readout }, ideal.rows, layer.index));
  };
  return rungIds.flatMap((id): Rung[] => {
    const scores = scoresOf(id);
    if (scores === null) return [];
    done.set(id, scores);
    return [rung(id, scores)];
  });
}

/** The earlier rung that another one repeats where preactivations are additive. */
const additiveTwins: { readonly [Id in RungId]?: RungId } = {
  sAdd: "s0",
  s2: "s1",
  s2d: "s1",
  s2dh: "s1h",
};
