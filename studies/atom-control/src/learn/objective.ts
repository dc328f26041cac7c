import { np } from "@quadrivium/engine";
import { hopGeometry, type HopGeometry } from "./hop-geometry.js";
import type { Parameters, RateForm } from "./rate-form.js";
import { exactProbabilities, firstHopProbabilities, type Propagation } from "./traced-outcomes.js";

/** Which probabilities of outcomes a fit believes in. */
export type Likelihood =
  /** Only the first hop of a dwell counts; silicon that went farther tells only that it hopped. */
  | { readonly kind: "first-hop" }
  /** Any number of hops. */
  | { readonly kind: "exact"; readonly propagation: Propagation };

/** What an objective is told beside the rate form. */
export interface ObjectiveOptions {
  readonly likelihood: Likelihood;
  readonly maxHops: number;
  /** Whether a share of wrong labels is learned; without it every label is believed. */
  readonly robust: boolean;
  /** Area elements for the integral of the rate over the plane; absent where no image may hop. */
  readonly plane?: PlanePoints;
}

/** Points of the plane with their areas, as constants of a traced program. */
export interface PlanePoints {
  /** @shape [points] */
  readonly along: Float32Array;
  /** @shape [points] */
  readonly across: Float32Array;
  /** @unit bond². @shape [points] */
  readonly area: Float32Array;
}

/** One mini-batch; every array has the samples first. */
export interface Batch {
  /** @shape [batch, 2] */
  readonly beam: np.Array;
  /** @shape [batch, settings] */
  readonly settings: np.Array;
  /** Dwell time times what multiplies every rate: relative current. @shape [batch, 1] */
  readonly exposure: np.Array;
  /** As `exposure`, of a unit area while imaging. @shape [batch, 1] */
  readonly scanExposure: np.Array;
  /** @shape [batch, sites + 1] */
  readonly outcome: np.Array;
}

/** What one member of an ensemble minimizes. */
export type Objective = (
  params: Parameters<np.Array>,
  batch: Batch,
  /** How often each sample is in the member's bootstrap. @shape [batch] */
  weight: np.Array,
) => np.Array;

/** Largest share of wrong labels that the robust likelihood can believe in. */
const largestNoise = 0.5;
/** How much faster the share of wrong labels is learned than weights are. */
const noiseGain = 4;
/** Keeps the logarithm of what a believed label calls impossible finite. */
const floor = 1e-9;

/**
 * Negative log-likelihood per sample of a batch.
 *
 * $-\log[(1 - \varepsilon) \sum_s \pi_s P_s + \varepsilon \sum_s \pi_s u_s]$ with the tracker's
 * posterior $\pi$, the outcome probabilities $P$ and noise $u$ that puts a quarter on silicon's own
 * site and each neighbour. $\varepsilon$ is learned where the fit is robust.
 */
export function objective(form: RateForm, options: ObjectiveOptions): Objective {
  const probabilities = outcomeForecast(form, options);
  const { numSites } = hopGeometry(options.maxHops);
  return (params, batch, weight) => {
    const seen = np.sum(batch.outcome.ref.mul(probabilities(params, batch)), 1);
    const likelihoods = options.robust
      ? mixed(seen, np.matmul(batch.outcome.ref, noiseColumn(numSites)).reshape([-1]), params)
      : seen.add(floor);
    const losses = np.log(likelihoods).neg();
    const size = batch.outcome.shape[0];
    return np.sum(losses.mul(weight.ref)).mul(1 / size);
  };
}

/** Where one member expects silicon after a dwell. */
export type Forecast = (params: Parameters<np.Array>, batch: Omit<Batch, "outcome">) => np.Array;

/**
 * The outcome probabilities that {@link objective} compares outcomes with.
 *
 * @returns a traced function. @shape [batch, sites + 1]
 */
