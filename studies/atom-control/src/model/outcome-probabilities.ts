import { InputError } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  neighbourAngles,
  sitePosition,
  type Site,
  type Sublattice,
} from "./honeycomb.js";
import { patchAbout, type Patch } from "./patch.js";
import { hopRates, type BeamSettings, type RateMap } from "./rate-map.js";
import { direction, minus, type Vector } from "./vector.js";

/** The beam parked beside silicon, which sits at a site of cell (0, 0). */
export interface ParkedBeam {
  /** Of silicon when the dwell begins. */
  readonly sublattice: Sublattice;
  /** Direction of an A site's first neighbour. @unit radians */
  readonly angle: number;
  /** The beam relative to silicon when the dwell begins; it stays where it is while silicon hops. @unit angstrom */
  readonly beamOffset: Vector;
  readonly beam: BeamSettings;
}

/** One place where silicon may be after a dwell. */
export interface Outcome {
  /** Cells count from silicon's own. */
  readonly site: Site;
  readonly probability: number;
}

/** Probability that may go unaccounted for beyond the patch. */
const tolerance = 1e-9;
const largestPatchHops = 24;

/**
 * Where silicon is after a dwell: exact probabilities over all sites that it can reach, however many
 * hops it takes.
 *
 * $P = e^{Qt}$ of the Markov chain whose rates are read at each site with the beam where it is.
 * Sites are listed in order of their distance in hops; they sum to 1 within 1e-9.
 *
 * @throws E_DWELL if the dwell time is negative or not finite
 * @precision absolute error of each probability below 1e-9
 */
export function outcomeProbabilities(
  map: RateMap,
  options: ParkedBeam & { readonly dwellTimeS: number },
): Outcome[] {
  return outcomeKernels(map, { ...options, dwellTimesS: [options.dwellTimeS] })[0];
}

/**
 * {@link outcomeProbabilities} for several dwell times at one place of the beam, at the price of the
 * longest.
 *
 * @returns outcomes in the order of `dwellTimesS`
 * @throws E_DWELL if a dwell time is negative or not finite
 */
export function outcomeKernels(
  map: RateMap,
  options: ParkedBeam & { readonly dwellTimesS: readonly number[] },
): Outcome[][] {
  const { sublattice, dwellTimesS } = options;
  for (const dwellTimeS of dwellTimesS) {
    if (!(dwellTimeS >= 0 && Number.isFinite(dwellTimeS))) {
      throw new InputError(
        "E_DWELL",
        `outcomeProbabilities: a dwell lasts 0 s or longer; got ${dwellTimeS}`,
      );
    }
  }
  for (let maxHops = 4; ; maxHops += 4) {
    const patch = patchAbout(sublattice, maxHops);
    const rates = ratesOnPatch(map, patch, options);
    const distributions = propagate(patch, rates, dwellTimesS);
    const escaped = Math.max(...distributions.map((p) => onEdge(patch, p, maxHops)));
    if (escaped > tolerance && maxHops < largestPatchHops) continue;
    return distributions.map((p) => patch.sites.map((site, s) => ({ site, probability: p[s] })));
  }
}

/**
 * The rate of every hop between sites of a patch, the beam parked.
 *
 * @returns hops per second. @shape [sites, 3]
 */
export function ratesOnPatch(map: RateMap, patch: Patch, parked: ParkedBeam): Float64Array {
  const { angle, beamOffset, beam } = parked;
  const first = direction(angle);
  const a = bondLengthAngstrom;
  const lattice = {
    // the lattice whose silicon, the patch's first site, is the origin
    origin:
      patch.sites[0].sublattice === "A" ? { x: 0, y: 0 } : { x: -a * first.x, y: -a * first.y },
    angle,
    bondLengthAngstrom: a,
  };
  const rates = new Float64Array(3 * patch.sites.length);
  patch.sites.forEach((site, s) => {
    const from = minus(beamOffset, sitePosition(lattice, site));
    rates.set(hopRates(map, from, neighbourAngles(lattice, site.sublattice), beam), 3 * s);
  });
  return rates;
}

/**
 * Propagates silicon from the patch's first site. Silicon that reaches the patch's edge stays there.
 *
 * @param rates hops per second. @shape [sites, 3]
 * @returns a distribution over the patch's sites for each dwell time
 */
export function propagate(
  patch: Patch,
  rates: Float64Array,
  dwellTimesS: readonly number[],
): Float64Array[] {
  const chain = uniformized(patch, rates);
  const start = new Float64Array(patch.sites.length);
  start[0] = 1;
  // Dwells of very many hops are cut in pieces, so that the first Poisson weight does not underflow.
  const pieces = Math.ceil((Math.max(...dwellTimesS) * chain.fastest) / 500);
  if (pieces <= 1) return spread(chain, start, dwellTimesS);
  return dwellTimesS.map((t) => {
    let now: Float64Array = start;
    for (let piece = 0; piece < pieces; piece++) now = spread(chain, now, [t / pieces])[0];
    return now;
  });
}

/** A Markov chain in continuous time as a discrete chain with jumps at one common rate. */
interface Uniformized {
  /** The common rate. @unit per second */
  readonly fastest: number;
  /** The distribution after one more jump. */
  readonly jump: (from: Float64Array) => Float64Array;
}

function uniformized({ sites, hops, neighbour }: Patch, rates: Float64Array): Uniformized {
  const interior = hops.indexOf(hops[sites.length - 1]);
  const total = new Float64Array(interior);
  for (let s = 0; s < interior; s++) total[s] = rates[3 * s] + rates[3 * s + 1] + rates[3 * s + 2];
  const fastest = total.reduce((a, b) => Math.max(a, b), 0);
  return {
    fastest,
    jump: (from) => {
      const to = from.slice();
      for (let s = 0; s < interior; s++) {
        const share = from[s] / fastest;
        if (share === 0) continue;
        to[s] -= share * total[s];
        for (let k = 3 * s; k < 3 * s + 3; k++) to[neighbour[k]] += share * rates[k];
      }
      return to;
    },
  };
}

/**
 * Uniformisation: a Poisson number of jumps, whose distributions serve all times.
 *
 * @source Jensen 1953, "Markoff chains as an aid in the study of Markoff processes"
 */
function spread(
  { fastest, jump }: Uniformized,
  start: Float64Array,
  timesS: readonly number[],
): Float64Array[] {
  const results = timesS.map(() => new Float64Array(start.length));
  const weights = timesS.map((t) => Math.exp(-fastest * t));
  const left = timesS.map(() => 1);
  let now = start;
  for (let n = 1; ; n++) {
    results.forEach((result, k) => {
      left[k] -= weights[k];
      for (let s = 0; s < result.length; s++) result[s] += weights[k] * now[s];
    });
    if (left.every((rest) => rest < 1e-13) || n > 2000) return results;
    timesS.forEach((t, k) => (weights[k] *= (fastest * t) / n));
    now = jump(now);
  }
}

function onEdge({ hops }: Patch, distribution: Float64Array, maxHops: number): number {
  return distribution.reduce((sum, p, s) => (hops[s] === maxHops ? sum + p : sum), 0);
}
