import { type Adapter, type Instrument, LoopError } from "./adapter.js";
import {
  checkAcquire,
  checkPark,
  checkStatus,
  frameFault,
  type KnownFrame,
  placeOf,
  frameTimeS,
} from "./check-command.js";
import { timerSlackMs, type LoopClock } from "./clock.js";
import { chargePicoC, type Deposit, DoseLedger, type LedgerTotals } from "./ledger.js";
import type { Limits, Violation } from "./limits.js";
import { type Acquired, acquireSchema, type Parked, parkSchema, shiftSchema } from "./protocol.js";

/** Silence of the server after which the adapter blanks: 2 s with what a late timer adds. @unit millisecond */
export const silenceLimitMs = 1900;

/** How long an instrument may take to answer after its beam was blanked. @unit millisecond */
const graceMs = 500;

/** Frames that positions may still refer to. */
const numKnownFrames = 4;

/** The adapter's half of safety, with what it counted. */
export interface GuardedAdapter extends Adapter {
  readonly totals: () => LedgerTotals;
  /** Whether commands that open the beam are allowed now. */
  readonly isArmed: () => boolean;
}

/**
 * Stands before an instrument and lets nothing through that exceeds a limit, whatever the server
 * asks: the adapter's own limits, ledger, arming, dwell timer and watchdog.
 *
 * The beam is open only inside `acquire` and `park`. Any fault blanks it and disarms.
 */
