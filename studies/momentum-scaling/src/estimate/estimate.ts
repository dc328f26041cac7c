import { foldIn, type Key } from "@quadrivium/core";
import { fitPowerLaw } from "@quadrivium/numerics";
import type { SpectralProblem } from "../model/spectral-problem.js";
import type { EstimateData } from "./data.js";
import { halfInterval, randomHalf } from "./halves.js";
import { recommend, type Recommendation } from "./recommend.js";
import { sampleSpectrum, type SampleSpectrum } from "./sample-spectrum.js";
import { featureScores, kernelScores, type Scores } from "./scores.js";
import { decayExponent, indices, tailExponent, type Window } from "./exponents-of.js";
import { fitTail, type TailFit } from "./tail-fit.js";
import { unflattenAlpha, unflattenBeta, unflattenedShift } from "./unflatten.js";

/** Exponents of data, with what can and cannot be said about them. */
export interface Estimate {
  /** `null` where it cannot be estimated; `refusal` says why. */
  readonly alpha: number | null;
  readonly beta: number | null;
  readonly intervals: {
    readonly alpha: readonly [number, number] | null;
    readonly beta: readonly [number, number] | null;
  };
  /** Confidence level of the intervals, from random halves of the samples. */
  readonly level: number;
  readonly kind: EstimateData["kind"];
  readonly numSamples: number;
  /** First and last principal component that the fits use. */
  readonly window: readonly [number, number];
  /** Estimated energy of noise in the target. */
  readonly noiseFloor: number | null;
  /** What the fits were made to; `null` where there are too few samples. */
  readonly components: Components | null;
  readonly recommendation: Recommendation | null;
  /** What is impossible with these data, and why. */
  readonly refusal: string | null;
  /** What limits the estimates. */
  readonly notes: readonly string[];
}

/** Leading principal components of data. */
export interface Components {
  /** Descending. */
  readonly variances: readonly number[];
  /** The target's energy beyond the first J components, from J = 0; `null` without targets. */
  readonly tail: readonly number[] | null;
}

/** How an estimate is made. */
export interface EstimateOptions {
  readonly key: Key;
  /** Batch size that the recommendation is for [1]. */
  readonly batch?: number;
}

const level = 0.95;
/** White noise of fewer samples than features appears to fall about this fast. */
const flattest = 0.15;
const halves = 24;
/** The first components carry the largest scatter and the start of the power law. */
const firstComponent = 3;
/** The target's tail must fall by this factor over the window, or there is nothing to fit. */
const leastDrop = 3;
/** A wider interval of β says nothing: its tail and its noise floor cannot be told apart. */
const widestBeta = 2;

/**
 * Estimates α and β from data, and recommends hyperparameters.
 *
 * α is half the slope of the leading principal variances, $\lambda_j \propto j^{-2\alpha}$; β follows
 * from the tail of the target's energy beyond component $J$, $T(J) \propto J^{-(2\alpha+2\beta-1)}$,
 * above a fitted noise floor. Both are then freed from what finitely many samples do to a power
 * law's components, by inverting their deterministic equivalent. Only components up to a twentieth of the samples are used. Ratios of
 * single components are never regressed: sample eigenvectors mix modes.
 *
 * @throws E_ESTIMATE_DATA if the data cannot be used
 */
export function estimate(data: EstimateData, options: EstimateOptions): Estimate {
  const batch = options.batch ?? 1;
  return data.kind === "spectrum"
    ? estimateSpectrum(data, batch)
    : estimateSamples(data, { key: options.key, batch });
}

