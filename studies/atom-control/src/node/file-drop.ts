import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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
 * The person holds the dwell's time; what is written has passed the limits, and a step that is
 * called off leaves `stop-NNNN.json`.
 */
export function fileDropInstrument({ folder, clock, beam }: FileDropOptions): Instrument {
  mkdirSync(folder, { recursive: true });
  const used = new Set(frameFiles(folder));
  let step = readdirSync(folder).filter((name) => /^step-\d+\.json$/.test(name)).length;
  let frames = 0;
  let settings: AcquireCommand | undefined;
  let toPark: ParkCommand | undefined;
  /** A frame that came while a stay was waited for: it answers the next scan. */
  let arrived: string | undefined;
  let finish = (): void => {};

  const numbered = (kind: string): string =>
    join(folder, `${kind}-${String(step).padStart(4, "0")}.json`);
  const writeStep = (park: ParkCommand | null, acquire: AcquireCommand): void => {
    step++;
    const { fovAngstrom, px, pixelTimeUs } = acquire;
    const content = {
      step,
      park:
        park === null
          ? null
          : {
              frameId: park.frameId,
              xPx: park.xPx,
              yPx: park.yPx,
              xFraction: (park.xPx + 0.5) / px,
              yFraction: (park.yPx + 0.5) / px,
              dwellTimeS: park.dwellTimeS,
              afterwards: "blank the beam",
            },
      acquire: { fovAngstrom, px, pixelTimeUs },
      answer: "save the frame into this folder",
    };
    writeFileSync(numbered("step"), `${JSON.stringify(content, null, 2)}\n`);
  };
  /** The next new frame file that has stopped growing; `null` once broken off. */
  const nextFrame = (): Promise<string | null> =>
    new Promise((resolve) => {
      let cancel = (): void => {};
      let size = -1;
      const poll = (): void => {
        const [found] = frameFiles(folder).filter((name) => !used.has(name));
        const now = found === undefined ? -1 : statSync(join(folder, found)).size;
        if (found !== undefined && now > 0 && now === size) {
          used.add(found);
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
        if (!existsSync(numbered("stop"))) {
          const text = { step, stop: "blank the beam now; do not carry out this step" };
          writeFileSync(numbered("stop"), `${JSON.stringify(text, null, 2)}\n`);
        }
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
    breakOff: () => finish(),
    scan: async (command) => {
      settings = command;
      const startMs = clock.nowMs();
      if (arrived === undefined) {
        writeStep(null, command);
        const name = await nextFrame();
        if (name === null) return null;
        arrived = name;
      }
      const name = arrived;
      arrived = undefined;
      const bytes = new Uint8Array(readFileSync(join(folder, name)));
      const [frame] = readFrames(bytes, name);
      if (frame === undefined || frame.width !== command.px || frame.height !== command.px) {
        const size = frame === undefined ? "no frame" : `${frame.width} × ${frame.height} pixels`;
        throw new Error(`${name} holds ${size}; ${command.px} × ${command.px} were asked for`);
      }
      const stated = frame.pixelSizeAngstrom;
      return {
        frameId: `${frames++}-${name}`,
        px: command.px,
        fovAngstrom: stated === null ? command.fovAngstrom : stated * command.px,
        countsBase64: encodeCounts(Float32Array.from(frame.counts)),
        startMs,
        endMs: clock.nowMs(),
      };
    },
    place: (command) => {
      toPark = command;
    },
    watch: async () => {
      if (toPark === undefined || settings === undefined) throw new Error("nothing was placed");
      writeStep(toPark, settings);
      toPark = undefined;
      const name = await nextFrame();
      arrived = name ?? undefined;
      return { arrived: false, trace: [], sampleMs: 1 };
    },
    shift: () => Promise.reject(new Error("move the field of view by hand, and start anew")),
  };
}

function frameFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => frameKinds.has(extname(name).toLowerCase()))
    .sort();
}
