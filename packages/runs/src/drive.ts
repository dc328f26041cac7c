import { setImmediate } from "node:timers/promises";
import {
  InputError,
  key,
  type Checkpoint,
  type Compute,
  type Event,

  type ParallelMap,
} from "@quadrivium/core";
import type { Study } from "@quadrivium/config";
import { keptCheckpoints } from "./checkpoint-store.js";
import type { CodeVersion } from "./code-version.js";
import { requireSpace } from "./files/disk.js";
import { localMap } from "./local-map.js";
import { thisMachine } from "./machine.js";
import { Recorder } from "./recorder.js";
import { readResult, type RunResult } from "./result.js";
import { resumePoint } from "./resume-point.js";
import { runError } from "./run-error.js";
import type { Run } from "./run-store.js";
import type { RunProgress } from "./progress.js";

/** What a run is driven with. */
export interface DriveOptions {
  readonly study: Study;
  readonly run: Run;
  /** Aborting it ends the run after its next checkpoint. */
  readonly signal: AbortSignal;
  readonly compute: Compute;
  readonly code: CodeVersion;
  /** Runs the study's tasks; in this process, one by one, where none is lent. */
  readonly map?: ParallelMap;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told what a user should know: where it goes on from, what was damaged. */
  readonly onNotice?: (text: string) => void;
}

/** How driving a run ended. */
export type DriveOutcome =
  | { readonly outcome: "finished"; readonly result: RunResult }
  | { readonly outcome: "interrupted"; readonly clock: string; readonly n: number };

/** Room for metrics and logs in the prediction of disk use. */
const logBytes = 16 * 2 ** 20;

/**
 * Drives a run to its end, or until it is told to stop, from its furthest checkpoint.
 *
 * A run that has finished is not run again. Everything raised on the way is given the run, its seed
 * and the place in it.
 *
 * @throws E_WRITE if its folder cannot be written or has no room
 * @throws E_VERSION if the study's code has moved on since the run was made
 * @throws E_RUN_FAILED if the study fails for a reason of its own
 */
export async function driveRun(options: DriveOptions): Promise<DriveOutcome> {
  const { study, run } = options;
  const finished = await readResult(run.folder);
  if (finished !== undefined) return { outcome: "finished", result: finished };
  const config = configOf(study, run);
  await requireSpace(run.folder, predictedBytes(study, config));
  const point = await resumePoint(run.folder);
  const recorder = await Recorder.start(run, point.saved?.mark ?? null, {
    compute: options.compute,
    code: options.code,
    machine: thisMachine(),
    onProgress: options.onProgress,
  });
  for (const text of point.damaged) await recorder.note("warning", text, options.onNotice);
  if (point.saved !== undefined) {
    const { clock, n, attempt } = point.saved.mark;
    await recorder.note("info", `goes on from ${clock} ${n} of attempt ${attempt}`, options.onNotice);
  }
  try {
    const events = trainingEvents(options, config, point.saved?.checkpoint);
    return await consume(events, recorder, options.signal);
  } catch (cause) {
    const error = runError(cause, { ...run.manifest, ...recorder.place });
    await recorder.fail(error);
    throw error;
  } finally {
    await recorder.close();
  }
}

function trainingEvents(
  options: DriveOptions,
  config: unknown,
  checkpoint: Checkpoint | undefined,
): AsyncGenerator<Event, void, void> {
  const { study, run, signal, compute } = options;
  return study.train(config, {
    key: key(run.manifest.seed),
    signal,
    compute,
    map: options.map ?? localMap(study, { signal, compute }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
}

/** Longest time that events are taken without letting signals and timers through. */
const turnMs = 20;

async function consume(
  events: AsyncIterable<Event>,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<DriveOutcome> {
  let lastTurn = performance.now();
  try {
    for await (const event of events) {
      if (event.kind === "done") {
        return { outcome: "finished", result: await recorder.finish(event.result) };
      }
      await recorder.take(event);
      if (performance.now() - lastTurn > turnMs) {
        await setImmediate();
        lastTurn = performance.now();
      }
    }
  } catch (cause) {
    const isAbort = signal.aborted && cause instanceof Error && cause.name === "AbortError";
    if (!isAbort) throw cause;
  }
  if (!signal.aborted) throw new Error("training ended without a result");
  await recorder.interrupt();
  return { outcome: "interrupted", ...recorder.place };
}

function configOf(study: Study, { manifest }: Run): unknown {
  const parsed = study.config.safeParse(manifest.config);
  if (study.resultsVersion === manifest.resultsVersion && parsed.success) return parsed.data;
  throw new InputError(
    "E_VERSION",
    `run ${manifest.id} was made by results version ${manifest.resultsVersion} of ${study.name}, and this is version ${study.resultsVersion}: going on would mix the two; start a new run`,
    { details: { run: manifest.id, made: manifest.resultsVersion, now: study.resultsVersion } },
  );
}

function predictedBytes(study: Study, config: unknown): number {
  // one more than is kept, for the checkpoint that is being written
  const [own, shared] = [study.checkpointBytes?.(config), study.segmentBytes?.(config)];
  return logBytes + (keptCheckpoints + 1) * (own ?? 0) + (shared ?? 0);
}

