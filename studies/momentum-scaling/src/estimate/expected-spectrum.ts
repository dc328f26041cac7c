import { population } from "../model/population.js";
import { integrateBin } from "../model/resolvent-bin.js";
import { ResolventPath } from "../model/resolvent.js";
import type { SampleSpectrum } from "./sample-spectrum.js";

/** A power law, and how much of it was seen. */
export interface SampledPowerLaw {
  readonly alpha: number;
  readonly beta: number;
  readonly samples: number;
  /** Features, of variances $j^{-2\alpha}$ and target coefficients $j^{-\beta}$. */
  readonly features: number;
}

/** Ratio of neighbouring edges, in logarithms; narrower bins move no exponent by 0.001. */
const binWidth = 0.06;

/**
 * The leading principal components that samples of a power law show on average: the deterministic
 * equivalent of the sample covariance. Few samples flatten the spectrum, most below $2\alpha = 1$,
 * where the many small variances together add as much to every component as it has itself.
 *
 * @param last components wanted
 */
export function expectedSpectrum(law: SampledPowerLaw, last: number): SampleSpectrum {
  const { alpha, beta, samples, features } = law;
  const shape = { alpha, beta, dim: samples, hiddenDim: features };
  const nodes = population(shape, { exactTerms: Math.max(400, 4 * last) });
  let trace = 0;
  let total = 0;
  nodes.weight.forEach((weight, i) => {
    trace += weight * nodes.variance[i]!;
    total += weight * nodes.energy[i]!;
  });
  // a component explains its variance times the squared overlap with the coefficients b, not D^½b
  const coefficients = nodes.energy.map((energy, i) => energy / nodes.variance[i]!);
  const path = new ResolventPath({ ...nodes, energy: coefficients }, samples);
  let top = 4 * (1 + trace / samples);
  let [count, left] = [0, total];
  const edges = [{ count, left, top }];
  while (count < last + 1) {
    const bottom = top * Math.exp(-binWidth);
    const bin = integrateBin(path, { bottom, top, dim: samples });
    count += Math.max(0, bin.modes);
    left -= Math.max(0, bin.weightedEnergy);
    top = bottom;
    edges.push({ count, left, top });
  }
  const at = (rank: number): { readonly log: number; readonly left: number } => {
    const k = edges.findIndex((edge) => edge.count >= rank);
    const [above, below] = [edges[k - 1] ?? edges[0]!, edges[k]!];
    const gap = below.count - above.count;
    const share = gap > 0 ? (rank - above.count) / gap : 0;
    return {
      log: Math.log(above.top) + share * Math.log(below.top / above.top),
      left: above.left + share * (below.left - above.left),
    };
  };
  return {
    // the j-th is where half of it has been counted
    variances: Float64Array.from({ length: last }, (_, j) => Math.exp(at(j + 0.5).log)),
    tail: Float64Array.from({ length: last + 1 }, (_, j) => at(j).left),
  };
}
