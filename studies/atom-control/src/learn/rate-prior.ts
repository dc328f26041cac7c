import { minimize } from "@quadrivium/numerics";
import { frames } from "./best-offset.js";
import type { LearningSet } from "./learning-set.js";

/** A Gaussian bump that rates are drawn to where little was measured. */
export interface RatePrior {
  /** Logarithm of its height. @unit log of hops per second */
  readonly logPeak: number;
  /** Where it peaks along the bond. @unit bonds */
  readonly centre: number;
  /** Its standard deviation. @unit bonds */
  readonly sigma: number;
}

/** Where bumps are thought to lie and how wide they are, before any data. @unit bonds */
const hyperprior = { centre: 0.8, centreSpread: 0.6, logSigma: Math.log(0.8), logSpread: 0.5 };
/** A bump far away explains a stray hop with this share of its height. */
const stray = 1e-4;
/** So many samples tell three numbers well. */
const enough = 2000;
/** A hop in the fewest seconds, or in the most, that a height may stand for. */
const heights = { least: -14, most: 4 };

/**
 * The one bump that explains the outcomes best, first hops alone: what the rates are drawn to until
 * data says otherwise. Few samples tell its three numbers, where a free form would need many.
 */
export function priorFor(set: LearningSet, relativeCurrent: Float64Array): RatePrior {
  const samples = samplesOf(set, relativeCurrent);
  const objective = (at: Float64Array, gradient: Float64Array): number =>
    minusLogPosterior(samples, at, gradient);
  const found = [0.2, 0.9, 1.6].flatMap((centre) =>
    [0.4, 1].map((sigma) => {
      const start = [startingHeight(samples), centre, Math.log(sigma)];
      return minimize(objective, start, { tolerance: 1e-3, maxIterations: 60 });
    }),
  );
  const [logPeak, centre, logSigma] = found.reduce((a, b) => (b.value < a.value ? b : a)).at;
  return { logPeak, centre, sigma: Math.exp(logSigma) };
}

/** Where a bump lies that leaves most to the data, and how broad it is. @unit bonds */
const broad = { centre: 0.7, sigma: 1.5 };

/** The broad bump whose expected hops over all samples are those that were seen. */
export function broadPrior(set: LearningSet, relativeCurrent: Float64Array): RatePrior {
  const { centre, sigma } = broad;
  let hops = 0;
  let exposure = 0;
  let time = 0;
  for (const { timeS, frames: places, stays } of samplesOf(set, relativeCurrent)) {
    hops += 1 - stays;
    time += timeS;
    for (const [x, y] of places) {
      exposure += timeS * Math.exp(-((x - centre) ** 2 + y ** 2) / (2 * sigma ** 2));
    }
  }
  // a dwell far from silicon still has a rate to start from
  return {
    logPeak: Math.log(Math.max(hops, 0.5) / Math.max(exposure, 0.01 * time)),
    centre,
    sigma,
  };
}

interface Sample {
  readonly timeS: number;
  /** The beam in each neighbour's frame. */
  readonly frames: readonly (readonly [number, number])[];
  readonly stays: number;
  /** Probability of each neighbour. */
  readonly to: readonly number[];
  readonly farther: number;
}

function samplesOf(
  { size, numSites, beam, dwellTimeS, outcome }: LearningSet,
  relativeCurrent: Float64Array,
): Sample[] {
  const stride = Math.ceil(size / enough);
  return Array.from({ length: Math.floor(size / stride) }, (_, n) => {
    const row = n * stride;
    const [stays, ...rest] = outcome.subarray(row * (numSites + 1), (row + 1) * (numSites + 1));
    const to = rest.slice(0, 3);
    return {
      timeS: dwellTimeS[row] * relativeCurrent[row],
      frames: frames(beam[2 * row], beam[2 * row + 1]),
      stays,
      to,
      farther: rest.slice(3).reduce((sum, p) => sum + p, 0),
    };
  });
}

/** A height at which a tenth of the plane's hops are those that were seen. */
function startingHeight(samples: readonly Sample[]): number {
  const hops = samples.reduce((sum, { stays }) => sum + 1 - stays, 0);
  const time = samples.reduce((sum, { timeS }) => sum + timeS, 0);
  return Math.log((10 * Math.max(hops, 1)) / (3 * time));
}

/**
 * Minus the log-posterior of a bump, up to a constant, over its log height, centre and log width.
 *
 * @param gradient receives its slopes
 */
function minusLogPosterior(
  samples: readonly Sample[],
  at: Float64Array,
  gradient: Float64Array,
): number {
  const [logPeak, centre, logSigma] = at;
  if (!(logPeak > heights.least && logPeak < heights.most && Math.abs(logSigma) < 3)) {
    return Infinity;
  }
  const { centreSpread, logSpread } = hyperprior;
  const [offCentre, offSigma] = [centre - hyperprior.centre, logSigma - hyperprior.logSigma];
  let value = offCentre ** 2 / (2 * centreSpread ** 2) + offSigma ** 2 / (2 * logSpread ** 2);
  gradient.set([0, offCentre / centreSpread ** 2, offSigma / logSpread ** 2]);
  const peak = Math.exp(logPeak);
  const variance = Math.exp(2 * logSigma);
  for (const sample of samples) {
    const bumps = sample.frames.map(([x, y]) => {
      const squared = ((x - centre) ** 2 + y ** 2) / variance;
      const bump = peak * Math.exp(-squared / 2);
      const rate = bump + peak * stray;
      return { rate, slopes: [rate, (bump * (x - centre)) / variance, bump * squared] };
    });
    const { timeS, stays, to, farther } = sample;
    const total = bumps.reduce((sum, { rate }) => sum + rate, 0);
    const hop = -Math.expm1(-total * timeS);
    const near = to[0] + to[1] + to[2];
    value += stays * total * timeS - (near + farther) * Math.log(hop) + near * Math.log(total);
    // how the value moves with the total rate
    const perTotal = stays * timeS - ((near + farther) * timeS * (1 - hop)) / hop + near / total;
    bumps.forEach(({ rate, slopes }, k) => {
      value -= to[k] * Math.log(rate);
      slopes.forEach((slope, n) => (gradient[n] += (perTotal - to[k] / rate) * slope));
    });
  }
  return value;
}
