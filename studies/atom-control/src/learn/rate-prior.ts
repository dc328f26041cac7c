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

/**
 * Where bumps are thought to lie and how wide they are, in bonds, and what share of labels is wrong,
 * by its logit, before any data: means with their standard deviations.
 */
const hyperprior = {
  centre: { mean: 0.8, spread: 0.6 },
  logSigma: { mean: Math.log(0.8), spread: 0.5 },
  wrongLogit: { mean: -3, spread: 1.5 },
};
/** Where a wrong label falls: silicon's site, a neighbour, farther. */
const wrongLabel = { near: 0.24, farther: 0.04 };
/** A bump far away explains a stray hop with this share of its height. */
const stray = 1e-4;
/** So many samples tell three numbers well. */
const enough = 2000;
/** A hop in the fewest seconds, or in the most, that a height may stand for. */
const heights = { least: -14, most: 4 };

/**
 * The one bump that explains the outcomes best, first hops alone: what the rates are drawn to until
 * data says otherwise. Few samples tell its three numbers, where a free form would need many.
 *
 * @param robust whether a share of labels may be wrong, which would else widen the bump
 */
export function priorFor(
  set: LearningSet,
  relativeCurrent: Float64Array,
  robust: boolean,
): RatePrior {
  const samples = samplesOf(set, relativeCurrent);
  const objective = (at: Float64Array, gradient: Float64Array): number =>
    minusLogPosterior({ samples, robust }, at, gradient);
  const { mean: wrong } = hyperprior.wrongLogit;
  const found = [0.2, 0.9, 1.6].flatMap((centre) =>
    [0.4, 1].map((sigma) => {
      const start = [startingHeight(samples), centre, Math.log(sigma), wrong];
      return minimize(objective, start, { tolerance: 1e-3, maxIterations: 60 });
    }),
  );
  const [logPeak, centre, logSigma] = found.reduce((a, b) => (b.value < a.value ? b : a)).at;
  return { logPeak, centre, sigma: Math.exp(logSigma) };
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
 * Minus the log-posterior of a bump, up to a constant, over its log height, centre and log width, and
 * over the logit of the share of wrong labels.
 *
 * @param gradient receives its slopes
 */
function minusLogPosterior(
  { samples, robust }: { readonly samples: readonly Sample[]; readonly robust: boolean },
  at: Float64Array,
  gradient: Float64Array,
): number {
  const [logPeak, centre, logSigma, wrongLogit] = at;
  if (!(logPeak > heights.least && logPeak < heights.most && Math.abs(logSigma) < 3)) {
    return Infinity;
  }
  gradient.fill(0);
  let value = 0;
  [hyperprior.centre, hyperprior.logSigma, hyperprior.wrongLogit].forEach(({ mean, spread }, n) => {
    const off = at[n + 1] - mean;
    value += off ** 2 / (2 * spread ** 2);
    gradient[n + 1] = off / spread ** 2;
  });
  const wrong = robust ? 1 / (1 + Math.exp(-wrongLogit)) : 0;
  const peak = Math.exp(logPeak);
  const variance = Math.exp(2 * logSigma);
  for (const { frames: places, timeS, stays, to, farther } of samples) {
    const bumps = places.map(([x, y]) => {
      const squared = ((x - centre) ** 2 + y ** 2) / variance;
      const bump = peak * Math.exp(-squared / 2);
      const rate = bump + peak * stray;
      return { rate, slopes: [rate, (bump * (x - centre)) / variance, bump * squared] };
    });
    const total = bumps.reduce((sum, { rate }) => sum + rate, 0);
    const hop = -Math.expm1(-total * timeS);
    /** Counts an outcome's loss and returns the weight that its own probability has in it. */
    const believed = (seen: number, probability: number, noise: number): number => {
      const mixed = (1 - wrong) * probability + wrong * noise;
      value -= seen * Math.log(mixed);
      gradient[3] -= ((seen * (noise - probability)) / mixed) * wrong * (1 - wrong);
      return (seen * (1 - wrong) * probability) / mixed;
    };
    const stayed = believed(stays, 1 - hop, wrongLabel.near);
    const went = bumps.map(({ rate }, k) => believed(to[k], (hop * rate) / total, wrongLabel.near));
    const gone = believed(farther, hop, wrongLabel.farther);
    const near = went[0] + went[1] + went[2];
    // how the value moves with the total rate
    const perTotal = stayed * timeS - ((near + gone) * timeS * (1 - hop)) / hop + near / total;
    bumps.forEach(({ rate, slopes }, k) => {
      slopes.forEach((slope, n) => (gradient[n] += (perTotal - went[k] / rate) * slope));
    });
  }
  return value;
}
