import { bondLengthAngstrom, type Site } from "../model/honeycomb.js";
import {
  propagate,
  ratesOnPatch,
  type Outcome,
  type ParkedBeam,
} from "../model/outcome-probabilities.js";
import { patchAbout } from "../model/patch.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { bestOffset, candidateOffsets, type Offset } from "./offsets.js";

/** A stay of the beam in the frame of the neighbour that it aims at. */
export interface Action extends Offset {
  /** At most, where `stopOnArrival`. */
  readonly dwellTimeS: number;
  readonly stopOnArrival: boolean;
}

/** What an action does, in the canonical frame: silicon on A of cell (0, 0), aimed at its first neighbour. */
export interface ActionKernel {
  readonly action: Action;
  /** Shorter than the action's dwell where the beam stops on arrival. */
  readonly expectedDwellS: number;
  readonly outcomes: readonly Outcome[];
  /**
   * Where the beam stops on arrival: the probability that it has stopped, at equal steps of the dwell
   * from 0 on.
   */
  readonly stopped?: Float64Array;
}

/** What a planner may do. */
export interface ActionOptions {
  readonly beam: BeamSettings;
  /** Whether the detector is watched, so that the beam can be blanked on arrival. */
  readonly watch: boolean;
  /** Where a map is uncertain: its lower bound; places that it rates far below the best are left out. */
  readonly lowerBound?: RateMap;
}

/** The kernels of all actions, with some canonical sites closed to silicon. */
export type KernelSource = (isBlocked?: (site: Site) => boolean) => ActionKernel[];

/** Dwells that are tried: half a second to 15 s in steps of a third. */
const dwellTimesS = Array.from({ length: 13 }, (_, n) => 0.5 * 30 ** (n / 12));
/** With the beam stopped on arrival a long stay costs little. */
const watchedTimesS = [1, 2, 4, 8, 15, 30];
/** Watched stays are cut so short that silicon is not likelier than this to hop twice, unseen. */
const mostDoubleHops = 0.01;
/** Outcomes rarer than this do not change a plan; their share goes to the others. */
const negligible = 1e-4;
/** A stay after which silicon is less likely than this within one hop scatters it, and is no plan. */
const leastNear = 0.5;

const patchHops = 6;
const patch = patchAbout("A", patchHops);

/**
 * The actions that a planner weighs on a map, with the exact distribution of silicon after each.
 *
 * The map is read once: closing sites costs only the propagation.
 */
export function kernelSource(map: RateMap, options: ActionOptions): KernelSource {
  const { beam, watch, lowerBound = map } = options;
  const offsets = [bestOffset(lowerBound, beam), ...candidateOffsets(lowerBound, beam)];
  if (watch) offsets.push(...candidateOffsets(lowerBound, beam, seesArrival));
  const places = distinct(offsets).map((offset) => ({
    offset,
    rates: ratesOnPatch(map, patch, parkedAt(offset, beam)),
  }));
  return (isBlocked) => {
    const closed = isBlocked === undefined ? undefined : patch.sites.map(isBlocked);
    return places.flatMap(({ offset, rates: open }) => {
      const rates = closed === undefined ? open : open.slice();
      if (closed !== undefined) {
        rates.forEach((_, k) => {
          if (closed[patch.neighbour[k]]) rates[k] = 0;
        });
      }
      return watch && seesArrival(offset)
        ? watchedKernels(offset, rates)
        : timedKernels(offset, rates);
    });
  };
}

function distinct(offsets: readonly Offset[]): Offset[] {
  const name = ({ along, across }: Offset): string => `${along.toFixed(2)},${across.toFixed(2)}`;
  return [...new Map(offsets.map((offset) => [name(offset), offset])).values()];
}

function parkedAt({ along, across }: Offset, beam: BeamSettings): ParkedBeam {
  const a = bondLengthAngstrom;
  return { sublattice: "A", angle: 0, beamOffset: { x: a * along, y: a * across }, beam };
}

