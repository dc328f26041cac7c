import type { SiteLevels } from "./site-levels.js";

/** Probabilities of what a place of the lattice holds; they sum to 1. */
export interface ClassPosterior {
  readonly carbon: number;
  readonly silicon: number;
  readonly vacancy: number;
  /** Too bright or too dim for any of them: dirt, another element, two atoms in one place. */
  readonly unknown: number;
}

/** Of places where there is no graphene to compare with. */
export const nothingKnown: ClassPosterior = { carbon: 0, silicon: 0, vacancy: 0, unknown: 1 };

/** How often a place holds what, before it is looked at. */
const prior = { carbon: 0.996, silicon: 0.003, vacancy: 0.001, unknown: 0.00005 };
/**
 * Silicon's amplitude over carbon's, both over the hexagons around, in the blurred image: (14/6)^1.4
 * to (14/6)^2.1 for detectors from medium to high angles, a fifth more because its spot is wider,
 * and more again where the probe's tails fill the hexagons. Median and log deviation.
 */
const siliconRatio = { median: 5.8, logSd: 0.33 };

/**
 * Ratios to carbon at which a class's likelihood is taken, with their shares: steps of 3 %, no wider
 * than what a thousand counts scatter by.
 */
const siliconGrid = Array.from({ length: 61 }, (_, k) => {
  const z = (k - 30) / 10;
  return {
    ratio: siliconRatio.median * Math.exp(siliconRatio.logSd * z),
    share: Math.exp((-z * z) / 2),
  };
});
/** Even on a logarithmic scale from 0.4 to 30 carbons. */
const unknownGrid = Array.from({ length: 151 }, (_, k) => ({
  ratio: 0.4 * Math.exp((k / 150) * Math.log(30 / 0.4)),
  share: 1,
}));

/**
 * What an amplitude makes of the classes, in a frame of these levels.
 *
 * Amplitudes are read as Poisson counts over a background: the scatter between atoms gives the
 * background's counts, its growth on carbon the amplitude of one count. Nothing about the
 * detector need be known.
 */
export function siteClassifier(levels: SiteLevels): (amplitude: number) => ClassPosterior {
  const { contrast, emptyVariance, countAmplitude } = levels;
  const background = emptyVariance / countAmplitude;
  // Of a Poisson likelihood ln n! is left out: it is the same for every class.
  const componentOf = (ratio: number, share: number): Component => {
    const mean = (ratio * contrast + background) / countAmplitude;
    return { logMean: Math.log(mean), offset: Math.log(share) - mean };
  };
  const mixture = (weight: number, grid: readonly { ratio: number; share: number }[]) => {
    const total = grid.reduce((sum, { share }) => sum + share, 0);
    return grid.map(({ ratio, share }) => componentOf(ratio, (weight * share) / total));
  };
  const classes = [
    [componentOf(1, prior.carbon)],
    mixture(prior.silicon, siliconGrid),
    [componentOf(0, prior.vacancy)],
    mixture(prior.unknown, unknownGrid),
  ];
  return (amplitude) => {
    const counts = Math.max(0, (amplitude + background) / countAmplitude);
    const logs = classes.map((components) =>
      logSum(components.map(({ logMean, offset }) => counts * logMean + offset)),
    );
    const norm = logSum(logs);
    const [carbon, silicon, vacancy, unknown] = logs.map((log) => Math.exp(log - norm));
    return { carbon, silicon, vacancy, unknown };
  };
}

/** One ratio of a class: its log-likelihood of n counts is n·`logMean` + `offset`. */
interface Component {
  readonly logMean: number;
  readonly offset: number;
}

function logSum(logs: readonly number[]): number {
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}
