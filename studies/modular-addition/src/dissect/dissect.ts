import { InputError, key as keyOf, split, type Key } from "@quadrivium/core";
import { certifyProgram, type Certificate } from "../program/certify.js";
import { certifyNetwork, type NetworkCertificate } from "../program/certify-network.js";
import { extractProgram } from "../program/extract.js";
import { meanField, type MeanField } from "../program/mean-field.js";
import type { Program } from "../program/program.js";
import { hiddenWidths, type PairNet } from "../pair-net/pair-net.js";
import { logitRows, pairGrid, preactivationRows, rowsOfGrid } from "../pair-net/pair-rows.js";
import { clusterAblation, type ClusterAblation } from "./ablation.js";
import {
  contributionGrid,
  lastLayer,
  reportContribution,
  type ContributionReport,
} from "./contributions.js";
import { distanceIrrelevance } from "./distance-irrelevance.js";
import { viewClusters, type ClusterView } from "./cluster-view.js";
import { fitLayer, type FittedLayer } from "./fitted-layer.js";
import { fourierLosses, type FourierLosses } from "./fourier-losses.js";
import { baselineRows, gridOfRows, GridScorer } from "./grid-scorer.js";
import type { Rung, RungId } from "./ladder.js";
import { reportLayer, type LayerReport } from "./layer-report.js";
import { cumulativeSubstitution, type CumulativeStep } from "./cumulative.js";
import { reportNeurons, type NeuronReport } from "./neuron-report.js";
import { nullSelectivity, type NullSelectivity } from "./null-selectivity.js";
import type { DissectOptions } from "./options.js";
import { fitReadout, readoutSpectrum, type ReadoutFit } from "./readout-fit.js";
import { relabelledShare } from "./relabelling.js";
import { marginQuantiles, scorePairs, summarizeScores, type Score } from "./score.js";
import { meanActivations } from "./mean-activations.js";
import { meanOf } from "./summary.js";
import { judge, type Evidence, type Verdict } from "./verdict.js";

/** Everything the pipeline finds out about one network. Plain data. */
export interface Dissection extends Score {
  readonly modulus: number;
  readonly description: string;
  readonly activation: PairNet["activation"];
  /** Share of learned attention; null for networks without attention. */
  readonly attentionRate: number | null;
  readonly marginQuantiles: ReturnType<typeof marginQuantiles>;
  /** Present where a split was given. */
  readonly train?: Score;
  readonly test?: Score;
  /** First hidden layer, as {@link LayerReport} has it; the counts most readers look for. */
  readonly aliveNeurons: number;
  readonly clusters: LayerReport["clusters"];
  readonly numFrequencies: number;
  readonly frequencies: readonly number[];
  readonly r1Mean: number;
  /** Substitutions in the layer that the verdict judges: accuracy and agreement on all pairs. */
  readonly judgedLayer: number;
  readonly substitution: { readonly [Id in RungId]?: number };
  readonly agreement: { readonly [Id in RungId]?: number };
  readonly layers: readonly LayerReport[];
  /** Spectra and coset profiles of the first layer's frequencies. */
  readonly clusterViews: readonly ClusterView[];
  /** Layers replaced by S1, and by S2d, one after the other; empty with one hidden layer. */
  readonly cumulative: readonly CumulativeStep[];
  readonly nullSelectivity: NullSelectivity;
  /** Clusters of the last hidden layer. */
  readonly contributions: readonly ContributionReport[];
  readonly ablations: readonly ClusterAblation[];
  readonly fourierLosses: FourierLosses;
  readonly distanceIrrelevance: number;
  readonly meanField: MeanField;
  readonly program: Program;
  readonly certificate: Certificate;
  /** The same of the network itself; null where it is no MLP of elementary sums. */
  readonly networkCertificate: NetworkCertificate | null;
  readonly verdict: Verdict;
  readonly neurons: readonly NeuronReport[];
}