function estimateSamples(
  data: EstimateData & { readonly kind: "features" | "kernel" },
  options: Required<EstimateOptions>,
): Estimate {
  const numSamples = data.kind === "features" ? data.features.rows : data.kernel.rows;
  const widest = data.kind === "features" ? data.features.cols : data.kernel.cols;
  const last = Math.min(Math.floor(numSamples / 20), Math.floor(widest / 2));
  const window = [firstComponent, last] as const;
  const common = { kind: data.kind, numSamples, window, level };
  if (last < 10) {
    return refused(common, {
      refusal:
        `the exponents cannot be estimated: only components up to a twentieth of the samples are ` +
        `reliable, which leaves ${Math.max(0, last)} of the 10 needed; give at least 200 samples of at ` +
        `least 20 features`,
    });
  }
  const directions = 2 * last + 20;
  const reduced =
    data.kind === "features"
      ? featureScores(data.features, directions, options.key)
      : kernelScores(data.kernel, directions, options.key);
  const targets = data.targets ?? new Float64Array(numSamples);
  const spectrumOf = (rows: readonly number[]): SampleSpectrum =>
    sampleSpectrum(reduced.scores, targets, rows);
  const all = Array.from({ length: numSamples }, (_, i) => i);
  const whole = spectrumOf(all);
  const sampled = Array.from({ length: halves }, (_, half) =>
    spectrumOf(randomHalf(all, foldIn(options.key, half + 1))),
  );
  const withTargets = data.targets !== undefined && whole.tail[0]! > 0;
  const tail = withTargets ? fitTail(whole.tail, window, numSamples) : undefined;
  const readFor = (features: number): Reading =>
    readExponents({ whole, sampled, tail, numSamples, features, window });
  const [fewest, most] = featureCounts(data, last);
  const least = readFor(fewest);
  if (fewest !== most && least.alpha < 0.5) {
    return refused(common, {
      refusal:
        `α cannot be estimated from this kernel: below 2α = 1 a spectrum of samples is flatter than ` +
        `the population's, by how much depends on the number of features, which a kernel does not ` +
        `tell; give it with numFeatures, or give the features themselves`,
    });
  }
  const readings = fewest === most ? [least] : [least, readFor(most)];
  const alpha = middle(readings.map((reading) => reading.alpha));
  const shown = 2 * last;
  return conclude({
    ...common,
    components: {
      variances: Array.from(whole.variances.subarray(0, shown)),
      tail: withTargets ? Array.from(whole.tail.subarray(0, shown)) : null,
    },
    alpha,
    alphaInterval: hull(readings.map((reading) => reading.alphaInterval)),
    problem: problemOf(whole.variances, reduced, { alpha, last }),
    batch: options.batch,
    target:
      tail === undefined
        ? undefined
        : {
            fit: tail,
            beta: middle(readings.map((reading) => reading.beta)),
            interval: () => hull(readings.map((reading) => reading.betaInterval)),
          },
    notes: [
      ...(alpha < 0.55
        ? [
            "near and below 2α = 1 samples flatten a spectrum; α and β are corrected for it under the " +
              "assumption that the power law holds for all features",
          ]
        : []),
      ...(readings.length > 1
        ? [
            "a kernel does not tell how many features it has: the intervals cover any number from the " +
              "components seen to a million",
          ]
        : []),
    ],
  });
}

/** The fewest and the most features that data may have come from. */
function featureCounts(
  data: EstimateData & { readonly kind: "features" | "kernel" },
  last: number,
): readonly [fewest: number, most: number] {
  const known = data.kind === "features" ? data.features.cols : data.numFeatures;
  return known === undefined ? [2 * last, 1e6] : [known, known];
}

interface Reading {
  readonly alpha: number;
  readonly alphaInterval: readonly [number, number];
  readonly beta: number;
  readonly betaInterval: readonly [number, number];
}

/** Exponents, freed from what sampling does to slopes, with the scatter of random halves. */
function readExponents(given: {
  readonly whole: SampleSpectrum;
  readonly sampled: readonly SampleSpectrum[];
  readonly tail: TailFit | undefined;
  readonly numSamples: number;
  readonly features: number;
  readonly window: Window;
}): Reading {
  const { whole, sampled, tail, numSamples, features, window } = given;
  const sampling = { samples: numSamples, features, window };
  const alpha = unflattenAlpha(decayExponent(whole, window), sampling);
  const beta = tail === undefined ? 1 : unflattenBeta(tail.exponent, alpha, sampling);
  const half = Math.floor(numSamples / 2);
  const shift = unflattenedShift({ alpha, beta }, { ...sampling, samples: half });
  const shifts = sampled.map((part) =>
    shift({
      variances: decayExponent(part, window),
      tail: tail === undefined ? 0 : tailExponent(part, window, half),
    }),
  );
  return {
    alpha,
    beta,
    alphaInterval: halfInterval(
      alpha,
      shifts.map((part) => part.alpha),
    ),
    betaInterval: halfInterval(
      beta,
      shifts.map((part) => part.beta),
    ),
  };
}

function middle(values: readonly number[]): number {
  return values.reduce((a, b) => a + b) / values.length;
}

function hull(intervals: readonly (readonly [number, number])[]): readonly [number, number] {
  return [
    Math.min(...intervals.map((interval) => interval[0])),
    Math.max(...intervals.map((interval) => interval[1])),
  ];
}

function estimateSpectrum(
  data: EstimateData & { readonly kind: "spectrum" },
  batch: number,
): Estimate {
  const positive = data.eigenvalues.filter((x) => x > 0);
  // nearer to its end a tail sum feels where the list was cut
  const last = Math.min(
    Math.floor(positive.length / 2),
    Math.max(10, Math.floor(positive.length / 10)),
  );
  const window = [firstComponent, last] as const;
  const common = { kind: data.kind, numSamples: positive.length, window, level };
  if (last < 10) {
    return refused(common, {
      refusal: `the exponents cannot be estimated: at least 20 positive eigenvalues are needed; got ${positive.length}`,
    });
  }
  const logarithmic = fitPowerLaw(indices(window), positive.slice(firstComponent - 1, last), {
    level,
  });
  const alpha = -logarithmic.exponent.value / 2;
  const [low, high] = logarithmic.exponent.interval;
  const problem: SpectralProblem = {
    lambda: positive,
    weight: new Float64Array(positive.length).fill(1),
    rho2: new Float64Array(positive.length),
    sigma2: 0,
  };
  const energies = data.energies;
  const tail = energies === undefined ? undefined : tailSums(energies);
  const fit = tail === undefined ? undefined : fitTail(tail, window, Infinity);
  const beta = fit === undefined ? Number.NaN : (fit.exponent + 1 - 2 * alpha) / 2;
  const reach = (high - low) / 4;
  return conclude({
    ...common,
    components: {
      variances: Array.from(positive.subarray(0, 2 * last)),
      tail: tail === undefined ? null : Array.from(tail.subarray(0, 2 * last)),
    },
    alpha,
    alphaInterval: [-high / 2, -low / 2],
    problem,
    batch,
    target:
      fit === undefined ? undefined : { fit, beta, interval: () => [beta - reach, beta + reach] },
    notes: ["intervals are those of a straight line through the logarithms"],
  });
}

