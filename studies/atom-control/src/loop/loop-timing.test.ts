import { describe, expect, test } from "vitest";
import { LoopError } from "./adapter.js";
import type { LoopClock } from "./clock.js";
import { gateSettingsSchema } from "./gates.js";
import { guardInstrument, silenceLimitMs } from "./guard.js";
import { limitsSchema } from "./limits.js";
import type { ParkCommand } from "./protocol.js";
import { supervise, type Supervisor } from "./supervisor.js";
import { VirtualClock } from "./virtual-clock.test-helpers.js";
import { witnessInstrument } from "./witness.test-helpers.js";

const acquire = { type: "acquire", fovAngstrom: 20, px: 64, pixelTimeUs: 400 } as const;
const park = (frameId: string, dwellTimeS = 5): ParkCommand => ({
  type: "park",
  frameId,
  xPx: 30,
  yPx: 30,
  dwellTimeS,
  stopOn: null,
  avoid: [],
});

function parts() {
  const clock = new VirtualClock();
  const witness = witnessInstrument(clock);
  const limits = limitsSchema.parse({});
  const guard = guardInstrument(witness.instrument, { limits, clock });
  const entries: string[] = [];
  const link = { isUp: true };
  const lost = (): Promise<never> => new Promise(() => {});
  const supervisor: Supervisor = supervise({
    adapter: {
      ...guard,
      heartbeat: () => (link.isUp ? guard.heartbeat() : lost()),
      stop: () => (link.isUp ? guard.stop() : lost()),
    },
    limits,
    gates: gateSettingsSchema.parse({}),
    clock,
    session: "graphene-7",
    newToken: () => "secret",
    log: ({ type }) => entries.push(type),
  });
  return { clock, witness, guard, supervisor, link, entries, limits };
}

/** The reason for which a promise is rejected. */
async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "done",
    (error: unknown) => (error instanceof LoopError ? (error.limit ?? error.reason) : error),
  );
}

describe("the watchdog", () => {
  test("blanks within 2 s when the server falls silent in the middle of a dwell", async () => {
    const { clock, witness, guard } = parts();
    await guard.arm("t", 60_000);
    const { frameId } = await clock.until(guard.acquire(acquire, "t"), 5000);
    await guard.heartbeat();
    const parked = guard.park(park(frameId, 10), "t");
    await clock.advance(silenceLimitMs - 1);
    expect(witness.isOpen()).toBe(true);
    await clock.advance(1);
    expect(witness.isOpen()).toBe(false);
    expect((await parked).reason).toBe("stopped");
    expect(guard.isArmed()).toBe(false);
    expect(await reasonOf(guard.acquire(acquire, "t"))).toBe("NOT_ARMED");
  });

  test("is kept quiet by the server's heartbeats, and blanks when their link is cut", async () => {
    const { clock, witness, supervisor, link } = parts();
    await supervisor.arm("graphene-7", 5, "operator");
    const reply = await clock.until(
      supervisor.execute(acquire, { key: "a", actor: "operator" }),
      5000,
    );
    const frameId = reply.type === "acquire" ? reply.frame.frameId : "";
    const dwell = reasonOf(
      supervisor.execute(park(frameId, 12), { key: "b", actor: "operator", isManual: true }),
    );
    await clock.advance(9000);
    expect(witness.isOpen()).toBe(true);
    link.isUp = false;
    await clock.advance(2000);
    expect(witness.isOpen()).toBe(false);
    expect(supervisor.isArmed()).toBe(false);
    await clock.advance(20_000);
    expect(await dwell).toBe("done");
  });
});

describe("the emergency stop", () => {
  test("blanks at once and disarms both sides", async () => {
    const { clock, witness, guard, supervisor } = parts();
    await supervisor.arm("graphene-7", 5, "operator");
    const reply = await clock.until(
      supervisor.execute(acquire, { key: "a", actor: "operator" }),
      5000,
    );
    const frameId = reply.type === "acquire" ? reply.frame.frameId : "";
    supervisor
      .execute(park(frameId), { key: "b", actor: "operator", isManual: true })
      .catch(() => {});
    await clock.advance(1000);
    expect(witness.isOpen()).toBe(true);
    const stopped = supervisor.emergencyStop("operator");
    await clock.until(stopped, 50);
    expect(witness.isOpen()).toBe(false);
    expect([supervisor.isArmed(), guard.isArmed()]).toEqual([false, false]);
  });
});

