import type { Vector } from "../model/vector.js";
import type { Explanation, Registration } from "./registration.js";

/** What the tracker takes for granted; lengths in angstrom, times in pairs of frames. */
export interface TrackerSettings {
  /** Standard deviation of the drift between frames, over long times. */
  readonly driftSd?: number;
  /** How much of the drift velocity is left one pair later. */
  readonly driftPersistence?: number;
  /** Share of pairs in which the sheet jumps, by up to a few angstrom. */
  readonly jumpShare?: number;
  /** Share of pairs with a hop; may be given per pair from a rate model. */
  readonly hopShare?: number;
  /** Of pairs with a hop, the share with a further one; and so on. */
  readonly furtherShare?: number;
}

const defaults: Required<TrackerSettings> = {
  driftSd: 0.5,
  driftPersistence: 0.9,
  jumpShare: 0.03,
  hopShare: 0.3,
  furtherShare: 0.25,
};

/** Error of a lattice's place, from frame to frame. */
const placeSd = 0.08;
const jumpSd = 2.5;
/** Hypotheses kept from pair to pair. */
const mostHypotheses = 12;

/** A belief about the drift velocity: both axes alike, hence one variance. */
interface Hypothesis {
  readonly velocity: Vector;
  readonly variance: number;
  readonly logWeight: number;
}

/** Posterior over what happened in a pair. */
export interface PairPosterior {
  readonly explanations: readonly (Explanation & { readonly probability: number })[];
  /** ln of how probable the pair was beforehand: low where nothing explains it. */
  readonly logEvidence: number;
}

/** The state between pairs: beliefs about the drift velocity. */
export type TrackerState = readonly Hypothesis[];

/** Before the first pair the velocity is anywhere within its long-term spread. */
export function trackerStart(settings: TrackerSettings = {}): TrackerState {
  const { driftSd } = { ...defaults, ...settings };
  return [{ velocity: { x: 0, y: 0 }, variance: driftSd ** 2, logWeight: 0 }];
}

/**
 * One step of a Kalman filter on the drift velocity times a hidden Markov chain on silicon's site.
 *
 * Velocity is an Ornstein–Uhlenbeck process; every explanation of the pair implies a drift and
 * thereby updates the velocity, and has the prior of its hops: $(1 - p)$ for none and
 * $p\,q^{n-1}(1 - q)$, shared among the sites n hops away, for n. The heaviest combinations go on
 * to the next pair, so that a drift that shows later can still decide.
 */
export function trackPair(
  state: TrackerState,
  { explanations }: Pick<Registration, "explanations">,
  given: TrackerSettings = {},
): { readonly posterior: PairPosterior; readonly state: TrackerState } {
  const settings = { ...defaults, ...given };
  const rho = settings.driftPersistence;
  const processVariance = (1 - rho * rho) * settings.driftSd ** 2;
  const branches: (Hypothesis & { readonly index: number })[] = [];
  for (const { velocity, variance, logWeight } of state) {
    const mean = { x: rho * velocity.x, y: rho * velocity.y };
    const prior = rho * rho * variance + processVariance;
    const total = prior + placeSd ** 2;
    const gain = prior / total;
    explanations.forEach((explanation, index) => {
      const { drift, anchorEvidence } = explanation;
      const off = { x: drift.x - mean.x, y: drift.y - mean.y };
      const base = logWeight + anchorEvidence + logHopPrior(explanation, settings);
      branches.push({
        index,
        velocity: { x: mean.x + gain * off.x, y: mean.y + gain * off.y },
        variance: (1 - gain) * prior,
        logWeight: base + Math.log(1 - settings.jumpShare) + logNormal(off, total),
      });
      // a jump says nothing of the velocity
      branches.push({
        index,
        velocity: mean,
        variance: prior,
        logWeight: base + Math.log(settings.jumpShare) + logNormal(off, total + jumpSd ** 2),
      });
    });
  }
  const logEvidence = logSum(branches.map((branch) => branch.logWeight));
  const probability = new Float64Array(explanations.length);
  for (const { index, logWeight } of branches) {
    probability[index] += Math.exp(logWeight - logEvidence);
  }
  const kept = branches.sort((a, b) => b.logWeight - a.logWeight).slice(0, mostHypotheses);
  const keptWeight = logSum(kept.map((branch) => branch.logWeight));
  return {
    posterior: {
      explanations: explanations.map((explanation, i) => ({
        ...explanation,
        probability: probability[i],
      })),
      logEvidence,
    },
    state: kept.map(({ velocity, variance, logWeight }) => ({
      velocity,
      variance,
      logWeight: logWeight - keptWeight,
    })),
  };
}

/** A pair without silicon or lattice: time passes and nothing is learnt. */
export function trackGap(state: TrackerState, given: TrackerSettings = {}): TrackerState {
  const { driftPersistence: rho, driftSd } = { ...defaults, ...given };
  return state.map(({ velocity, variance, logWeight }) => ({
    velocity: { x: rho * velocity.x, y: rho * velocity.y },
    variance: rho * rho * variance + (1 - rho * rho) * driftSd ** 2,
    logWeight,
  }));
}

function logHopPrior(
  { hops, sitesAtHops }: Explanation,
  { hopShare, furtherShare }: Required<TrackerSettings>,
): number {
  if (hops === 0) return Math.log(1 - hopShare);
  const further = (hops - 1) * Math.log(furtherShare) + Math.log(1 - furtherShare);
  return Math.log(hopShare) + further - Math.log(sitesAtHops);
}

function logNormal({ x, y }: Vector, variance: number): number {
  return -Math.log(2 * Math.PI * variance) - (x * x + y * y) / (2 * variance);
}

function logSum(logs: readonly number[]): number {
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}