/**
 * Finds out which algorithm a network for $a+b \bmod n$ runs.
 *
 * Evaluates all pairs in float64; fits every neuron by Fourier analysis and sorts the neurons into
 * frequencies; measures coset profiles and what each frequency writes to the logits; replaces
 * neurons by their fits and by controls; ablates frequencies; extracts a standalone program, proves
 * it where it is right; and judges the whole by six gates.
 *
 * @returns plain data; every random control follows from the key
 * @source McCracken et al. 2025 (arXiv 2505.18266)
 */
export function dissect(net: PairNet, options: DissectOptions = {}): Dissection {
  const { modulus } = net;
  const [ladderKey, ablationKey, nullKey] = split(options.key ?? keyOf(0), 3) as [Key, Key, Key];
  const logits = pairGrid(logitRows(net));
  const original = scorePairs(rowsOfGrid(logits, modulus));
  const all = summarizeScores(original);
  const isTraining = trainingPairs(options.split, modulus);
  const fitted = hiddenWidths(net).map((_, index) => fitLayer(net, index));
  const last = fitted.at(-1)!;
  const readout = fitReadout(readoutSpectrum(net.readout), last.fits);
  const means = fitted.map(({ index }) =>
    meanActivations(preactivationRows(net, index), net.activation),
  );
  const neurons = fitted.map((layer, index) =>
    reportNeurons(layer, means[index], layer === last ? readout : undefined),
  );
  const layers = fitted.map((layer, index) =>
    reportLayer(net, layer, neurons[index], { original, key: ladderKey }),
  );
  const judged = layers.reduce((best, layer) =>
    layer.r1.weighted > best.r1.weighted ? layer : best,
  );
  const first = layers[0];
  const splitScores =
    isTraining === undefined
      ? {}
      : {
          train: summarizeScores(original, isTraining),
          test: summarizeScores(original, (pair) => !isTraining(pair)),
        };

  const outputs = lastLayer(net);
  const everyA = Array.from({ length: modulus }, (_, a) => a);
  const scorer = new GridScorer(modulus, everyA, {
    logits,
    baseline: gridOfRows(baselineRows(net), everyA),
  });
  const ablate = clusterAblation(outputs, last.clusters, { scorer, key: ablationKey });
  const ablations: ClusterAblation[] = [];
  const contribution = new Float64Array(modulus ** 3);
  const contributions = last.clusters.map((cluster) => {
    contributionGrid(outputs, { neurons: cluster.neurons, rowsOfA: everyA }, contribution);
    if (options.ablations !== false) ablations.push(ablate(cluster, contribution));
    return reportContribution(contribution, modulus, cluster.frequency);
  });
  const program = extractProgram(net, last, {
    // Only a first layer that adds up its operands is free of waves of a+b and a-b.
    secondOrder: net.attentionRate !== undefined || fitted.length > 1,
  });
  const certificate = certifyProgram(program);

  return {
    modulus,
    description: net.description,
    activation: net.activation,
    attentionRate: net.attentionRate ?? null,
    ...all,
    marginQuantiles: marginQuantiles(original),
    ...splitScores,
    aliveNeurons: first.aliveNeurons,
    clusters: first.clusters,
    numFrequencies: first.frequencies.length,
    frequencies: first.frequencies,
    r1Mean: first.r1.mean,
    judgedLayer: judged.layer,
    substitution: byRung(judged, (rung) => rung.accuracy),
    agreement: byRung(judged, (rung) => rung.agreement),
    layers,
    clusterViews: viewClusters(fitted[0], means[0]),
    cumulative:
      layers.length === 1
        ? []
        : cumulativeSubstitution(net, fitted[0], { original, key: ladderKey }),
    nullSelectivity: nullSelectivity(modulus, nullKey),
    contributions,
    ablations,
    fourierLosses: fourierLosses(logits, modulus, {
      keyFrequencies: first.frequencies,
      ...(isTraining === undefined ? {} : { isTraining }),
    }),
    distanceIrrelevance: distanceIrrelevance(logits, modulus),
    meanField: meanField(
      modulus,
      contributions.map(({ frequency, gain }) => ({ frequency, gain })),
    ),
    program,
    certificate,
    networkCertificate: certifyNetwork(net),
    verdict: judge({
      all,
      ...splitScores,
      layer: judged.layer,
      numLayers: layers.length,
      hasAttention: net.attentionRate !== undefined,
      r1: judged.r1.weighted,
      r2: judged.secondOrder.weighted,
      ...rungEvidence(judged),
      phaseRuleShare: phaseRuleShare(last, readout),
      clockShare: clockShare(last, contributions),
      numFrequencies: judged.frequencies.length,
      certificate,
      relabelledShare: relabelledShare(original.predictions, modulus),
      ...otherLabels(original.predictions, options.labels, isTraining),
    }),
    neurons: neurons.flat(),
  };
}