describe("a late timer", () => {
  test("is charged in the adapter's account with the time by which the beam overstayed", async () => {
    const clock = new VirtualClock();
    const late: LoopClock = {
      nowMs: clock.nowMs,
      after: (ms, callback) => clock.after(ms + 30, callback),
    };
    const witness = witnessInstrument(late);
    const guard = guardInstrument(witness.instrument, {
      limits: limitsSchema.parse({}),
      clock: late,
    });
    await guard.arm("t", 60_000);
    const { frameId } = await clock.until(guard.acquire(acquire, "t"), 5000);
    await guard.heartbeat();
    const before = guard.totals().sessionChargePicoC;
    const { chargePicoC } = await clock.until(guard.park(park(frameId, 1), "t"), 9000);
    expect(chargePicoC).toBeCloseTo(103, 6);
    expect(guard.totals().sessionChargePicoC - before).toBeCloseTo(103, 6);
  });
});

describe("arming", () => {
  test("needs the session's name, expires, and is needed for every command that opens the beam", async () => {
    const { clock, supervisor } = parts();
    expect(await reasonOf(supervisor.execute(acquire, { key: "0", actor: "x" }))).toBe("NOT_ARMED");
    expect(await reasonOf(supervisor.arm("graphene-8", 5, "x"))).toBe("NOT_ARMED");
    await supervisor.arm("graphene-7", 5, "x");
    expect(
      await reasonOf(clock.until(supervisor.execute(acquire, { key: "1", actor: "x" }), 5000)),
    ).toBe("done");
    await clock.advance(5 * 60_000);
    expect(supervisor.isArmed()).toBe(false);
    expect(await reasonOf(supervisor.execute(acquire, { key: "2", actor: "x" }))).toBe("NOT_ARMED");
  });
});

describe("a command", () => {
  test("repeated under its key is carried out once", async () => {
    const { clock, supervisor, guard } = parts();
    await supervisor.arm("graphene-7", 5, "x");
    const first = supervisor.execute(acquire, { key: "same", actor: "x" });
    const second = supervisor.execute(acquire, { key: "same", actor: "x" });
    expect(await clock.until(first, 5000)).toBe(await second);
    expect(guard.totals().frames).toBe(1);
    // and never again, however long ago that was
    for (let n = 0; n < 20; n++) {
      await supervisor.execute({ type: "blank" }, { key: `${n}`, actor: "x" });
    }
    const late = supervisor.execute(acquire, { key: "same", actor: "x" });
    await expect(late).rejects.toThrow('the key "same" was used before');
    expect(guard.totals().frames).toBe(1);
  });

  test("that is not answered in time blanks and disarms", async () => {
    const { clock, witness, supervisor, guard } = parts();
    await supervisor.arm("graphene-7", 5, "x");
    witness.next.fault = "hangs";
    const answer = reasonOf(supervisor.execute(acquire, { key: "1", actor: "x" }));
    await clock.advance(10_000);
    expect(await answer).toBe("INSTRUMENT");
    expect([witness.isOpen(), supervisor.isArmed(), guard.isArmed()]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test("outside of each hard limit is refused by that limit's name, by either side", async () => {
    const { clock, witness, guard } = parts();
    await guard.arm("t", 600_000);
    const { frameId } = await clock.until(guard.acquire(acquire, "t"), 5000);
    await guard.heartbeat();
    const at = (change: Partial<ParkCommand>): Promise<unknown> =>
      reasonOf(clock.until(guard.park({ ...park(frameId), ...change }, "t"), 30_000));
    expect(await at({ dwellTimeS: 16 })).toBe("maxDwellTimeS");
    expect(await at({ xPx: 1 })).toBe("edgeMarginFraction");
    expect(await at({ avoid: [{ xPx: 31, yPx: 30 }] })).toBe("minDefectDistanceAngstrom");
    expect(await at({ xPx: Number.NaN })).toBe("BAD_REQUEST");
    witness.next.voltageKv = 80;
    expect(await at({})).toBe("maxVoltageKv");
    witness.next = { fault: "none", voltageKv: 60, currentNanoA: 1 };
    expect(await at({})).toBe("maxCurrentNanoA");
    expect(witness.isOpen()).toBe(false);
    expect(() => limitsSchema.parse({ maxVoltageKv: 80 })).toThrow(/never parked above 70 kV/);
  });
});
