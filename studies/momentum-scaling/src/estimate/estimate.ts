import { foldIn, type Key } from "@quadrivium/core";
import { fitPowerLaw } from "@quadrivium/numerics";
import type { SpectralProblem } from "../model/spectral-problem.js";
import type { EstimateData } from "./data.js";
import { halfInterval, randomHalf } from "./halves.js";
import { recommend, type Recommendation } from "./recommend.js";
import { sampleSpectrum, type SampleSpectrum } from "./sample-spectrum.js";
import { featureScores, kernelScores, type Scores } from "./scores.js";
import { fitTail, type TailFit } from "./tail-fit.js";

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

/**
 * Estimates α and β from data, and recommends hyperparameters.
 *
 * α is half the slope of the leading principal variances, $\lambda_j \propto j^{-2\alpha}$; β follows
 * from the tail of the target's energy beyond component $J$, $T(J) \propto J^{-(2\alpha+2\beta-1)}$,
 * above a fitted noise floor. Only components up to a twentieth of the samples are used. Ratios of
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
  const alphaOf = (s: SampleSpectrum): number => decayExponent(s.variances, window);
  const tailOf = (s: SampleSpectrum, n: number): TailFit => fitTail(s.tail, window, n);
  const betaOf = (s: SampleSpectrum, n: number): number =>
    (tailOf(s, n).exponent + 1 - 2 * alphaOf(s)) / 2;
  const alpha = alphaOf(whole);
  const alphaInterval = halfInterval(alpha, sampled.map(alphaOf));
  const withTargets = data.targets !== undefined && whole.tail[0]! > 0;
  const half = Math.floor(numSamples / 2);
  const shown = 2 * last;
  return conclude({
    ...common,
    components: {
      variances: Array.from(whole.variances.subarray(0, shown)),
      tail: withTargets ? Array.from(whole.tail.subarray(0, shown)) : null,
    },
    alpha,
    alphaInterval,
    problem: problemOf(whole.variances, reduced, { alpha, last }),
    batch: options.batch,
    target: withTargets
      ? {
          fit: tailOf(whole, numSamples),
          beta: betaOf(whole, numSamples),
          interval: () =>
            halfInterval(
              betaOf(whole, numSamples),
              sampled.map((s) => betaOf(s, half)),
            ),
        }
      : undefined,
    notes:
      alpha < 0.55
        ? ["below 2α = 1 sample spectra are flatter than the population's: α is biased low"]
        : [],
  });
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
    intervals: { alpha: alphaInterval, beta: target?.interval() ?? null },
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

function indices([first, last]: readonly [number, number]): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Half the slope at which variances fall over a window of components. */
function decayExponent(variances: Float64Array, window: readonly [number, number]): number {
  const values = variances.slice(window[0] - 1, window[1]).map((x) => Math.max(x, 1e-300));
  return -fitPowerLaw(indices(window), values).exponent.value / 2;
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