function trainingPairs(
  mask: ArrayLike<number> | undefined,
  modulus: number,
): ((pair: number) => boolean) | undefined {
  if (mask === undefined) return undefined;
  if (mask.length !== modulus ** 2) {
    throw new InputError(
      "E_SPLIT",
      `dissect: the split must have one entry for each of the ${modulus ** 2} pairs; got ${mask.length}`,
    );
  }
  const trained = Array.from(mask).filter((entry) => entry === 1).length;
  // A network trained on everything has no held-out pairs to speak of.
  return trained === 0 || trained === mask.length ? undefined : (pair) => mask[pair] === 1;
}

/** Share of trained pairs on which the network predicts their label, where labels are not a + b. */
function otherLabels(
  predictions: Int32Array,
  labels: ArrayLike<number> | undefined,
  isTraining: (pair: number) => boolean = () => true,
): Pick<Evidence, "labelledShare"> {
  if (labels === undefined) return {};
  if (labels.length !== predictions.length) {
    throw new InputError(
      "E_SPLIT",
      `dissect: labels must have one entry for each of the ${predictions.length} pairs; got ${labels.length}`,
    );
  }
  const n = Math.sqrt(predictions.length);
  const pairs = Array.from(predictions.keys());
  if (pairs.every((pair) => labels[pair] === (Math.floor(pair / n) + (pair % n)) % n)) return {};
  const said = pairs.filter(isTraining).map((pair) => (predictions[pair] === labels[pair] ? 1 : 0));
  return { labelledShare: meanOf(said) };
}

function byRung(
  { ladder }: LayerReport,
  value: (rung: Rung) => number,
): { readonly [Id in RungId]?: number } {
  return Object.fromEntries(ladder.map((rung) => [rung.id, value(rung)]));
}

function rungEvidence({
  ladder,
}: LayerReport): Pick<
  Evidence,
  | "s1Accuracy"
  | "s1Agreement"
  | "s2dAgreement"
  | "wrongFrequencyAgreement"
  | "permutedPhasesAgreement"
> {
  const rung = (id: RungId): Rung => ladder.find((rung) => rung.id === id)!;
  return {
    s1Accuracy: rung("s1").accuracy,
    s1Agreement: rung("s1").agreement,
    s2dAgreement: rung("s2d").agreement,
    wrongFrequencyAgreement: rung("wrongFrequency").agreement,
    permutedPhasesAgreement: rung("permutedPhases").agreement,
  };
}

/** Largest phase error, in radians, at which a neuron still obeys the phase rule. */
const phaseTolerance = 0.3;

function phaseRuleShare({ fits }: FittedLayer, readout: readonly ReadoutFit[]): number {
  const alive = fits.filter((fit) => fit.alive);
  return meanOf(
    alive.map(({ id, f }) => {
      const { fOut, phaseErr } = readout[id];
      return fOut === f && Math.abs(phaseErr) < phaseTolerance ? 1 : 0;
    }),
  );
}

/** Clock-form share from which a cluster's contribution counts as explained. */
const clockTolerance = 0.6;

function clockShare(
  { clusters }: FittedLayer,
  contributions: readonly ContributionReport[],
): number {
  return clusters.reduce(
    (sum, { energy }, index) =>
      contributions[index].clockFve >= clockTolerance ? sum + energy : sum,
    0,
  );
}
