import type { Transition } from "../data/transition.js";
import { bondLengthAngstrom, neighbourAngles, sameSite } from "../model/honeycomb.js";
import { outcomeProbabilities, type Outcome } from "../model/outcome-probabilities.js";
import { hopRates, type BeamSettings, type RateMap } from "../model/rate-map.js";
import { bestOffset, measuredOffsets } from "./best-offset.js";
import { learningSet } from "./learning-set.js";
import type { RateModel } from "./rate-model.js";

/** Probability below which an outcome counts as this likely, so that its logarithm is finite. */
const floor = 1e-9;

/** Where silicon may be after a transition's dwell, by a rate map. */
function outcomesOf(map: RateMap, transition: Transition): Outcome[] {
  const { sublattice, latticeAngle, beamXAngstrom, beamYAngstrom, dwellTimeS } = transition;
  return outcomeProbabilities(map, {
    sublattice,
    angle: latticeAngle,
    beamOffset: { x: beamXAngstrom, y: beamYAngstrom },
    beam: beamOf(transition),
    dwellTimeS,
  });
}

/** The beam settings of a transition. */
export function beamOf({ currentNanoA, voltageKv }: Transition): BeamSettings {
  return { currentNanoA, voltageKv };
}

/**
 * Mean negative log-likelihood per transition, of any number of hops, under a rate map and a share
 * of wrong labels.
 *
 * @unit nats
 */
export function meanNll(
  map: RateMap,
  transitions: readonly Transition[],
  noiseShare: number,
): number {
  const losses = transitions.map((transition) => {
    const outcomes = outcomesOf(map, transition);
    const likelihood = transition.after.reduce((sum, { probability, ...site }) => {
      const at = outcomes.findIndex((outcome) => sameSite(outcome.site, site));
      const seen = at < 0 ? 0 : outcomes[at].probability;
      const noise = at >= 0 && at < 4 ? 1 / 4 : 0;
      return sum + probability * ((1 - noiseShare) * seen + noiseShare * noise);
    }, 0);
    return -Math.log(Math.max(likelihood, floor));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/**
 * How much worse a rate map predicts than the truth, per transition: the mean Kullback–Leibler
 * divergence of its outcome probabilities from the true ones, where the transitions had the beam.
 *
 * What the transitions' outcomes were plays no part, so there is no noise from them.
 *
 * @unit nats
 */
export function excessNll(
  map: RateMap,
  truth: RateMap,
  transitions: readonly Transition[],
): number {
  const divergences = transitions.map((transition) => {
    const expected = outcomesOf(truth, transition);
    const predicted = outcomesOf(map, transition);
    return expected.reduce((sum, { probability }, at) => {
      if (probability <= 0) return sum;
      const other = Math.max(predicted[at]?.probability ?? 0, floor);
      return sum + probability * Math.log(probability / other);
    }, 0);
  });
  return divergences.reduce((sum, value) => sum + value, 0) / divergences.length;
}

/** Rates below this share of the greatest one decide nothing and are not counted. */
const relevantShare = 0.05;

/**
 * Share of true rates inside a model's 5–95 % band: at the transitions' beam positions, for all three
 * neighbours, wherever the true rate is at least 5 % of the greatest.
 */
export function bandCoverage(
  model: RateModel,
  truth: RateMap,
  transitions: readonly Transition[],
): number {
  const inBand: { readonly rate: number; readonly covered: boolean }[] = [];
  for (const transition of transitions) {
    const { latticeAngle, sublattice, beamXAngstrom, beamYAngstrom } = transition;
    const offset = { x: beamXAngstrom, y: beamYAngstrom };
    const angles = neighbourAngles({ angle: latticeAngle }, sublattice);
    const beam = beamOf(transition);
    const read = (rate: RateMap["rate"]) => hopRates({ name: "", rate }, offset, angles, beam);
    const [rates, low, high] = [read(truth.rate), read(model.lower), read(model.upper)];
    rates.forEach((rate, k) => inBand.push({ rate, covered: low[k] <= rate && rate <= high[k] }));
  }
  const highest = inBand.reduce((most, { rate }) => Math.max(most, rate), 0);
  const relevant = inBand.filter(({ rate }) => rate >= relevantShare * highest);
  return relevant.filter(({ covered }) => covered).length / relevant.length;
}

/**
 * How good the recommended place is for control: its true rate over the greatest true rate anywhere
 * in the area that the transitions measured, at the model's reference beam.
 */
export function placeShare(
  model: RateModel,
  truth: RateMap,
  transitions: readonly Transition[],
): number {
  const { reference } = model.info;
  const rate = (along: number, across: number): number => truth.rate(along, across, reference);
  const measured = measuredOffsets(learningSet(transitions, 1), { reflection: false });
  const best = bestOffset(measured, rate);
  const chosen = model.bestOffset;
  return rate(chosen.along, chosen.across) / rate(best.along, best.across);
}

/** Bonds as angstrom. */
export function angstromFromBonds(bonds: number): number {
  return bonds * bondLengthAngstrom;
}
