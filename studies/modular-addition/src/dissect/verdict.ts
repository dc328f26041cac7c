import type { Certificate } from "../program/certify.js";
import type { Score } from "./score.js";

/** What the evidence allows to say about a network. */
export type VerdictLabel =
  /** Every gate passed: the network runs the approximate Chinese remainder algorithm. */
  | "aCRT-CONFIRMED"
  /** Every gate passed but that a share of 75 to 85 % of the energy is simple. */
  | "aCRT-CONFIRMED-WEAK"
  /** It works, or nearly, and some gates failed. */
  | "PARTIAL"
  /** Right on what it was trained on, wrong on the pairs held out or on a + b. */
  | "MEMORISING"
  | "NOT-SOLVED"
  /** Right on all pairs, by neurons that are not simple. */
  | "SOLVED-BUT-NOT-aCRT";

/** One condition of the verdict, with everything needed to check it. */
export interface Gate {
  readonly id: "G1" | "G2" | "G3" | "G4" | "G5" | "G6";
  /** The number tested; null where it could not be computed. */
  readonly value: number | null;
  /** The rule in words. */
  readonly threshold: string;
  readonly pass: boolean;
  /** What was measured, in one sentence. */
  readonly reason: string;
}

export interface Verdict {
  readonly label: VerdictLabel;
  readonly gates: readonly Gate[];
  /** What a reader must know to read the label rightly; empty where nothing stands out. */
  readonly notes: readonly string[];
}

/** The measurements that the verdict rests on. */
export interface Evidence {
  readonly all: Score;
  readonly train?: Score;
  readonly test?: Score;
  /** The layer judged, counted from 1, of how many. */
  readonly layer: number;
  readonly numLayers: number;
  /** Whether the network attends: then waves of a+b and a-b count, and S2d is tested. */
  readonly hasAttention: boolean;
  /** Energy-weighted shares over the layer's alive neurons. */
  readonly r1: number;
  readonly r2: number;
  readonly s1Accuracy: number;
  readonly s1Agreement: number;
  readonly s2dAgreement: number;
  readonly wrongFrequencyAgreement: number;
  readonly permutedPhasesAgreement: number;
  /** Share of last-layer alive neurons with $f_{out}=f$ and a phase error below 0.3. */
  readonly phaseRuleShare: number;
  /** Share of last-layer cluster energy in clusters whose clock-form share is at least .6. */
  readonly clockShare: number;
  readonly numFrequencies: number;
  readonly certificate: Certificate;
  /** Share of pairs on which the prediction is a fixed relabelling of a+b. */
  readonly relabelledShare: number;
  /** Share of trained pairs on which the prediction is their label; known labels other than a+b only. */
  readonly labelledShare?: number;
}

/** Thresholds of the gates. */
export const gateThresholds = {
  accuracy: 0.999,
  r1: 0.85,
  /** From here up to `r1` the confirmation is called weak. */
  r1Weak: 0.75,
  agreement: 0.99,
  phaseRuleShare: 0.95,
  clockShare: 0.8,
  control: 0.5,
} as const;

/** Judges a network by six gates; see {@link Gate} and {@link gateThresholds}. */
export function judge(evidence: Evidence): Verdict {
  const gates = [
    accuracyGate(evidence),
    energyGate(evidence),
    substitutionGate(evidence),
    readoutGate(evidence),
    controlGate(evidence),
    clusterGate(evidence),
  ];
  return { label: labelOf(evidence, gates), gates, notes: notesOf(evidence) };
}

function labelOf(evidence: Evidence, gates: readonly Gate[]): VerdictLabel {
  const { all, train, test } = evidence;
  const failed = gates.filter((gate) => !gate.pass).map((gate) => gate.id);
  const energy = energyShare(evidence);
  if (failed.length === 0) return "aCRT-CONFIRMED";
  if (failed.includes("G1")) {
    const isTrained = train !== undefined && test !== undefined;
    const hasMemorized = isTrained && train.accuracy >= 0.99 && test.accuracy < 0.9;
    if (hasMemorized || saysOtherLabels(evidence)) return "MEMORISING";
    return all.accuracy < 0.9 ? "NOT-SOLVED" : "PARTIAL";
  }
  if (energy < gateThresholds.r1Weak) return "SOLVED-BUT-NOT-aCRT";
  return failed.length === 1 && failed[0] === "G2" ? "aCRT-CONFIRMED-WEAK" : "PARTIAL";
}

/** Whether the network says what it was trained to say, and that is not a + b. */
function saysOtherLabels({ all, labelledShare }: Evidence): boolean {
  return labelledShare !== undefined && labelledShare >= 0.99 && all.accuracy < 0.9;
}

