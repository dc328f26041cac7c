import { join } from "node:path";
import type { Compute, Event, Json, QuadriviumError } from "@quadrivium/core";
import { endAttempt, startAttempt, type AttemptEnd, type Heartbeat } from "./attempt.js";
import { keptCheckpoints, saveCheckpoint, type CheckpointMark } from "./checkpoint-store.js";
import { showCodeVersion, type CodeVersion } from "./code-version.js";
import { dropCheckpointsBehind } from "./drop-behind.js";
import { writeFileAtomic } from "./files/atomic-file.js";
import { attemptFolder, layout } from "./layout.js";
import type { Machine } from "./machine.js";
import { MetricsLog } from "./metrics-log.js";
import { PaceMeter, type RunProgress } from "./progress.js";
import { publishResult, type RunResult } from "./result.js";
import { appendLog, type LogEntry } from "./run-log.js";
import type { Run } from "./run-store.js";

/** What an attempt is recorded with. */
export interface RecorderOptions {
  readonly compute: Compute;
  readonly code: CodeVersion;
  readonly machine: Machine;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

const progressSeconds = 0.25;
const flushSeconds = 1;
const heartbeatSeconds = 5;

/** Writes what a training loop says into an attempt of its own, and tells how far it has come. */
export class Recorder {
  readonly #run: Run;
  readonly #attempt: number;
  readonly #log: MetricsLog;
  readonly #secondsBefore: number;
  readonly #startedMs = performance.now();
  readonly #pace = new PaceMeter();
  readonly #onProgress: RecorderOptions["onProgress"];
  readonly #latest: { [name: string]: number } = {};
  readonly #last = { progress: -Infinity, flush: 0, heartbeat: -Infinity };
  #saved: CheckpointMark | null;
  #clock: string;
  #n: number;
  #total: number | undefined;
  #ordinal = 0;

  private constructor(
    run: Run,
    attempt: number,
    log: MetricsLog,
    parent: CheckpointMark | null,
    onProgress: RecorderOptions["onProgress"],
  ) {
    this.#run = run;
    this.#attempt = attempt;
    this.#log = log;
    this.#secondsBefore = parent?.seconds ?? 0;
    this.#saved = parent;
    this.#clock = parent?.clock ?? "step";
    this.#n = parent?.n ?? 0;
    this.#onProgress = onProgress;
  }

  /** Opens the next attempt of a run. @throws E_WRITE with the path */
  static async start(
    run: Run,
    parent: CheckpointMark | null,
    options: RecorderOptions,
  ): Promise<Recorder> {
    const { compute, code, machine, onProgress } = options;
    const start = await startAttempt(run.folder, {
      parent,
      startedAt: new Date().toISOString(),
      pid: process.pid,
      machine,
      code,
      compute,
    });
    const log = await MetricsLog.open(run.folder, start.attempt);
    const recorder = new Recorder(run, start.attempt, log, parent, onProgress);
    await recorder.note("info", `attempt ${start.attempt} by ${showCodeVersion(code)}`);
    await recorder.#beat();
    return recorder;
  }

  /** Where the run stands. */
  get place(): { readonly clock: string; readonly n: number } {
    return { clock: this.#clock, n: this.#n };
  }

  /** Adds a line to the attempt's log, and tells a listener. @throws E_WRITE */
  async note(level: LogEntry["level"], text: string, tell?: (text: string) => void): Promise<void> {
    await appendLog(this.#run.folder, this.#attempt, { level, text });
    tell?.(text);
  }

  /** Records one event. @throws E_WRITE with the path; what was saved before stays */
  async take(event: Exclude<Event, { readonly kind: "done" }>): Promise<void> {
    this.#clock = event.clock;
    this.#n = event.n;
    if (event.kind === "metric") {
      this.#latest[event.name] = event.value;
      await this.#log.add(event);
    } else if (event.kind === "checkpoint") {
      await this.#save(event);
    } else {
      this.#total = event.total ?? this.#total;
    }
    await this.#tick();
  }

  /** Publishes the result, unless an earlier attempt did; what stands is returned. */
  async finish(result: Json): Promise<RunResult> {
    await this.#log.sync();
    const published = await publishResult(this.#run.folder, {
      attempt: this.#attempt,
      seconds: this.#seconds(),
      ...this.place,
      finishedAt: new Date().toISOString(),
      result,
    });
    await this.#end("finished");
    this.#tell();
    return published;
  }

  /** Notes that the attempt was stopped from outside. */
  async interrupt(): Promise<void> {
    await this.#log.sync();
    await this.note("info", `interrupted at ${this.#clock} ${this.#n}`);
    await this.#end("interrupted");
  }

  /** Notes a failure as well as it can: the disk may be what failed. */
  async fail(error: QuadriviumError): Promise<void> {
    const { code, message } = error;
    try {
      await this.#log.sync();
      await this.note("error", `${code}: ${message}`);
      await this.#end("failed", { code, message });
    } catch {
      // the error itself is on its way to the user
    }
  }

  /** Closes the attempt's files. */
  async close(): Promise<void> {
    await this.#log.close();
  }

  async #save(event: Event & { readonly kind: "checkpoint" }): Promise<void> {
    // metrics first: a checkpoint on disk promises that everything before it is on disk
    const metricsBytes = await this.#log.sync();
    this.#ordinal += 1;
    const mark: CheckpointMark = {
      attempt: this.#attempt,
      ordinal: this.#ordinal,
      clock: event.clock,
      n: event.n,
      seconds: this.#seconds(),
      metricsBytes,
    };
    await saveCheckpoint(this.#run.folder, mark, event, this.#saved);
    this.#saved = mark;
    if (this.#ordinal === keptCheckpoints) await dropCheckpointsBehind(this.#run.folder, mark);
  }

  async #tick(): Promise<void> {
    const seconds = this.#seconds();
    this.#pace.add(seconds, this.#n);
    if (seconds - this.#last.progress > progressSeconds) this.#tell();
    if (seconds - this.#last.flush > flushSeconds) {
      this.#last.flush = seconds;
      await this.#log.flush();
    }
    if (seconds - this.#last.heartbeat > heartbeatSeconds) await this.#beat();
  }

  #tell(): void {
    const seconds = this.#seconds();
    this.#last.progress = seconds;
    const secondsLeft = this.#pace.secondsLeft(this.#total);
    this.#onProgress?.({
      ...this.place,
      ...(this.#total === undefined ? {} : { total: this.#total }),
      seconds,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      metrics: { ...this.#latest },
    });
  }

  async #beat(): Promise<void> {
    const seconds = this.#seconds();
    this.#last.heartbeat = seconds;
    const heartbeat: Heartbeat = { n: this.#n, total: this.#total ?? null, seconds };
    const path = join(attemptFolder(this.#run.folder, this.#attempt), layout.heartbeat);
    try {
      await writeFileAtomic(path, `${JSON.stringify(heartbeat)}\n`);
    } catch {
      // only a hint: what matters is reported where it is written
    }
  }

  async #end(outcome: AttemptEnd["outcome"], error?: AttemptEnd["error"]): Promise<void> {
    await this.#beat(); // tells lists where it stood
    const endedAt = new Date().toISOString();
    const end = { outcome, n: this.#n, endedAt, ...(error === undefined ? {} : { error }) };
    await endAttempt(this.#run.folder, this.#attempt, end);
  }

  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#startedMs) / 1000;
  }
}
