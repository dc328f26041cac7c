import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Adapter } from "./adapter.js";
import {
  behave,
  commandOf,
  count,
  exceeded,
  falsePark,
  faultyLink,
  longestMs,
  superviseSession,
  type Tally,
} from "./fuzz-session.test-helpers.js";
import { guardInstrument } from "./guard.js";
import { session, sessionLength, type Step, tightLimits } from "./loop-fuzz.test-helpers.js";
import { VirtualClock } from "./virtual-clock.test-helpers.js";
import { type Witness, witnessInstrument } from "./witness.test-helpers.js";

/** An adapter that checks nothing: it does what it is told, with its dwell timer alone. */
function trustingAdapter(witness: Witness, clock: VirtualClock): Adapter {
  const { instrument } = witness;
  const open = async <T>(mostMs: number, run: () => Promise<T>): Promise<T> => {
    const cancel = clock.after(mostMs, () => {
      instrument.blank();
      instrument.breakOff();
    });
    instrument.unblank();
    try {
      return await run();
    } finally {
      instrument.blank();
      cancel();
    }
  };
  return {
    describe: async () => instrument.describe(),
    status: async () => instrument.status(),
    arm: async () => {},
    acquire: (command) =>
      open(longestMs, async () => {
        const frame = await instrument.scan(command);
        if (frame === null) throw new Error("broken off");
        return frame;
      }),
    park: (command) =>
      open(command.dwellTimeS * 1000, async () => {
        instrument.place(command);
        await instrument.watch(command);
        return falsePark;
      }),
    shift: (command) => instrument.shift(command),
    blank: async () => instrument.blank(),
    stop: async () => {
      instrument.blank();
      instrument.breakOff();
    },
    heartbeat: async () => {},
  };
}

const numSessions = 34_000 / sessionLength;
const runs = (seed: number): { seed: number; numRuns: number; endOnFailure: true } => ({
  seed,
  numRuns: numSessions,
  endOnFailure: true,
});

describe("100,000 random commands", () => {
  test("never make the guarded adapter exceed a limit, whatever the server asks", async () => {
    const tally: Tally = { commands: 0, frames: 0, parks: 0 };
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const clock = new VirtualClock();
        const witness = witnessInstrument(clock);
        const adapter = guardInstrument(witness.instrument, { limits: tightLimits, clock });
        const frameIds: string[] = [];
        for (const step of steps) {
          behave(witness, step);
          tally.commands++;
          if (step.isArmedAgain && !adapter.isArmed()) await adapter.arm("t", 120_000);
          const command = commandOf(step, frameIds);
          const run =
            command?.type === "acquire"
              ? adapter.acquire(command, "t")
              : command?.type === "park"
                ? adapter.park(command, "t")
                : command?.type === "shift"
                  ? adapter.shift(command, "t")
                  : step.command.type === "arm"
                    ? adapter.arm("t", 120_000)
                    : step.command.type === "stop"
                      ? adapter.stop()
                      : adapter.blank();
          adapter.heartbeat().catch(() => {});
          try {
            const reply = await clock.until<unknown>(run, longestMs);
            if (command !== undefined) count(tally, command.type);
            if (command?.type === "acquire") frameIds.push((reply as { frameId: string }).frameId);
          } catch {
            // A refusal or a fault.
          }
          await clock.advance(step.pauseMs);
          expect(witness.isOpen()).toBe(false);
        }
        expect(exceeded(tightLimits, adapter.totals())).toEqual([]);
        expect(witness.violations(tightLimits)).toEqual([]);
      }),
      runs(31),
    );
    expect(tally.commands).toBe(34_000);
    // So many that budgets run out in most sessions.
    expect(tally.frames).toBeGreaterThan(1200);
    expect(tally.parks).toBeGreaterThan(800);
  }, 60_000);

  test("never make a server exceed a limit over a link that loses, delays and lies", async () => {
    const tally: Tally = { commands: 0, frames: 0, parks: 0 };
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const clock = new VirtualClock();
        const witness = witnessInstrument(clock);
        const guard = guardInstrument(witness.instrument, { limits: tightLimits, clock });
        const adapter = (current: () => Step): Adapter => faultyLink(guard, clock, current);
        const server = await superviseSession(steps, { clock, witness, adapter, tally });
        expect(server).toEqual([]);
        expect(exceeded(tightLimits, guard.totals())).toEqual([]);
        expect(witness.violations(tightLimits)).toEqual([]);
        expect(witness.isOpen()).toBe(false);
      }),
      runs(32),
    );
    expect(tally.commands).toBe(34_000);
    // So many that budgets run out in most sessions.
    expect(tally.frames).toBeGreaterThan(1200);
    expect(tally.parks).toBeGreaterThan(800);
  }, 60_000);

  test("never exceed a limit of dose, time or place behind an adapter that checks nothing and lies", async () => {
    const tally: Tally = { commands: 0, frames: 0, parks: 0 };
    await fc.assert(
      fc.asyncProperty(session, async (steps) => {
        const clock = new VirtualClock();
        const witness = witnessInstrument(clock);
        // Voltage and current are as the limits say: only the adapter could know better.
        const honest = steps.map((step) => ({
          ...step,
          voltageKv: 60,
          currentNanoA: Math.min(Math.max(step.currentNanoA, 0.05), tightLimits.maxCurrentNanoA),
          fault: "none" as const,
          // it would do twice what it is told twice
          link: step.link === "twice" ? ("none" as const) : step.link,
        }));
        const trusting = trustingAdapter(witness, clock);
        const adapter = (current: () => Step): Adapter => faultyLink(trusting, clock, current);
        expect(await superviseSession(honest, { clock, witness, adapter, tally })).toEqual([]);
        expect(witness.violations(tightLimits)).toEqual([]);
      }),
      runs(33),
    );
    expect(tally.commands).toBe(34_000);
    // So many that budgets run out in most sessions.
    expect(tally.frames).toBeGreaterThan(1200);
    expect(tally.parks).toBeGreaterThan(800);
  }, 60_000);
});
