import { type Json, sha256 } from "@quadrivium/core";
import { type Adapter, LoopError } from "./adapter.js";
import { BeamTrial } from "./beam-trial.js";
import {
  checkAcquire,
  checkBudgets,
  checkPark,
  checkStatus,
  frameFault,
  frameTimeS,
  type KnownFrame,
  placeOf,
} from "./check-command.js";
import type { LogEntry } from "./chain-log.js";
import type { LoopClock } from "./clock.js";
import { deadlineOn } from "./deadline.js";
import { type Belief, closedGate, type GateSettings } from "./gates.js";
import { silenceLimitMs } from "./guard.js";
import { chargePicoC, DoseLedger, type LedgerTotals } from "./ledger.js";
import type { Limits, Violation } from "./limits.js";
import {
  type Acquired,
  commandSchema,
  type Description,
  type InstrumentStatus,
  type LoopCommand,
  type Parked,
  protocolVersion,
} from "./protocol.js";

/** How often the server says that it is alive. @unit millisecond */
export const heartbeatMs = 500;

/** Longest stay of the beam in the orientation self-test. @unit second */
export const selfTestDwellS = 0.05;

/** Answers that are kept for repeated keys: few, for frames are large. */
const mostAnswers = 8;

/** How much longer than its own work a command may take before it counts as lost. @unit millisecond */
export const answerGraceMs = 1000;

/** What a command gave. */
export type LoopReply =
  | {
      readonly type: "acquire";
      readonly frame: Acquired;
      /** The instrument as it said it was before the frame. */
      readonly status: InstrumentStatus;
    }
  | { readonly type: "park"; readonly parked: Parked }
  | { readonly type: "shift" | "blank" };

/** What a supervisor is made of. */
export interface SupervisorOptions {
  readonly adapter: Adapter;
  readonly limits: Limits;
  readonly gates: GateSettings;
  readonly clock: LoopClock;
  /** Name that the operator types to arm. */
  readonly session: string;
  /** Draws a token that cannot be guessed. */
  readonly newToken: () => string;
  readonly log: (entry: Pick<LogEntry, "type" | "actor" | "data">) => void;
}

/** The server's half of safety: the only writer of commands to an adapter. */
export interface Supervisor {
  /** Asks the adapter what it is; refuses another protocol or orientation. */
  readonly connect: () => Promise<Description>;
  /**
   * States whether frames and beam were found to have one orientation. Until then the loop cannot
   * park by itself; after a failure nobody can, and the session cannot be armed again.
   */
  readonly orientate: (isSound: boolean, actor: string) => Promise<void>;
  readonly isOrientated: () => boolean;
  readonly arm: (sessionName: string, minutes: number, actor: string) => Promise<void>;
  readonly disarm: (actor: string) => Promise<void>;
  /** Blanks and disarms at once. */
  readonly emergencyStop: (actor: string) => Promise<void>;
  /** Carries out a command; a repeated key gives the first answer, or none, and does nothing. */
  readonly execute: (command: LoopCommand, options: ExecuteOptions) => Promise<LoopReply>;
  /** States what was seen on a frame; the soft gates of the next park look at it. */
  readonly believe: (belief: Belief) => void;
  readonly isArmed: () => boolean;
  readonly totals: () => LedgerTotals;
  /** Stops heartbeats and disarms. */
  readonly close: () => Promise<void>;
}

/** Who asks, and under which key. */
export interface ExecuteOptions {
  readonly key: string;
  readonly actor: string;
  /** Whether the operator takes over: soft gates are skipped, hard limits never are. */
  readonly isManual?: boolean;
  /** Whether it finds out the orientation: soft gates are skipped for moments of beam. */
  readonly isSelfTest?: boolean;
}

/**
 * Supervises one session: arming with expiry, hard limits before every command and a ledger that
 * counts every charge at the most it can be, soft gates, deadlines, heartbeats.
 *
 * On any doubt the beam is blanked and the session disarmed.
 */
