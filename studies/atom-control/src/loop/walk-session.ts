import type { Json } from "@quadrivium/core";
import { type Adapter, LoopError } from "./adapter.js";
import { chainWriter, type LogEntry } from "./chain-log.js";
import type { LoopClock } from "./clock.js";
import type { GateSettings } from "./gates.js";
import type { Limits } from "./limits.js";
import { pilotOf, type PilotSpec } from "./pilot.js";
import type { Description } from "./protocol.js";
import {
  type Eyes,
  type LoopOutcome,
  type LoopSettings,
  runLoop,
  takeLook,
  type TakenLook,
} from "./run-loop.js";
import { selfTest, type SelfTestVerdict } from "./self-test.js";
import { supervise, type Supervisor } from "./supervisor.js";
import type { PixelPlace } from "../perception/pixel-place.js";
import { newWalk, towards } from "./walk-memory.js";

/** What a session of the closed loop is. */
export interface WalkSessionOptions {
  readonly name: string;
  readonly adapter: Adapter;
  readonly limits: Limits;
  readonly gates: GateSettings;
  readonly settings: LoopSettings;
  readonly pilot: PilotSpec;
  /** Bytes of the rate model that the pilot plans on. */
  readonly model?: Uint8Array;
  readonly clock: LoopClock;
  /** Time of day for the log's lines. */
  readonly wallTime: () => string;
  readonly newToken: () => string;
  /** Appends a line to the log, for good before it returns. */
  readonly appendLine: (line: string) => void;
  readonly keepFrame: (hash: string, counts: Float32Array) => Promise<void>;
  /** Hears every line of the log, such as viewers do. */
  readonly onLine?: (line: string) => void;
}

/** A session that waits to be armed and started. */
export interface WalkSession {
  readonly supervisor: Supervisor;
  readonly connect: () => Promise<Description>;
  /** Finds out the orientation; {@link WalkSession.walk} does so by itself where nobody has. */
  readonly selfTest: () => Promise<SelfTestVerdict>;
  /** Takes a frame at an operator's wish and shows it. */
  readonly look: (actor: string) => Promise<TakenLook>;
  /** Points at another goal, in the pixels of the last frame. */
  readonly setGoal: (goal: PixelPlace, actor: string) => void;
  /**
   * Walks to the goal.
   *
   * @throws LoopError BAD_REQUEST if a walk is under way
   */
  readonly walk: (signal?: AbortSignal) => Promise<LoopOutcome>;
  readonly isWalking: () => boolean;
  /** Disarms and ends the log. */
  readonly close: (outcome?: LoopOutcome) => Promise<void>;
}

/** Frames on which the self-test may be tried. */
const maxSelfTests = 3;

/** Opens a session: limits and settings go into the log's first line before anything else. */
export function walkSession(options: WalkSessionOptions): WalkSession {
  const { name, adapter, limits, gates, settings, pilot, clock, keepFrame } = options;
  const next = chainWriter();
  const log = (entry: Pick<LogEntry, "type" | "actor" | "data">): void => {
    const stamp = { monotonicMs: clock.nowMs(), wallTime: options.wallTime() };
    const line = next({ ...entry, ...stamp });
    options.appendLine(line);
    options.onLine?.(line);
  };
  const rules = { pilot: pilotOf(pilot, options.model), keepOut: limits.keepOut };
  const header = { name, limits, gates, settings, pilot };
  log({ type: "session", actor: "server", data: header as unknown as Json });
  const { newToken } = options;
  const supervisor = supervise({ adapter, limits, gates, clock, session: name, newToken, log });
  const eyes: Eyes = { supervisor, settings, log, keepFrame };
  const memory = { now: newWalk(settings.goal) };
  let walks = 0;
  let looks = 0;
  let tests = 0;
  let isWalking = false;

  const orientate = async (): Promise<string | undefined> => {
    for (let n = 0; n < maxSelfTests; n++) {
      const { outcome, reason } = await selfTest(eyes, `self-test-${tests++}`);
      if (outcome === "sound") return undefined;
      if (outcome === "wrong" || n === maxSelfTests - 1) return `self-test: ${reason}`;
      await lookAside();
    }
    return undefined;
  };
  /** Another field of view may tell more; the goal stays with the sheet. */
  const lookAside = async (): Promise<void> => {
    const [dxAngstrom, dyAngstrom] = [1.7, 0.9];
    const command = { type: "shift", dxAngstrom, dyAngstrom } as const;
    await supervisor.execute(command, { key: `aside-${tests}`, actor: "server" });
    const pixel = settings.fovAngstrom / settings.px;
    const { xPx, yPx } = memory.now.goal;
    memory.now = newWalk({ xPx: xPx - dxAngstrom / pixel, yPx: yPx - dyAngstrom / pixel });
  };
  const walk = async (signal?: AbortSignal): Promise<LoopOutcome> => {
    const refused = supervisor.isOrientated() ? undefined : await orientate();
    if (refused !== undefined) return { steps: 0, parks: 0, arrived: false, reason: refused };
    const walkName = `walk-${walks++}`;
    const { goal } = memory.now;
    memory.now = newWalk(goal);
    log({ type: "walk", actor: "server", data: { goal } as unknown as Json });
    return runLoop({ ...eyes, rules, memory, walkName, ...(signal !== undefined && { signal }) });
  };
  return {
    supervisor,
    connect: supervisor.connect,
    selfTest: () => selfTest(eyes, `self-test-${tests++}`),
    look: async (actor) => {
      const taken = await takeLook(eyes, { key: `look-${looks++}`, actor });
      const { hash, input } = taken;
      log({ type: "seen", actor: "adapter", data: { hash, input } as unknown as Json });
      return taken;
    },
    setGoal: (goal, actor) => {
      memory.now = towards(memory.now, goal);
      log({ type: "goal", actor, data: { goal } as unknown as Json });
    },
    isWalking: () => isWalking,
    walk: async (signal) => {
      if (isWalking) throw new LoopError("BAD_REQUEST", "a walk is under way");
      isWalking = true;
      try {
        const outcome = await walk(signal);
        log({ type: "outcome", actor: "server", data: outcome as unknown as Json });
        return outcome;
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const outcome = { steps: 0, parks: 0, arrived: false, reason };
        if (!(cause instanceof LoopError)) await supervisor.disarm("server");
        log({ type: "outcome", actor: "server", data: outcome });
        if (cause instanceof LoopError) return outcome;
        throw cause;
      } finally {
        isWalking = false;
      }
    },
    close: async (outcome) => {
      await supervisor.close();
      const data = { totals: supervisor.totals(), outcome: outcome ?? null };
      log({ type: "close", actor: "server", data: data as unknown as Json });
    },
  };
}
