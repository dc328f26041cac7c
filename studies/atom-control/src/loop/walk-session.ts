import type { Json } from "@quadrivium/core";
import type { Adapter } from "./adapter.js";
import { chainWriter, type LogEntry } from "./chain-log.js";
import type { LoopClock } from "./clock.js";
import type { GateSettings } from "./gates.js";
import { greedyTowards } from "./greedy-towards.js";
import type { Limits } from "./limits.js";
import { type LoopOutcome, type LoopSettings, runLoop } from "./run-loop.js";
import { supervise, type Supervisor } from "./supervisor.js";

/** What a session of the closed loop is. */
export interface WalkSessionOptions {
  readonly name: string;
  readonly adapter: Adapter;
  readonly limits: Limits;
  readonly gates: GateSettings;
  readonly settings: LoopSettings;
  readonly controller: { readonly offsetBonds: number; readonly dwellTimeS: number };
  readonly clock: LoopClock;
  /** Time of day for the log's lines. */
  readonly wallTime: () => string;
  readonly newToken: () => string;
  /** Appends a line to the log, for good before it returns. */
  readonly appendLine: (line: string) => void;
  readonly keepFrame: (hash: string, counts: Float32Array) => Promise<void>;
  /** Hears every entry, such as viewers do. */
  readonly onEntry?: (entry: Pick<LogEntry, "type" | "actor" | "data">) => void;
}

/** A session that waits to be armed and started. */
export interface WalkSession {
  readonly supervisor: Supervisor;
  readonly connect: () => Promise<void>;
  readonly walk: (signal?: AbortSignal) => Promise<LoopOutcome>;
  /** Disarms and ends the log. */
  readonly close: (outcome?: LoopOutcome) => Promise<void>;
}

/** Opens a session: limits and settings go into the log's first line before anything else. */
export function walkSession(options: WalkSessionOptions): WalkSession {
  const { name, adapter, limits, gates, settings, controller, clock } = options;
  const next = chainWriter();
  const log = (entry: Pick<LogEntry, "type" | "actor" | "data">): void => {
    const stamp = { monotonicMs: clock.nowMs(), wallTime: options.wallTime() };
    options.appendLine(next({ ...entry, ...stamp }));
    options.onEntry?.(entry);
  };
  const header = { name, limits, gates, settings, controller };
  log({ type: "session", actor: "server", data: header as unknown as Json });
  const { newToken } = options;
  const supervisor = supervise({ adapter, limits, gates, clock, session: name, newToken, log });
  return {
    supervisor,
    connect: supervisor.connect,
    walk: (signal) =>
      runLoop({
        supervisor,
        controller: greedyTowards(controller),
        settings,
        log,
        keepFrame: options.keepFrame,
        ...(signal === undefined ? {} : { signal }),
      }),
    close: async (outcome) => {
      await supervisor.close();
      const data = { totals: supervisor.totals(), outcome: outcome ?? null };
      log({ type: "close", actor: "server", data: data as unknown as Json });
    },
  };
}
