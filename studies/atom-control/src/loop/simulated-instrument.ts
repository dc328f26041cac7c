import { foldIn, streamOf, type Key } from "@quadrivium/core";
import { measuredDetector, type Detector } from "../control/adf-signal.js";
import { cusum } from "../control/cusum.js";
import { watchBeam } from "../control/park-beam.js";
import { bondLengthAngstrom, nearestSite } from "../model/honeycomb.js";
import { paperBeam, type RateMap } from "../model/rate-map.js";
import { plus, type Vector } from "../model/vector.js";
import { instrumentByName, type Instrument as Microscope } from "../simulate/instrument.js";
import { atRest, drift } from "../simulate/scan.js";
import { takeFrame, type Specimen } from "../simulate/take-frame.js";
import type { Instrument } from "./adapter.js";
import { timerSlackMs, type LoopClock } from "./clock.js";
import { encodeCounts } from "./frame-codec.js";
import { binnedTrace } from "./trace.js";
import { protocolVersion } from "./protocol.js";

/** A microscope that is not there. */
export interface SimulatedInstrumentOptions {
  readonly map: RateMap;
  /** Decides everything random. */
  readonly key: Key;
  readonly clock: LoopClock;
  /** What goes wrong with it, see `instrumentByName`; default "paper-like". */
  readonly microscope?: Microscope;
}

/**
 * Silicon in graphene under a simulated beam: the sheet drifts while the clock runs, silicon hops
 * under the parked beam and under the scan, frames and the detector's trace are Poisson counts.
 */
export function simulatedInstrument(options: SimulatedInstrumentOptions): Instrument {
  const { map, clock, microscope = instrumentByName("paper-like") } = options;
  const { beam } = microscope;
  const stream = streamOf(foldIn(options.key, 0));
  const frameKey = foldIn(options.key, 1);
  const lattice = {
    origin: { x: stream.uniform() - 0.5, y: stream.uniform() - 0.5 },
    angle: (stream.uniform() * Math.PI) / 3,
    bondLengthAngstrom,
  };
  const silicon = nearestSite(lattice, { x: 0, y: 0 });
  let specimen: Specimen = {
    sheet: { lattice, silicon: [silicon] },
    drift: atRest,
    centre: { x: 0, y: 0 },
  };
  const detector: Detector = {
    ...measuredDetector,
    carbonCountsPerS:
      (measuredDetector.carbonCountsPerS * beam.currentNanoA) / paperBeam.currentNanoA,
  };
  let isBlanked = true;
  let beamAt: Vector = { x: 0, y: 0 };
  let frames = 0;
  let driftedMs = clock.nowMs();
  let finish = (): void => {};
  const shapes = new Map<string, { readonly px: number; readonly fovAngstrom: number }>();

  /** Lets the sheet drift up to now. */
  const driftOn = (): void => {
    const timeS = (clock.nowMs() - driftedMs) / 1000;
    driftedMs = clock.nowMs();
    const moved = drift(specimen.drift, { model: microscope.drift, timeS }, stream);
    specimen = { ...specimen, drift: moved };
  };
  /** False where it was broken off before its last millisecond, the step of a real timer. */
  const wait = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const endMs = clock.nowMs() + ms;
      const cancel = clock.after(ms, () => resolve(true));
      finish = () => {
        cancel();
        resolve(clock.nowMs() >= endMs - timerSlackMs);
      };
    });
  return {
    describe: () => ({
      protocolVersion,
      id: `simulator, rate map ${map.name}`,
      isSimulated: true,
      origin: "top-left",
      hasTrace: true,
      patienceMs: 0,
    }),
    status: () => ({ ...beam, isBlanked, isReady: true }),
    unblank: () => {
      isBlanked = false;
    },
    blank: () => {
      isBlanked = true;
    },
    breakOff: () => finish(),
    scan: async ({ px, fovAngstrom, pixelTimeUs }) => {
      const startMs = clock.nowMs();
      driftOn();
      const frameTimeS = px * px * pixelTimeUs * 1e-6;
      if (!(await wait(frameTimeS * 1000))) return null;
      const carbonCounts = detector.carbonCountsPerS * pixelTimeUs * 1e-6;
      const instrument: Microscope = {
        ...microscope,
        frameTimeS,
        fovAngstrom,
        pixels: px,
        image: { ...microscope.image, carbonCounts },
      };
      const taken = takeFrame(specimen, { instrument, map, key: foldIn(frameKey, frames) });
      specimen = taken.after;
      driftedMs = clock.nowMs();
      const frameId = `frame-${frames++}`;
      shapes.set(frameId, { px, fovAngstrom });
      const countsBase64 = encodeCounts(taken.frame.counts);
      return { frameId, px, fovAngstrom, countsBase64, startMs, endMs: clock.nowMs() };
    },
    place: ({ frameId, xPx, yPx }) => {
      const shape = shapes.get(frameId);
      if (shape === undefined) throw new Error(`no frame "${frameId}"`);
      const pixel = shape.fovAngstrom / shape.px;
      const { centre } = specimen;
      beamAt = {
        x:
          centre.x + (xPx + 0.5) * pixel - shape.fovAngstrom / 2 + microscope.placementBiasAngstrom,
        y: centre.y - ((yPx + 0.5) * pixel - shape.fovAngstrom / 2),
      };
    },
    watch: async ({ dwellTimeS, stopOn }) => {
      const startMs = clock.nowMs();
      driftOn();
      const { sheet } = specimen;
      const stay = watchBeam(
        map,
        {
          dwell: {
            lattice: { ...lattice, origin: plus(lattice.origin, specimen.drift.position) },
            silicon: sheet.silicon[0],
            beamPosition: beamAt,
            dwellTimeS,
            beam,
          },
          detector,
          raisesAlarm: stopOn === null ? () => false : cusum(stopOn),
        },
        stream,
      );
      await wait(stay.alarm ? stay.trace.length : dwellTimeS * 1000);
      const passedMs = clock.nowMs() - startMs;
      for (const { timeS, to } of stay.hops) {
        if (timeS * 1000 > passedMs + 1e-6) break;
        specimen = { ...specimen, sheet: { ...sheet, silicon: [to] } };
      }
      return {
        arrived: stay.alarm && stay.trace.length <= passedMs + 1e-6,
        ...binnedTrace(stay.trace.slice(0, Math.ceil(passedMs))),
      };
    },
    shift: async ({ dxAngstrom, dyAngstrom }) => {
      const { centre } = specimen;
      specimen = { ...specimen, centre: { x: centre.x + dxAngstrom, y: centre.y - dyAngstrom } };
    },
  };
}
