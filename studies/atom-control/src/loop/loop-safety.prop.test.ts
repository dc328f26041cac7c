import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Adapter } from "./adapter.js";
import { gateSettingsSchema } from "./gates.js";
import { guardInstrument } from "./guard.js";
import type { LedgerTotals } from "./ledger.js";
import type { Limits } from "./limits.js";
import { session, sessionLength, type Step, tightLimits } from "./loop-fuzz.test-helpers.js";
import type { LoopCommand } from "./protocol.js";
import { type LoopReply, supervise } from "./supervisor.js";
import { VirtualClock } from "./virtual-clock.test-helpers.js";
import { type Witness, witnessInstrument } from "./witness.test-helpers.js";

const longestMs = 20_000;

/** The limits that a ledger's own totals exceed. */
function exceeded(limits: Limits, totals: LedgerTotals): string[] {
  const pairs: [string, number, number][] = [
    ["frames", totals.frames, limits.maxFrames],
    ["session", totals.sessionChargePicoC, limits.maxSessionChargePicoC],
    ["field", totals.fieldDose, limits.maxFieldDose],
    ["site", totals.maxSiteChargePicoC, limits.maxChargePerSitePicoC],
  ];
  return pairs.filter(([, value, most]) => !(value <= most * (1 + 1e-9))).map(([name]) => name);
}

/** What was carried out, so that a fuzz that only meets refusals is seen. */
interface Tally {
  commands: number;
  frames: number;
  parks: number;
}

function count(tally: Tally, type: LoopCommand["type"]): void {
  if (type === "acquire") tally.frames++;
  if (type === "park") tally.parks++;
}

/** The command of a step, a parked beam referring to one of the last frames. */
function commandOf(step: Step, frameIds: readonly string[]): LoopCommand | undefined {
  const { command } = step;
  if (command.type === "wait" || command.type === "stop" || command.type === "arm")
    return undefined;
  if (command.type !== "park") return command;
  return { ...command, frameId: frameIds.at(-1 - step.age) ?? "frame-none" };
}

function behave(witness: Witness, { fault, voltageKv, currentNanoA }: Step): void {
  witness.next = { fault, voltageKv, currentNanoA };
}

/** An adapter whose link loses, delays and falsifies, by the step at hand. */
function faultyLink(adapter: Adapter, clock: VirtualClock, current: () => Step): Adapter {
  const pass = <T>(run: () => Promise<T>, lie?: (truth: T) => T): Promise<T> => {
    const { link } = current();
    if (link === "request lost") return new Promise<T>(() => {});
    const answer = run();
    answer.catch(() => {});
    if (link === "answer lost") return new Promise<T>(() => {});
    if (link === "late") {
      return new Promise<T>((resolve, reject) => {
        clock.after(9000, () => answer.then(resolve, reject));
      });
    }
    return link === "lies" && lie !== undefined ? answer.then(lie) : answer;
  };
  return {
    ...adapter,
    status: () =>
      pass(adapter.status, (status) => ({ ...status, voltageKv: 60, currentNanoA: 0.01 })),
    acquire: (command, token) => pass(() => adapter.acquire(command, token)),
    park: (command, token) =>
      pass(
        () => adapter.park(command, token),
        (parked) => ({ ...parked, chargePicoC: 0, endMs: parked.startMs }),
      ),
    shift: (command, token) => pass(() => adapter.shift(command, token)),
    blank: () => pass(adapter.blank),
    stop: () => pass(adapter.stop),
    heartbeat: () => pass(adapter.heartbeat),
  };
}

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
        return {
          startMs: 0,
          endMs: 0,
          reason: "dwell" as const,
          chargePicoC: 0,
          trace: [],
          sampleMs: 1,
        };
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

/** Runs a session of random steps through a supervisor. */
async function superviseSession(
  steps: readonly Step[],
  options: {
    readonly clock: VirtualClock;
    readonly witness: Witness;
    readonly adapter: (current: () => Step) => Adapter;
    readonly tally: Tally;
  },
): Promise<string[]> {
  const { clock, witness, tally } = options;
  let current = steps[0];
  const frameIds: string[] = [];
  const supervisor = supervise({
    adapter: options.adapter(() => current),
    limits: tightLimits,
    gates: gateSettingsSchema.parse({}),
    clock,
    session: "fuzz",
    newToken: () => "token",
    log: () => {},
  });
  for (const [i, step] of steps.entries()) {
    current = step;
    behave(witness, step);
    tally.commands++;
    if (step.isArmedAgain && !supervisor.isArmed()) {
      await clock.until(supervisor.arm("fuzz", 5, "fuzz"), longestMs);
    }
    const command = commandOf(step, frameIds);
    const run: Promise<LoopReply | void> =
      command !== undefined
        ? supervisor.execute(command, { key: `${i}`, actor: "fuzz", isManual: true })
        : step.command.type === "arm"
          ? supervisor.arm("fuzz", 5, "fuzz")
          : step.command.type === "stop"
            ? supervisor.emergencyStop("fuzz")
            : Promise.resolve();
    try {
      const reply = await clock.until(run, longestMs);
      if (typeof reply === "object") count(tally, reply.type);
      if (typeof reply === "object" && reply.type === "acquire") frameIds.push(reply.frame.frameId);
    } catch {
      // Refusals and faults are what is asked for; what the beam did is checked below.
    }
    await clock.advance(step.pauseMs);
  }
  await clock.until(supervisor.close(), longestMs);
  await clock.advance(longestMs);
  return exceeded(tightLimits, supervisor.totals());
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
