import { random, type Stream } from "@quadrivium/core";
import { neighbours, sitePosition, type Site } from "../model/honeycomb.js";
import { hopsDuring, type Dwell } from "../model/kinetic-monte-carlo.js";
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
const threshold = 14;

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
  const { lattice, beamPosition } = dwell;
  const level = (place: typeof beamPosition, silicon: Site): number =>
    sampleS * countsPerS(detector, lattice, { beamPosition: place, silicon });
  const target = neighbours(dwell.silicon).reduce((a, b) =>
    distance(sitePosition(lattice, b), expected.beamPosition) <
    distance(sitePosition(lattice, a), expected.beamPosition)
      ? b
      : a,
  );
  const raisesAlarm = cusum({
    before: level(expected.beamPosition, dwell.silicon),
    after: level(expected.beamPosition, target),
    threshold,
  });
  const events = hopsDuring(map, dwell, stream);
  let next = events.next();
  let silicon = dwell.silicon;
  let hops = 0;
  let mean = level(beamPosition, silicon);
  const samples = Math.ceil(dwell.dwellTimeS / sampleS);
  for (let n = 1; n <= samples; n++) {
    while (!next.done && next.value.timeS < n * sampleS) {
      silicon = next.value.to;
      mean = level(beamPosition, silicon);
      hops++;
      next = events.next();
    }
    if (raisesAlarm(random.samplePoisson(stream, mean))) {
      return { silicon, hops, dwellTimeS: n * sampleS };
    }
  }
  return { silicon, hops, dwellTimeS: dwell.dwellTimeS };
}