interface Evidence {
  readonly kind: EstimateData["kind"];
  readonly numSamples: number;
  readonly window: readonly [number, number];
  readonly level: number;
  readonly components: Components;
  readonly alpha: number;
  readonly alphaInterval: readonly [number, number];
  readonly problem: SpectralProblem;
  readonly batch: number;
  readonly target:
    | {
        readonly fit: TailFit;
        readonly beta: number;
        readonly interval: () => readonly [number, number];
      }
    | undefined;
  readonly notes: readonly string[];
}

/** What the evidence allows to be said. */
function conclude(evidence: Evidence): Estimate {
  const { kind, numSamples, window, components, alpha, alphaInterval, problem } = evidence;
  const { batch, target } = evidence;
  const common = { kind, numSamples, window, level, components };
  if (!(alphaInterval[0] > flattest)) {
    return refused(common, {
      refusal:
        `α cannot be estimated: the principal variances do not fall as a power law ` +
        `(slope ${(-2 * alpha).toPrecision(2)}); the features look like white noise`,
    });
  }
  const known = { alpha, intervals: { alpha: alphaInterval, beta: null } };
  if (target !== undefined && !(target.fit.drop >= leastDrop)) {
    return refused(common, {
      ...known,
      noiseFloor: target.fit.floor,
      refusal:
        `β cannot be estimated: from component ${window[0]} to ${window[1]} the target's energy falls ` +
        `only by a factor of ${target.fit.drop.toPrecision(2)}, of the ${leastDrop} needed; noise does ` +
        `not fall at all, so these samples cannot tell the target from noise`,
    });
  }
  const betaInterval = target?.interval() ?? null;
  if (betaInterval !== null && !(betaInterval[1] - betaInterval[0] < widestBeta)) {
    return refused(common, {
      ...known,
      noiseFloor: target!.fit.floor,
      refusal:
        `β cannot be estimated: over components ${window[0]} to ${window[1]} a falling tail and a noise ` +
        `floor cannot be told apart, and β could lie anywhere in a stretch wider than ${widestBeta}; ` +
        `give more samples`,
    });
  }
  const notes = [...evidence.notes];
  if (target !== undefined && target.fit.clearance < leastDrop) {
    notes.push(
      "β is noise-limited: the target's tail reaches its noise floor inside the window, and the " +
        "estimate rests on the fitted floor",
    );
  }
  const gains = alphaInterval[0] > 0.5;
  const beta = target?.beta ?? null;
  const advice = recommend(problem, { alpha, beta, batch, gains });
  return {
    ...common,
    ...known,
    beta,
    intervals: { alpha: alphaInterval, beta: betaInterval },
    noiseFloor: target?.fit.floor ?? null,
    recommendation: typeof advice === "string" ? null : advice,
    refusal: typeof advice === "string" ? advice : null,
    notes,
  };
}

function refused(
  common: Pick<Estimate, "kind" | "numSamples" | "window" | "level"> & Partial<Estimate>,
  rest: Partial<Estimate> & { readonly refusal: string },
): Estimate {
  return {
    alpha: null,
    beta: null,
    intervals: { alpha: null, beta: null },
    noiseFloor: null,
    components: null,
    recommendation: null,
    notes: [],
    ...common,
    ...rest,
  };
}

/** T(J) of a population: sums from the small end, where differences would lose digits. */
function tailSums(energies: Float64Array): Float64Array {
  const tail = new Float64Array(energies.length + 1);
  for (let j = energies.length - 1; j >= 0; j--) tail[j] = tail[j + 1]! + energies[j]!;
  return tail;
}

/** The spectrum for stability: measured variances, then the power law down to the last direction. */
function problemOf(
  variances: Float64Array,
  { trace, numDirections }: Scores,
  fit: { readonly alpha: number; readonly last: number },
): SpectralProblem {
  const kept = variances.slice(0, 2 * fit.last).filter((x) => x > 0);
  let rest = trace;
  for (const x of kept) rest -= x;
  const missing = Math.max(0, numDirections - kept.length);
  let tail = Float64Array.from(
    { length: missing },
    (_, i) => (kept.length + i + 1) ** (-2 * fit.alpha),
  );
  const sum = tail.reduce((a, b) => a + b, 0);
  tail = rest > 0 && sum > 0 ? tail.map((x) => (x * rest) / sum) : new Float64Array(0);
  const lambda = Float64Array.of(...kept, ...tail);
  return {
    lambda,
    weight: new Float64Array(lambda.length).fill(1),
    rho2: new Float64Array(lambda.length),
    sigma2: 0,
  };
}