export function supervise(options: SupervisorOptions): Supervisor {
  const { adapter, limits, gates, clock, log } = options;
  const ledger = new DoseLedger();
  const answered = new Map<string, Promise<LoopReply>>();
  const usedKeys = new Set<string>();
  let frame: KnownFrame | undefined;
  let belief: Belief | undefined;
  let armed: { readonly token: string; readonly untilMs: number } | undefined;
  let isBusy = false;
  let parksWithoutProgress = 0;
  let orientation: "unknown" | "sound" | "wrong" = "unknown";
  let patienceMs = 0;
  let onTrial: BeamTrial | undefined;
  let cancelHeartbeat = (): void => {};

  const within = deadlineOn(clock);
  /**
   * Blanks and disarms without waiting for more than an answer, and without failing.
   *
   * @returns whether the adapter confirmed that the beam is blanked
   */
  const retreat = async (actor: string, reason: string): Promise<boolean> => {
    armed = undefined;
    cancelHeartbeat();
    log({ type: "disarm", actor, data: { reason } });
    try {
      await within(answerGraceMs, "stop", adapter.stop());
      return true;
    } catch (cause) {
      // The adapter's own watchdog blanks within its silence limit.
      log({ type: "fault", actor: "server", data: { message: messageOf(cause) } });
      return false;
    }
  };
  /** Puts a command that opens the beam on trial until it has ended well. */
  const begin = (enteredPicoC: number, enter: (extraPicoC: number) => void): void => {
    const { maxCurrentNanoA } = limits;
    onTrial = new BeamTrial({ startMs: clock.nowMs(), enteredPicoC, maxCurrentNanoA, enter });
  };
  /** Charges what the beam may have given beyond what was entered. */
  const doubt = (most: { readonly ms: number; readonly picoC?: number }): void => {
    const chargePicoC = onTrial?.mayHaveBeen(most) ?? 0;
    if (chargePicoC > 0) log({ type: "overrun", actor: "server", data: { chargePicoC } });
  };
  /** What an answer says of the beam's time; where a person works, it is not the beam's. */
  const saidMs = ({ startMs, endMs }: Pick<Parked, "startMs" | "endMs">): number =>
    patienceMs > 0 ? 0 : endMs - startMs;
  const beat = (): void => {
    cancelHeartbeat = clock.after(heartbeatMs, () => {
      beat();
      within(answerGraceMs, "heartbeat", adapter.heartbeat()).catch((cause: unknown) =>
        retreat("server", messageOf(cause)),
      );
    });
  };
  const refuse = (violation: Violation | undefined): void => {
    if (violation !== undefined) throw new LoopError("LIMIT", violation.message, violation.limit);
  };

  const acquire = async (
    command: LoopCommand & { type: "acquire" },
    { token, status }: { readonly token: string; readonly status: InstrumentStatus },
  ): Promise<LoopReply> => {
    const currentNanoA = limits.maxCurrentNanoA; // the most it can be, whatever the adapter says
    refuse(checkAcquire(limits, ledger, { command, currentNanoA }));
    const timeS = frameTimeS(command);
    const charge = chargePicoC(currentNanoA, timeS);
    ledger.addFrame(charge, command.fovAngstrom);
    begin(charge, (extra) => ledger.addToField(extra, command.fovAngstrom));
    const acquired = await within(
      timeS * 1000 + patienceMs + answerGraceMs,
      "acquire",
      adapter.acquire(command, token),
    );
    doubt({ ms: saidMs(acquired) });
    const fault = frameFault(acquired, command, frame === undefined ? [] : [frame]);
    if (fault !== undefined) throw new LoopError("INSTRUMENT", fault);
    onTrial = undefined;
    frame = {
      frameId: acquired.frameId,
      px: command.px,
      fovAngstrom: command.fovAngstrom,
      endMs: clock.nowMs(),
    };
    belief = undefined;
    return { type: "acquire", frame: acquired, status };
  };

  const park = async (
    command: LoopCommand & { type: "park" },
    token: string,
    { isManual = false, isSelfTest = false }: Partial<ExecuteOptions>,
  ): Promise<LoopReply> => {
    if (orientation === "wrong") {
      throw new LoopError("LOW_CONFIDENCE", "the orientation self-test failed: connect anew");
    }
    if (isSelfTest && !(command.dwellTimeS <= selfTestDwellS)) {
      throw new LoopError("BAD_REQUEST", `a self-test parks ${selfTestDwellS} s at most`);
    }
    if (frame === undefined || frame.frameId !== command.frameId) {
      throw new LoopError(
        "STALE_FRAME",
        `positions must refer to the last frame; got "${command.frameId}"`,
      );
    }
    if (clock.nowMs() - frame.endMs > limits.maxFrameAgeMs) {
      throw new LoopError(
        "STALE_FRAME",
        `the frame must be younger than ${limits.maxFrameAgeMs} ms`,
      );
    }
    const isByItself = !isManual && !isSelfTest;
    if (isByItself) {
      if (orientation !== "sound") {
        throw new LoopError("LOW_CONFIDENCE", "the orientation self-test has not been passed");
      }
      const known = belief?.frameId === frame.frameId ? belief : undefined;
      const closed = closedGate(gates, known);
      if (closed !== undefined) throw new LoopError("LOW_CONFIDENCE", closed);
      const chargePicoC = known?.charge95PicoC ?? 0;
      refuse(checkBudgets(limits, ledger, { chargePicoC, fovAngstrom: frame.fovAngstrom }));
    }
    if (isByItself && parksWithoutProgress >= limits.maxParksWithoutProgress) {
      throw new LoopError(
        "LIMIT",
        `maxParksWithoutProgress: ${parksWithoutProgress} parks moved nothing; look before going on`,
        "maxParksWithoutProgress",
      );
    }
    const currentNanoA = limits.maxCurrentNanoA;
    refuse(checkPark(limits, ledger, { command, frame, currentNanoA }));
    // Never settled down to what the adapter says was used: it may err.
    const charge = chargePicoC(currentNanoA, command.dwellTimeS);
    const place = placeOf(frame, command);
    const { fovAngstrom } = frame;
    ledger.addPark({ place, chargePicoC: charge }, fovAngstrom);
    begin(charge, (extra) => ledger.addPark({ place, chargePicoC: extra }, fovAngstrom));
    if (!isSelfTest) parksWithoutProgress++;
    const parked = await within(
      command.dwellTimeS * 1000 + patienceMs + answerGraceMs,
      "park",
      adapter.park(command, token),
    );
    doubt({ ms: saidMs(parked), picoC: parked.chargePicoC });
    // timers may be late, but not by more than an answer may take
    const mostPicoC = charge + chargePicoC(currentNanoA, answerGraceMs / 1000);
    if (!(parked.chargePicoC <= mostPicoC)) {
      throw new LoopError(
        "INSTRUMENT",
        `the adapter says ${parked.chargePicoC} pC; at most ${mostPicoC} can be`,
      );
    }
    onTrial = undefined;
    log({ type: "parked", actor: "adapter", data: parked as unknown as Json });
    return { type: "park", parked };
  };

  const carryOut = async (
    command: LoopCommand,
    { actor, isManual, isSelfTest }: ExecuteOptions,
  ): Promise<LoopReply> => {
    log({ type: "command", actor, data: command as unknown as Json });
    try {
      if (command.type === "blank") {
        await within(answerGraceMs, "blank", adapter.blank());
        return { type: "blank" };
      }
      if (armed === undefined || clock.nowMs() >= armed.untilMs) {
        throw new LoopError("NOT_ARMED", "arm the session by its name first");
      }
      if (isBusy) throw new LoopError("BAD_REQUEST", "another command is being carried out");
      isBusy = true;
      onTrial = undefined;
      try {
        const { token } = armed;
        const status = await within(answerGraceMs, "status", adapter.status());
        refuse(checkStatus(limits, status));
        if (command.type === "acquire") return await acquire(command, { token, status });
        if (command.type === "park") {
          const who = { isManual: isManual === true, isSelfTest: isSelfTest === true };
          return await park(command, token, who);
        }
        frame = undefined;
        const by = { x: command.dxAngstrom, y: command.dyAngstrom };
        try {
          await within(answerGraceMs, "shift", adapter.shift(command, token));
        } catch (cause) {
          ledger.shiftInDoubt(by);
          throw cause;
        }
        ledger.shift(by);
        return { type: "shift" };
      } finally {
        isBusy = false;
      }
    } catch (cause) {
      const error =
        cause instanceof LoopError ? cause : new LoopError("INSTRUMENT", messageOf(cause));
      log({
        type: "refused",
        actor: "server",
        data: { code: error.reason, limit: error.limit ?? null, message: error.message },
      });
      if (error.reason === "TIMEOUT" || error.reason === "INSTRUMENT") {
        const isBlanked = await retreat("server", error.message);
        // It was blanked by now, or the adapter's own watchdog will do it.
        const sinceMs = clock.nowMs() - (onTrial?.startMs ?? 0) - patienceMs;
        doubt({ ms: sinceMs + (isBlanked ? 0 : silenceLimitMs) });
      }
      throw error;
    }
  };

  return {
    isOrientated: () => orientation === "sound",
    orientate: async (isSound, actor) => {
      orientation = isSound ? "sound" : "wrong";
      log({ type: "orientation", actor, data: { isSound } });
      if (!isSound) await retreat("server", "the orientation self-test failed");
    },
    totals: () => ledger.totals(),
    isArmed: () => armed !== undefined && clock.nowMs() < armed.untilMs,
    connect: async () => {
      const description = await within(answerGraceMs, "describe", adapter.describe());
      log({ type: "connect", actor: "adapter", data: description });
      if (description.protocolVersion !== protocolVersion || description.origin !== "top-left") {
        throw new LoopError(
          "INSTRUMENT",
          `the adapter must speak protocol ${protocolVersion} with origin top-left`,
        );
      }
      patienceMs = description.patienceMs;
      return description;
    },
    arm: async (sessionName, minutes, actor) => {
      if (orientation === "wrong") {
        throw new LoopError("NOT_ARMED", "the orientation self-test failed: connect anew");
      }
      if (sessionName !== options.session) {
        throw new LoopError("NOT_ARMED", "type the session's name to arm it");
      }
      if (!(minutes > 0 && minutes <= 60)) {
        throw new LoopError("BAD_REQUEST", `arming lasts 0 to 60 minutes; got ${minutes}`);
      }
      const token = options.newToken();
      await within(answerGraceMs, "arm", adapter.arm(token, minutes * 60_000));
      armed = { token, untilMs: clock.nowMs() + minutes * 60_000 };
      parksWithoutProgress = 0;
      const tokenHash = sha256(new TextEncoder().encode(token));
      log({ type: "arm", actor, data: { minutes, tokenHash } });
      cancelHeartbeat();
      beat();
    },
    disarm: async (actor) => {
      await retreat(actor, "disarmed");
    },
    emergencyStop: async (actor) => {
      await retreat(actor, "emergency stop");
    },
    believe: (next) => {
      belief = next;
      if (next.hasMoved) parksWithoutProgress = 0;
      log({ type: "belief", actor: "server", data: next });
    },
    execute: (given, executeOptions) => {
      const { key } = executeOptions;
      const earlier = answered.get(key);
      if (earlier !== undefined) return earlier;
      if (usedKeys.has(key)) {
        const used = `the key "${key}" was used before, and its answer is kept no longer`;
        return Promise.reject(new LoopError("BAD_REQUEST", used));
      }
      usedKeys.add(key);
      const parsed = commandSchema.safeParse(given);
      const answer = parsed.success
        ? carryOut(parsed.data, executeOptions)
        : Promise.reject(new LoopError("BAD_REQUEST", parsed.error.message));
      answered.set(key, answer);
      if (answered.size > mostAnswers) answered.delete(answered.keys().next().value!);
      return answer;
    },
    close: async () => {
      if (armed !== undefined) await retreat("server", "closed");
      cancelHeartbeat();
    },
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