function timedKernels(offset: Offset, rates: Float64Array): ActionKernel[] {
  return outcomesAfter(rates, dwellTimesS).flatMap((outcomes, k) => {
    if (k > 0 && withinOneHop(outcomes) < leastNear) return [];
    const dwellTimeS = dwellTimesS[k];
    return [
      {
        action: { ...offset, dwellTimeS, stopOnArrival: false },
        expectedDwellS: dwellTimeS,
        outcomes: likely(outcomes),
      },
    ];
  });
}

/** Whether silicon would be seen arriving: the beam stands near the neighbour aimed at. */
function seesArrival({ along, across }: Offset): boolean {
  return Math.hypot(along - 1, across) < 0.6;
}

/** Points of Simpson's rule for the time until arrival. */
const intervals = 16;

function watchedKernels(offset: Offset, open: Float64Array): ActionKernel[] {
  // Once silicon is on the first neighbour, the patch's second site, it stays: the beam is blanked.
  const rates = open.slice().fill(0, 3, 6);
  const short = watchedTimesS.filter((t) => unseenDoubleHops(rates, t) <= mostDoubleHops);
  // where no stay is short enough, none is preferred
  return (short.length > 0 ? short : watchedTimesS).map((dwellTimeS) => {
    const timesS = Array.from({ length: intervals + 1 }, (_, n) => (dwellTimeS * n) / intervals);
    const distributions = outcomesAfter(rates, timesS);
    const waiting = distributions.reduce((sum, p, n) => {
      const weight = n === 0 || n === intervals ? 1 : n % 2 === 1 ? 4 : 2;
      return sum + weight * (1 - p[1].probability);
    }, 0);
    return {
      action: { ...offset, dwellTimeS, stopOnArrival: true },
      expectedDwellS: (waiting * dwellTimeS) / intervals / 3,
      outcomes: likely(distributions[intervals]),
      stopped: Float64Array.from(distributions, (p) => p[1].probability),
    };
  });
}

/**
 * Probability that silicon hops to a neighbour that is not watched, and on from there, within a
 * dwell.
 *
 * $\sum_k r_k \left[\frac{1 - e^{-Rt}}{R} - \frac{e^{-R_k t} - e^{-Rt}}{R - R_k}\right]$ over the two
 * others, $R$ the total rate at silicon's site and $R_k$ that at the neighbour.
 */
function unseenDoubleHops(rates: Float64Array, dwellTimeS: number): number {
  const total = (site: number): number =>
    rates[3 * site] + rates[3 * site + 1] + rates[3 * site + 2];
  const leaving = total(0);
  return [1, 2].reduce((sum, k) => {
    const onward = total(patch.neighbour[k]);
    // equal rates would divide 0 by 0
    const gap = Math.abs(leaving - onward) < 1e-9 ? 1e-9 : leaving - onward;
    const left = (1 - Math.exp(-leaving * dwellTimeS)) / Math.max(leaving, 1e-300);
    const waits = (Math.exp(-(leaving - gap) * dwellTimeS) - Math.exp(-leaving * dwellTimeS)) / gap;
    return sum + rates[k] * (left - waits);
  }, 0);
}

function outcomesAfter(rates: Float64Array, timesS: readonly number[]): Outcome[][] {
  return propagate(patch, rates, timesS).map((p) =>
    patch.sites.map((site, s) => ({ site, probability: p[s] })),
  );
}

/** Probability that silicon is where it was or on a neighbour: the first four sites of a patch. */
function withinOneHop(outcomes: readonly Outcome[]): number {
  return outcomes.slice(0, 4).reduce((sum, { probability }) => sum + probability, 0);
}

/** The outcomes that matter, summing to 1. */
function likely(outcomes: readonly Outcome[]): Outcome[] {
  const kept = outcomes.filter(({ probability }) => probability > negligible);
  const total = kept.reduce((sum, { probability }) => sum + probability, 0);
  return kept.map(({ site, probability }) => ({ site, probability: probability / total }));
}
