import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { readFrames } from "@quadrivium/io";
import type { Instrument } from "../loop/adapter.js";
import type { LoopClock } from "../loop/clock.js";
import { encodeCounts } from "../loop/frame-codec.js";
import { type AcquireCommand, type ParkCommand, protocolVersion } from "../loop/protocol.js";

/** How often the folder is looked at. @unit millisecond */
const pollMs = 200;
/** How long a person may take for a step. @unit millisecond */
const patienceMs = 1_800_000;
/** Files of these kinds are frames. */
const frameKinds = new Set(
  [".npy", ".npz", ".png", ".tif", ".tiff", ".dm3", ".dm4", ".ndata", ".ndata1", ".mrc"].concat([
    ".emd",
    ".h5",
    ".hdf5",
  ]),
);

/** Where steps go out and frames come in. */
export interface FileDropOptions {
  readonly folder: string;
  readonly clock: LoopClock;
  /** The beam as the person at the microscope has set it. */
  readonly beam: { readonly currentNanoA: number; readonly voltageKv: number };
}

/**
 * An instrument worked by a person: every step is one file `step-NNNN.json` in a folder, with the
 * stay of the beam (or none) and the frame to take after it; the frame, saved into the same folder
 * in any format that can be read, answers it.
 *
 * A stay waits for the frame that follows it, so that nothing is written which has not passed the
 * limits whole. The person holds the dwell's time; a step that is called off leaves
 * `stop-NNNN.json`. Files that were there before a step do not answer it.
 */
export function fileDropInstrument({ folder, clock, beam }: FileDropOptions): Instrument {
  mkdirSync(folder, { recursive: true });
  let step = readdirSync(folder).filter((name) => /^step-\d+\.json$/.test(name)).length;
  let frames = 0;
  let placed: ParkCommand | undefined;
  let stay: ParkCommand | undefined;
  let finish = (): void => {};
  const sizes = new Map<string, number>();

  const write = (kind: string, content: object): void => {
    const name = `${kind}-${String(step).padStart(4, "0")}.json`;
    writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  };
  const writeStep = ({ fovAngstrom, px, pixelTimeUs }: AcquireCommand): void => {
    step++;
    const park = stay === undefined ? null : stayOf(stay, sizes.get(stay.frameId) ?? px);
    const acquire = { fovAngstrom, px, pixelTimeUs };
    write("step", { step, park, acquire, answer: "save the frame into this folder" });
    stay = undefined;
  };
  /** The next new frame file that has stopped growing; `null` once broken off. */
  const nextFrame = (earlier: ReadonlySet<string>): Promise<string | null> =>
    new Promise((resolve) => {
      let cancel = (): void => {};
      let size = -1;
      const poll = (): void => {
        const [found] = frameFiles(folder).filter((name) => !earlier.has(name));
        const now = found === undefined ? -1 : statSync(join(folder, found)).size;
        if (found !== undefined && now > 0 && now === size) {
          finish = () => {};
          resolve(found);
          return;
        }
        size = now;
        cancel = clock.after(pollMs, poll);
      };
      finish = () => {
        cancel();
        finish = () => {};
        write("stop", { step, stop: "blank the beam now; do not carry out this step" });
        resolve(null);
      };
      poll();
    });
  const blanked = (): void => {};
  return {
    describe: () => ({
      protocolVersion,
      id: `file drop in ${folder}`,
      isSimulated: false,
      origin: "top-left",
      hasTrace: false,
      patienceMs,
    }),
    status: () => ({ ...beam, isBlanked: true, isReady: true }),
    unblank: blanked,
    blank: blanked,
    breakOff: () => {
      stay = undefined;
      finish();
    },
    scan: async (command) => {
      const startMs = clock.nowMs();
      const earlier = new Set(frameFiles(folder));
      writeStep(command);
      const name = await nextFrame(earlier);
      if (name === null) return null;
      const [frame] = readFrames(new Uint8Array(readFileSync(join(folder, name))), name);
      if (frame === undefined || frame.width !== command.px || frame.height !== command.px) {
        const size = frame === undefined ? "no frame" : `${frame.width} × ${frame.height} pixels`;
        throw new Error(`${name} holds ${size}; ${command.px} × ${command.px} were asked for`);
      }
      const stated = frame.pixelSizeAngstrom;
      const frameId = `${frames++}-${name}`.slice(0, 128);
      sizes.set(frameId, command.px);
      return {
        frameId,
        px: command.px,
        fovAngstrom: stated === null ? command.fovAngstrom : stated * command.px,
        countsBase64: encodeCounts(Float32Array.from(frame.counts)),
        startMs,
        endMs: clock.nowMs(),
      };
    },
    place: (command) => {
      if (stay !== undefined) throw new Error("a stay waits for its frame: take it first");
      placed = command;
    },
    watch: async () => {
      stay = placed;
      return { arrived: false, trace: [], sampleMs: 1 };
    },
    shift: () => Promise.reject(new Error("move the field of view by hand, and start anew")),
  };
}

/** A stay as a person reads it. */
function stayOf({ frameId, xPx, yPx, dwellTimeS }: ParkCommand, px: number): object {
  const [xFraction, yFraction] = [(xPx + 0.5) / px, (yPx + 0.5) / px];
  return { frameId, xPx, yPx, xFraction, yFraction, dwellTimeS, afterwards: "blank the beam" };
}

function frameFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => frameKinds.has(extname(name).toLowerCase()))
    .sort();
}
