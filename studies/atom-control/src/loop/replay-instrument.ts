import type { Instrument } from "./adapter.js";
import type { LoopClock } from "./clock.js";
import { encodeCounts } from "./frame-codec.js";
import { protocolVersion } from "./protocol.js";

/** A stay of the beam as it was recorded. */
export interface RecordedPark {
  readonly xPx: number;
  readonly yPx: number;
  readonly durationMs: number;
  readonly arrived: boolean;
  readonly trace: readonly number[];
  readonly sampleMs: number;
}

/** A frame as it was recorded, with the stays of the beam that followed it. */
export interface RecordedFrame {
  readonly frameId: string;
  readonly px: number;
  readonly fovAngstrom: number;
  readonly counts: Float32Array;
  readonly durationMs: number;
  readonly parks: readonly RecordedPark[];
}

/** Recorded stays this near to a command's place answer it. @unit pixels */
const samePlacePx = 1;

/**
 * Plays a recording: one frame after the other, whatever is asked for, and the recorded trace where
 * the beam is parked as it was. Where it is parked otherwise there is no trace, and the next frame
 * shows what it showed then.
 */
export function replayInstrument(
  recording: readonly RecordedFrame[],
  {
    clock,
    beam,
  }: {
    readonly clock: LoopClock;
    readonly beam: { readonly currentNanoA: number; readonly voltageKv: number };
  },
): Instrument {
  let next = 0;
  let parks: RecordedPark[] = [];
  let place = { xPx: Number.NaN, yPx: Number.NaN };
  let isBlanked = true;
  let finish = (): void => {};
  const wait = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve(true));
      finish = () => {
        cancel();
        resolve(false);
      };
    });
  return {
    describe: () => ({
      protocolVersion,
      id: `replay of ${recording.length} frames`,
      isSimulated: true,
      origin: "top-left",
      hasTrace: recording.some((frame) => frame.parks.some(({ trace }) => trace.length > 0)),
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
    scan: async ({ px: pxAsked, pixelTimeUs }) => {
      const frame = recording[next];
      if (frame === undefined) throw new Error("the recording has ended");
      next++;
      const startMs = clock.nowMs();
      // no longer than was asked for, at which the adapter would break it off
      const mostMs = (pxAsked ** 2 * pixelTimeUs) / 1000;
      if (!(await wait(Math.min(frame.durationMs, mostMs)))) return null;
      parks = [...frame.parks];
      const { frameId, px, fovAngstrom } = frame;
      const countsBase64 = encodeCounts(frame.counts);
      return { frameId, px, fovAngstrom, countsBase64, startMs, endMs: clock.nowMs() };
    },
    place: ({ xPx, yPx }) => {
      place = { xPx, yPx };
    },
    watch: async ({ dwellTimeS }) => {
      const at = parks.findIndex(
        ({ xPx, yPx }) => Math.hypot(xPx - place.xPx, yPx - place.yPx) <= samePlacePx,
      );
      const [park] = at < 0 ? [] : parks.splice(at, 1);
      const isWhole = await wait(Math.min(dwellTimeS * 1000, park?.durationMs ?? Infinity));
      if (park === undefined) return { arrived: false, trace: [], sampleMs: 1 };
      const { arrived, trace, sampleMs } = park;
      return { arrived: arrived && isWhole, trace, sampleMs };
    },
    shift: async () => {},
  };
}