function notesOf(evidence: Evidence): string[] {
  const notes: string[] = [];
  if (evidence.all.accuracy < 0.999 && evidence.relabelledShare >= 0.999) {
    notes.push(
      "the predictions are a fixed relabelling of a+b: the outputs are shuffled, and against a+b itself the network is wrong",
    );
  }
  if (saysOtherLabels(evidence)) {
    notes.push("the labels that the network was trained on are not a+b, and it says them");
  }
  if (evidence.numLayers > 1) {
    notes.push(
      `G2, G3 and G5 are read on hidden layer ${evidence.layer} of ${evidence.numLayers}, the one with the largest share of simple energy; G4 is read on layer ${evidence.numLayers}, which alone writes to the logits`,
    );
  }
  if (evidence.s1Accuracy > evidence.all.accuracy + 0.1) {
    notes.push(
      `the substituted network (S1) is more accurate than the network itself, ${percent(evidence.s1Accuracy)} against ${percent(evidence.all.accuracy)}: the algorithm is latent in the weights, not what the network does`,
    );
  }
  return notes;
}

/** The share of energy that the theory accounts for: first order, with attention also second. */
function energyShare({ hasAttention, r1, r2 }: Evidence): number {
  return hasAttention ? r1 + r2 : r1;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0.99 ? 2 : 1)} %`;
}

function accuracyGate({ all, test }: Evidence): Gate {
  const value = Math.min(all.accuracy, test?.accuracy ?? 1);
  const heldOut =
    test === undefined ? "no split was given" : `${percent(test.accuracy)} on held-out pairs`;
  return {
    id: "G1",
    value,
    threshold: `accuracy ≥ ${gateThresholds.accuracy} on all pairs, and on held-out pairs where a split is given`,
    pass: value >= gateThresholds.accuracy,
    reason: `${percent(all.accuracy)} of all pairs are right; ${heldOut}`,
  };
}

function energyGate(evidence: Evidence): Gate {
  const value = energyShare(evidence);
  const what = evidence.hasAttention ? "R1 + R2" : "R1";
  return {
    id: "G2",
    value,
    threshold: `energy-weighted ${what} ≥ ${gateThresholds.r1} (weak from ${gateThresholds.r1Weak})`,
    pass: value >= gateThresholds.r1,
    reason: `${percent(value)} of the alive preactivation energy of hidden layer ${evidence.layer} lies in one frequency a neuron`,
  };
}

function substitutionGate(evidence: Evidence): Gate {
  const { hasAttention, s1Agreement, s2dAgreement } = evidence;
  const value = hasAttention ? s2dAgreement : s1Agreement;
  const rung = hasAttention ? "S2d" : "S1";
  return {
    id: "G3",
    value,
    threshold: `${rung} agreement ≥ ${gateThresholds.agreement}`,
    pass: value >= gateThresholds.agreement,
    reason: `with every neuron replaced by its ${rung} fit, ${percent(value)} of the predictions stay`,
  };
}

function readoutGate({ phaseRuleShare, clockShare, numLayers }: Evidence): Gate {
  const byPhase = phaseRuleShare >= gateThresholds.phaseRuleShare;
  return {
    id: "G4",
    value: byPhase ? phaseRuleShare : clockShare,
    threshold: `phase rule for ≥ ${gateThresholds.phaseRuleShare} of alive neurons, or clock form ≥ .6 on ≥ ${gateThresholds.clockShare} of cluster energy`,
    pass: byPhase || clockShare >= gateThresholds.clockShare,
    reason: `${percent(phaseRuleShare)} of the alive neurons of hidden layer ${numLayers} obey the phase rule; ${percent(clockShare)} of its energy writes the clock form`,
  };
}

function controlGate({ wrongFrequencyAgreement, permutedPhasesAgreement }: Evidence): Gate {
  const value = Math.max(wrongFrequencyAgreement, permutedPhasesAgreement);
  return {
    id: "G5",
    value,
    threshold: `both controls' agreement < ${gateThresholds.control}`,
    pass: value < gateThresholds.control,
    reason: `agreement falls to ${percent(wrongFrequencyAgreement)} at wrong frequencies and to ${percent(permutedPhasesAgreement)} with shuffled phases`,
  };
}

function clusterGate({ numFrequencies, certificate }: Evidence): Gate {
  const isCertified = numFrequencies === 1 && certificate.proved;
  return {
    id: "G6",
    value: numFrequencies,
    threshold: "≥ 2 frequencies with over 1 % of the energy, or one with a certificate",
    pass: numFrequencies >= 2 || isCertified,
    reason:
      `${numFrequencies} ${numFrequencies === 1 ? "frequency holds" : "frequencies hold"} more than 1 % of the alive energy each` +
      (isCertified ? "; the extracted program is proved right on all pairs" : ""),
  };
}
