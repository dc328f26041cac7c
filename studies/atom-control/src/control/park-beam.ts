import { random, type Stream } from "@quadrivium/core";
import { neighbours, sitePosition, type Site } from "../model/honeycomb.js";
import { hopsDuring, type Dwell, type Hop } from "../model/kinetic-monte-carlo.js";
import type { RateMap } from "../model/rate-map.js";
import { distance } from "../model/vector.js";
import { countsPerS, type Detector } from "./adf-signal.js";
import { cusum } from "./cusum.js";

/** What happened while the beam was parked. */
export interface ParkResult {
  readonly silicon: Site;
  readonly hops: number;
  /** Shorter than asked where the beam was stopped. */
  readonly dwellTimeS: number;
}

/** One sample of the detector's trace. */
const sampleS = 1e-3;
/** A false alarm in more than e^14 samples: not once in 20 minutes. */
export const arrivalThreshold = 14;

/** Parks the beam for the whole dwell. */
export function parkFully(map: RateMap, dwell: Dwell, stream: Stream): ParkResult {
  let silicon = dwell.silicon;
  let hops = 0;
  for (const hop of hopsDuring(map, dwell, stream)) {
    silicon = hop.to;
    hops++;
  }
  return { silicon, hops, dwellTimeS: dwell.dwellTimeS };
}

/** A stay of the beam as the detector saw it. */
export interface WatchedStay {
  readonly hops: readonly Hop[];
  /** Counts of every millisecond, until the alarm. */
  readonly trace: readonly number[];
  readonly alarm: boolean;
}

/** Parks the beam and counts, a millisecond at a time, until an alarm is raised or the dwell ends. */
export function watchBeam(
  map: RateMap,
  {
    dwell,
    detector,
    raisesAlarm,
  }: {
    readonly dwell: Dwell;
    readonly detector: Detector;
    readonly raisesAlarm: (counts: number) => boolean;
  },
  stream: Stream,
): WatchedStay {
  const { lattice, beamPosition } = dwell;
  const level = (silicon: Site): number =>
    sampleS * countsPerS(detector, lattice, { beamPosition, silicon });
  const events = hopsDuring(map, dwell, stream);
  let next = events.next();
  let mean = level(dwell.silicon);
  const hops: Hop[] = [];
  const trace: number[] = [];
  const samples = Math.ceil(dwell.dwellTimeS / sampleS);
  for (let n = 1; n <= samples; n++) {
    while (!next.done && next.value.timeS < n * sampleS) {
      hops.push(next.value);
      mean = level(next.value.to);
      next = events.next();
    }
    const counts = random.samplePoisson(stream, mean);
    trace.push(counts);
    if (raisesAlarm(counts)) return { hops, trace, alarm: true };
  }
  return { hops, trace, alarm: false };
}

/** Counts a millisecond before and after silicon's hop to the site nearest to the beam. */
export function arrivalLevels(
  { lattice, silicon, beamPosition }: Pick<Dwell, "lattice" | "silicon" | "beamPosition">,
  detector: Detector,
): { readonly before: number; readonly after: number } {
  const target = neighbours(silicon).reduce((a, b) =>
    distance(sitePosition(lattice, b), beamPosition) <
    distance(sitePosition(lattice, a), beamPosition)
      ? b
      : a,
  );
  const level = (site: Site): number =>
    sampleS * countsPerS(detector, lattice, { beamPosition, silicon: site });
  return { before: level(silicon), after: level(target) };
}

/**
 * Parks the beam and blanks it as soon as the detector's counts say that silicon has arrived at its
 * neighbour nearest to the beam.
 *
 * @param expected the dwell as the controller believes it to be: its levels are what is tested for
 */
export function parkUntilArrival(
  map: RateMap,
  {
    dwell,
    expected,
    detector,
  }: {
    readonly dwell: Dwell;
    readonly expected: Pick<Dwell, "beamPosition">;
    readonly detector: Detector;
  },
  stream: Stream,
): ParkResult {
  const levels = arrivalLevels({ ...dwell, ...expected }, detector);
  const raisesAlarm = cusum({ ...levels, threshold: arrivalThreshold });
  const { hops, trace, alarm } = watchBeam(map, { dwell, detector, raisesAlarm }, stream);
  return {
    silicon: hops.at(-1)?.to ?? dwell.silicon,
    hops: hops.length,
    dwellTimeS: alarm ? trace.length * sampleS : dwell.dwellTimeS,
  };
}
