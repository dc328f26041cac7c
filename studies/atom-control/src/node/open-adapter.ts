import { basename, dirname } from "node:path";
import type { CommandContext } from "@quadrivium/config";
import { InputError, key } from "@quadrivium/core";
import type { Adapter, Instrument } from "../loop/adapter.js";
import { verifyLog } from "../loop/chain-log.js";
import type { LoopClock } from "../loop/clock.js";
import { guardInstrument } from "../loop/guard.js";
import type { Limits } from "../loop/limits.js";
import { recordingOf } from "../loop/recording.js";
import { type RecordedFrame, replayInstrument } from "../loop/replay-instrument.js";
import { simulatedInstrument } from "../loop/simulated-instrument.js";
import { mapByName } from "../model/maps/map-by-name.js";
import type { BeamSettings } from "../model/rate-map.js";
import { readFrameFiles } from "../perception/read-frame-files.js";
import { instrumentByName } from "../simulate/instrument.js";
import { sessionFiles } from "../commands/log.js";
import { fileDropInstrument } from "./file-drop.js";
import { connectAdapter } from "./remote-adapter.js";

/** What an adapter is opened with. */
export interface OpenAdapterOptions {
  /** See {@link adapterPattern}. */
  readonly adapter: string;
  readonly limits: Limits;
  readonly clock: LoopClock;
  readonly beam: BeamSettings;
  /** Of the simulator. */
  readonly map: string;
  readonly instrument: string;
  readonly seed: number;
  /** Side of frames whose files do not say it. @unit angstrom */
  readonly fovAngstrom: number;
  readonly context: Pick<CommandContext, "readFile">;
}

/** An adapter that stands ready. */
export interface OpenedAdapter {
  readonly adapter: Adapter;
  readonly close: () => void;
  /** What a recording's frames are like: nothing else can be asked of it. */
  readonly frames?: { readonly px: number; readonly fovAngstrom: number };
  /** Whether nothing real is moved, so that a walk may arm by itself. */
  readonly isHarmless: boolean;
}

/** How adapters are named. */
export const adapterPattern = /^(simulator|tcp:[^:]+:\d{1,5}|file-drop:.+|replay:.+)$/;

/**
 * Opens an adapter by its name; all but the one over TCP, which has a guard of its own, stand behind
 * a guard with the session's limits.
 *
 * @throws E_LOG if a log to be replayed does not verify
 * @throws E_LOOP if a recording holds no frames of one size
 */
export async function openAdapter(options: OpenAdapterOptions): Promise<OpenedAdapter> {
  const { adapter: name, limits, clock, beam } = options;
  const guarded = (instrument: Instrument, isHarmless: boolean): OpenedAdapter => ({
    adapter: guardInstrument(instrument, { limits, clock }),
    close: () => {},
    isHarmless,
  });
  const [kind] = name.split(":");
  const rest = name.slice(kind.length + 1);
  switch (kind) {
    case "tcp": {
      const [host, port] = rest.split(":");
      const adapter = await connectAdapter(host, Number(port));
      return { adapter, close: adapter.close, isHarmless: false };
    }
    case "file-drop":
      return guarded(fileDropInstrument({ folder: rest, clock, beam }), false);
    case "replay": {
      const recording = rest.endsWith(".jsonl")
        ? await recordedSession(rest, options.context)
        : await recordedFrames(rest.split(","), options);
      const [{ px, fovAngstrom }] = recording;
      const instrument = replayInstrument(recording, { clock, beam });
      return { ...guarded(instrument, true), frames: { px, fovAngstrom } };
    }
    default: {
      const microscope = { ...instrumentByName(options.instrument), beam };
      const map = mapByName(options.map);
      const seed = key(options.seed);
      return guarded(simulatedInstrument({ map, key: seed, clock, microscope }), true);
    }
  }
}

async function recordedSession(
  file: string,
  context: Pick<CommandContext, "readFile">,
): Promise<readonly RecordedFrame[]> {
  const verdict = verifyLog(await context.readFile(file));
  if (!verdict.ok) {
    throw new InputError(
      "E_LOG",
      `serve: line ${verdict.line} of ${file} does not hold: ${verdict.reason}`,
    );
  }
  const files = sessionFiles(file.slice(0, -basename(file).length), context);
  const recording = await recordingOf(verdict.lines, files);
  if (recording.length > 0) return recording;
  throw new InputError("E_LOOP", `serve: ${dirname(file)} holds no frames`);
}

/** How long a frame of a file is taken to have lasted. @unit millisecond */
const importedFrameMs = 2000;

async function recordedFrames(
  files: readonly string[],
  { fovAngstrom, context }: OpenAdapterOptions,
): Promise<readonly RecordedFrame[]> {
  const read = await readFrameFiles(files, context);
  const frames = read.map(({ file, index, frame, fault }) => {
    if (frame === null) throw new InputError("E_LOOP", `serve: ${file}: ${fault ?? "no frame"}`);
    if (frame.width !== frame.height || frame.width !== read[0].frame?.width) {
      throw new InputError(
        "E_LOOP",
        `serve: frames to be replayed must be squares of one size; ${file} has ${frame.width} × ${frame.height}`,
      );
    }
    const { width: px, pixelSizeAngstrom, counts } = frame;
    return {
      frameId: `${file}#${index}`.slice(-128),
      px,
      fovAngstrom: pixelSizeAngstrom === null ? fovAngstrom : pixelSizeAngstrom * px,
      counts,
      durationMs: importedFrameMs,
      parks: [],
    };
  });
  if (frames.length > 0) return frames;
  throw new InputError("E_LOOP", `serve: ${files.join(", ")} hold no frames`);
}