export function outcomeForecast(form: RateForm, options: ObjectiveOptions): Forecast {
  const { likelihood, maxHops, plane } = options;
  const geometry = hopGeometry(likelihood.kind === "exact" ? maxHops : 0);
  const { numSites } = hopGeometry(maxHops);
  return (params, batch) => {
    const hops = hopsExpected(form, geometry, { params, batch, plane });
    return likelihood.kind === "exact"
      ? exactProbabilities(geometry, hops, likelihood.propagation)
      : withFartherHops(firstHopProbabilities(hops), numSites);
  };
}

/** Rate times exposure of every hop of the geometry. @shape [batch, hops] */
function hopsExpected(
  form: RateForm,
  geometry: HopGeometry,
  given: {
    readonly params: Parameters<np.Array>;
    readonly batch: Omit<Batch, "outcome">;
    readonly plane: PlanePoints | undefined;
  },
): np.Array {
  const { params, batch, plane } = given;
  const { numHops, turn, shift } = geometry;
  const [size] = batch.beam.shape;
  const matrix = np.array(turn.slice(), { shape: [2, 2, numHops] });
  const offset = np.array(shift.slice(), { shape: [2, 1, numHops] });
  const frames = np
    .matmul(batch.beam.ref.reshape([1, size, 2]), matrix) // [2, batch, hops]
    .sub(offset);
  const [along, across] = np.split(frames, 2, 0);
  const settings = batch.settings.ref.reshape([size, 1, -1]);
  const rates = form.rate(params, {
    along: along.reshape([size, numHops]),
    across: across.reshape([size, numHops]),
    settings,
  });
  const parked = rates.mul(batch.exposure.ref);
  if (plane === undefined) return parked;
  // The image exposes the plane evenly, wherever silicon sits: every hop gains the same.
  const points = plane.area.length;
  const numSettings = batch.settings.shape[1];
  const overPlane = form.rate(params, {
    along: np.array(plane.along.slice(), { shape: [1, points] }),
    across: np.array(plane.across.slice(), { shape: [1, points] }),
    settings: np.zeros([1, 1, numSettings]),
  });
  const integral = np.sum(overPlane.mul(np.array(plane.area.slice(), { shape: [1, points] })));
  return parked.add(batch.scanExposure.ref.mul(integral));
}

/** First-hop probabilities over the patch: silicon seen beyond its neighbours has hopped at least once. */
function withFartherHops(firstHop: np.Array, numSites: number): np.Array {
  const [size] = firstHop.shape;
  const hopped = np.subtract(1, firstHop.ref.slice([], [0, 1])); // [batch, 1]
  const farther = hopped.add(np.zeros([size, numSites + 1 - 4]));
  return np.concatenate([firstHop.ref, farther], 1);
}

function mixed(seen: np.Array, noise: np.Array, params: Parameters<np.Array>): np.Array {
  const share = noiseShare(params.noise);
  return seen.mul(np.subtract(1, share.ref)).add(noise.mul(share));
}

/** The share of wrong labels from its parameter: between 0 and {@link largestNoise}. */
function noiseShare(parameter: np.Array): np.Array {
  return np.tanh(parameter.ref.mul(noiseGain)).mul(0.5).add(0.5).mul(largestNoise);
}

/** As {@link noiseShare}, of a plain number. */
export function noiseShareOf(parameter: number): number {
  return (Math.tanh(noiseGain * parameter) * 0.5 + 0.5) * largestNoise;
}

/** The parameter whose share is `share`. */
export function noiseParameter(share: number): number {
  return Math.atanh((2 * share) / largestNoise - 1) / noiseGain;
}

/** Where a wrong label falls: silicon's site or a neighbour, seldom elsewhere. @shape [sites + 1, 1] */
function noiseColumn(numSites: number): np.Array {
  return np.array(noiseDistribution(numSites), { shape: [numSites + 1, 1] });
}

/** See {@link noiseColumn}. */
export function noiseDistribution(numSites: number): Float32Array {
  const farther = numSites + 1 - 4;
  const near = farther === 0 ? 1 : 0.96;
  return Float32Array.from({ length: numSites + 1 }, (_, site) =>
    site < 4 ? near / 4 : (1 - near) / farther,
  );
}