export function guardInstrument(
  instrument: Instrument,
  { limits, clock }: { readonly limits: Limits; readonly clock: LoopClock },
): GuardedAdapter {
  const ledger = new DoseLedger();
  const frames: KnownFrame[] = [];
  let armed: { readonly token: string; readonly untilMs: number } | undefined;
  let isBusy = false;
  let cancelWatchdog = (): void => {};

  const stop = (): void => {
    armed = undefined;
    instrument.blank();
    instrument.breakOff();
  };
  const hear = (): void => {
    cancelWatchdog();
    cancelWatchdog = clock.after(silenceLimitMs, stop);
  };
  const authorize = (token: string): void => {
    if (armed === undefined || token !== armed.token || clock.nowMs() >= armed.untilMs) {
      throw new LoopError("NOT_ARMED", "the adapter is not armed with this token");
    }
    if (isBusy) throw new LoopError("BAD_REQUEST", "another command is being carried out");
  };
  const refuse = (violation: Violation | undefined): void => {
    if (violation !== undefined) throw new LoopError("LIMIT", violation.message, violation.limit);
  };
  /** Runs what opens the beam: blanked before and after, disarmed by any fault. */
  const withBeam = async <T>(beamMs: number, run: () => Promise<T>): Promise<T> => {
    isBusy = true;
    const mostMs = beamMs + instrument.describe().patienceMs;
    const cancelTimer = clock.after(mostMs, () => {
      instrument.blank();
      instrument.breakOff();
    });
    let giveUp = (): void => {};
    const hung = new Promise<never>((_, reject) => {
      giveUp = clock.after(mostMs + graceMs, () => reject(new Error("it does not answer")));
    });
    try {
      instrument.unblank();
      return await Promise.race([run(), hung]);
    } catch (cause) {
      stop();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LoopError("INSTRUMENT", `the instrument failed: ${reason}`);
    } finally {
      instrument.blank();
      cancelTimer();
      giveUp();
      isBusy = false;
    }
  };

  return {
    totals: () => ledger.totals(),
    isArmed: () => armed !== undefined && clock.nowMs() < armed.untilMs,
    describe: async () => instrument.describe(),
    status: async () => instrument.status(),
    arm: async (token, forMs) => {
      if (token === "" || !(forMs > 0))
        throw new LoopError("BAD_REQUEST", "arming needs a token and a time");
      hear();
      armed = { token, untilMs: clock.nowMs() + forMs };
    },
    heartbeat: async () => hear(),
    blank: async () => {
      instrument.blank();
      instrument.breakOff();
    },
    stop: async () => stop(),
    shift: async (given, token) => {
      const command = parse(shiftSchema, given);
      authorize(token);
      frames.length = 0; // positions in older frames no longer hold
      const by = { x: command.dxAngstrom, y: command.dyAngstrom };
      try {
        await instrument.shift(command);
      } catch (cause) {
        ledger.shiftInDoubt(by);
        throw cause;
      }
      ledger.shift(by);
    },
    acquire: async (given, token) => {
      const command = parse(acquireSchema, given);
      authorize(token);
      const status = instrument.status();
      refuse(checkStatus(limits, status));
      const { currentNanoA } = status;
      refuse(checkAcquire(limits, ledger, { command, currentNanoA }));
      const mostMs = frameTimeS(command) * 1000;
      // Entered whole before the beam opens: a frame broken off half way still counts.
      ledger.addFrame(chargePicoC(currentNanoA, frameTimeS(command)), command.fovAngstrom);
      const frame = await withBeam<Acquired | null>(mostMs, () => instrument.scan(command));
      if (frame === null) throw new LoopError("INSTRUMENT", "the frame was broken off");
      const fault = frameFault(frame, command, frames);
      if (fault !== undefined) {
        stop();
        throw new LoopError("INSTRUMENT", fault);
      }
      frames.push({
        frameId: frame.frameId,
        px: frame.px,
        fovAngstrom: command.fovAngstrom,
        endMs: clock.nowMs(),
      });
      if (frames.length > numKnownFrames) frames.shift();
      return frame;
    },
    park: async (given, token) => {
      const command = parse(parkSchema, given);
      authorize(token);
      const frame = frames.find(({ frameId }) => frameId === command.frameId);
      if (frame === undefined || clock.nowMs() - frame.endMs > limits.maxFrameAgeMs) {
        throw new LoopError("STALE_FRAME", `frame "${command.frameId}" is unknown or too old`);
      }
      const status = instrument.status();
      refuse(checkStatus(limits, status));
      const { currentNanoA } = status;
      refuse(checkPark(limits, ledger, { command, frame, currentNanoA }));
      const mostMs = command.dwellTimeS * 1000;
      const most = chargePicoC(currentNanoA, command.dwellTimeS);
      const deposit: Deposit = { place: placeOf(frame, command), chargePicoC: most };
      ledger.addPark(deposit, frame.fovAngstrom);
      const startMs = clock.nowMs();
      const { arrived, trace, sampleMs } = await withBeam(mostMs, () => {
        instrument.place(command);
        return instrument.watch(command);
      });
      const endMs = clock.nowMs();
      // A person's time is not the beam's: nothing of what was entered is taken back.
      const isTimed = instrument.describe().patienceMs === 0;
      const nanoA = Math.max(currentNanoA, instrument.status().currentNanoA);
      const spent = chargePicoC(nanoA, (endMs - startMs) / 1000);
      const used = isTimed ? spent : most;
      ledger.settlePark(deposit, used, frame.fovAngstrom);
      // a late timer let the beam stay longer than it was told to
      if (used > most) {
        ledger.addPark({ ...deposit, chargePicoC: used - most }, frame.fovAngstrom);
      }
      const isShort = isTimed && endMs - startMs < mostMs - timerSlackMs;
      const reason: Parked["reason"] = arrived ? "arrival" : isShort ? "stopped" : "dwell";
      return { startMs, endMs, reason, chargePicoC: used, trace: [...trace], sampleMs };
    },
  };
}

function parse<T>(
  schema: {
    readonly safeParse: (value: unknown) => {
      success: boolean;
      data?: T;
      error?: { message: string };
    };
  },
  value: unknown,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as T;
  throw new LoopError(
    "BAD_REQUEST",
    `the command is not as the protocol says: ${parsed.error?.message ?? ""}`,
  );
}
