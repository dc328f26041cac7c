import { bondLengthAngstrom, type Site } from "../model/honeycomb.js";
import {
  propagate,
  ratesOnPatch,
  type Outcome,
  type ParkedBeam,
} from "../model/outcome-probabilities.js";
import { patchAbout } from "../model/patch.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { candidateOffsets, type Offset } from "./offsets.js";

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
}

/** What a planner may do. */
export interface ActionOptions {
  readonly beam: BeamSettings;
  /** Whether the detector is watched, so that the beam can be blanked on arrival. */
  readonly watch: boolean;
  /** Where a map is uncertain: its lower bound; places that it rates far below the best are left out. */
  readonly lowerBound?: RateMap;
  /** Canonical sites that silicon cannot enter. */
  readonly isBlocked?: (site: Site) => boolean;
}

/** Dwells that are tried: half a second to 15 s in steps of a third. */
const dwellTimesS = Array.from({ length: 13 }, (_, n) => 0.5 * 30 ** (n / 12));
/** With the beam stopped on arrival a long stay costs nothing. */
const watchedTimesS = [4, 8, 15, 30];
/** Outcomes rarer than this do not change a plan; their share goes to the others. */
const negligible = 1e-4;
/** A stay after which silicon is less likely than this within one hop scatters it, and is no plan. */
const leastNear = 0.5;

/** The actions that a planner weighs on a map, with the exact distribution of silicon after each. */
export function actionKernels(map: RateMap, options: ActionOptions): ActionKernel[] {
  const { beam, watch, lowerBound, isBlocked } = options;
  return candidateOffsets(lowerBound ?? map, beam).flatMap((offset) => {
    const parked: ParkedBeam = {
      sublattice: "A",
      angle: 0,
      beamOffset: { x: offset.along * bondLengthAngstrom, y: offset.across * bondLengthAngstrom },
      beam,
    };
    if (watch && seesArrival(offset)) return watchedKernels(map, { parked, offset, isBlocked });
    return onPatch(map, { parked, isBlocked, timesS: dwellTimesS }).flatMap((outcomes, k) => {
      if (k > 0 && withinOneHop(outcomes) < leastNear) return [];
      return [
        {
          action: { ...offset, dwellTimeS: dwellTimesS[k], stopOnArrival: false },
          expectedDwellS: dwellTimesS[k],
          outcomes: likely(outcomes),
        },
      ];
    });
  });
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

/** Whether silicon would be seen arriving: the beam stands near the neighbour aimed at. */
function seesArrival({ along, across }: Offset): boolean {
  return Math.hypot(along - 1, across) < 0.6;
}

interface PatchRequest {
  readonly parked: ParkedBeam;
  readonly isBlocked?: ((site: Site) => boolean) | undefined;
  readonly timesS: readonly number[];
  /** Once silicon is on the first neighbour it stays: the beam is blanked. */
  readonly stopOnArrival?: boolean;
}

const patchHops = 6;

function onPatch(map: RateMap, request: PatchRequest): Outcome[][] {
  const { parked, isBlocked, timesS, stopOnArrival = false } = request;
  const patch = patchAbout("A", patchHops);
  const rates = ratesOnPatch(map, patch, parked);
  if (isBlocked !== undefined) {
    const closed = patch.sites.map(isBlocked);
    rates.forEach((_, k) => {
      if (closed[patch.neighbour[k]]) rates[k] = 0;
    });
  }
  // the first neighbour is the patch's second site
  if (stopOnArrival) rates.fill(0, 3, 6);
  return propagate(patch, rates, timesS).map((p) =>
    patch.sites.map((site, s) => ({ site, probability: p[s] })),
  );
}

/** Points of Simpson's rule for the time until arrival. */
const intervals = 16;

function watchedKernels(
  map: RateMap,
  { parked, offset, isBlocked }: { readonly offset: Offset } & Omit<PatchRequest, "timesS">,
): ActionKernel[] {
  return watchedTimesS.map((dwellTimeS) => {
    const timesS = Array.from({ length: intervals + 1 }, (_, n) => (dwellTimeS * n) / intervals);
    const distributions = onPatch(map, { parked, isBlocked, timesS, stopOnArrival: true });
    const waiting = distributions.reduce((sum, p, n) => {
      const weight = n === 0 || n === intervals ? 1 : n % 2 === 1 ? 4 : 2;
      return sum + weight * (1 - p[1].probability);
    }, 0);
    return {
      action: { ...offset, dwellTimeS, stopOnArrival: true },
      expectedDwellS: (waiting * dwellTimeS) / intervals / 3,
      outcomes: likely(distributions[intervals]),
    };
  });
}
