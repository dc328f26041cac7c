import { describe, expect, test } from "vitest";
import type { Adapter } from "./adapter.js";
import { frameTimeS } from "./check-command.js";
import { falsePark } from "./fuzz-session.test-helpers.js";
import { gateSettingsSchema } from "./gates.js";
import { silenceLimitMs } from "./guard.js";
import { limitsSchema } from "./limits.js";
import { type Acquired, type LoopCommand, protocolVersion } from "./protocol.js";
import { answerGraceMs, supervise, type LoopReply } from "./supervisor.js";
import { VirtualClock } from "./virtual-clock.test-helpers.js";

const acquire = { type: "acquire", fovAngstrom: 20, px: 64, pixelTimeUs: 400 } as const;
const frameOf = (n: number): Acquired => ({
  frameId: `frame-${n}`,
  px: 64,
  fovAngstrom: 20,
  countsBase64: "",
  startMs: 0,
  endMs: 1000,
});
const limits = limitsSchema.parse({ maxChargePerSitePicoC: 1000 });
const never = (): Promise<never> => new Promise(() => {});
const frameMs = frameTimeS(acquire) * 1000;

/** A session on an adapter of which a test says what it answers. */
async function sessionOn(answers: Partial<Adapter>, patienceMs = 0) {
  const clock = new VirtualClock();
  let frames = 0;
  const adapter: Adapter = {
    describe: async () => ({
      protocolVersion,
      id: "doubtful",
      isSimulated: true,
      origin: "top-left",
      hasTrace: false,
      patienceMs,
    }),
    status: async () => ({ voltageKv: 60, currentNanoA: 0.1, isBlanked: true, isReady: true }),
    arm: async () => {},
    acquire: async () => frameOf(frames++),
    park: async () => falsePark,
    shift: async () => {},
    blank: async () => {},
    stop: async () => {},
    heartbeat: async () => {},
    ...answers,
  };
  const entries: string[] = [];
  const supervisor = supervise({
    adapter,
    limits,
    gates: gateSettingsSchema.parse({}),
    clock,
    session: "doubt",
    newToken: () => "token",
    log: ({ type }) => entries.push(type),
  });
  await supervisor.connect();
  await supervisor.arm("doubt", 60, "operator");
  let key = 0;
  const run = (command: LoopCommand): Promise<LoopReply> =>
    clock.until(
      supervisor.execute(command, { key: `${key++}`, actor: "operator", isManual: true }),
      10_000_000,
    );
  const park = async (dwellTimeS: number, xPx = 32): Promise<LoopReply> => {
    const reply = await run(acquire);
    const frameId = reply.type === "acquire" ? reply.frame.frameId : "";
    const place = { xPx, yPx: 32, stopOn: null, avoid: [] };
    return run({ type: "park", frameId, dwellTimeS, ...place });
  };
  const charge = (): number => supervisor.totals().sessionChargePicoC;
  return { supervisor, run, park, charge, entries };
}

/** What the greatest current gives in a time. */
const most = (ms: number): number => limits.maxCurrentNanoA * ms;

describe("the server's account", () => {
  test("is charged with the longest that an honest answer can mean, never with less", async () => {
    const { park, charge, entries } = await sessionOn({});
    await park(2);
    expect(charge()).toBeCloseTo(most(frameMs) + most(2000), 9);
    expect(entries).not.toContain("overrun");
  });

  test("is charged with the time by which the adapter says it overstayed", async () => {
    const { park, charge, entries } = await sessionOn({
      park: async () => ({ ...falsePark, startMs: 50, endMs: 3050 }),
    });
    await park(2);
    expect(charge()).toBeCloseTo(most(frameMs) + most(3000), 9);
    expect(entries).toContain("overrun");
  });

  test("is charged with what a late timer gave", async () => {
    const { park, charge, supervisor } = await sessionOn({
      park: async () => ({ ...falsePark, chargePicoC: most(2030) }),
    });
    await park(2);
    expect(charge()).toBeCloseTo(most(frameMs) + most(2030), 9);
    expect(supervisor.isArmed()).toBe(true);
  });

  test("is charged with a charge that cannot be, and the session disarmed", async () => {
    const { park, charge, supervisor } = await sessionOn({
      park: async () => ({ ...falsePark, chargePicoC: 5000 }),
    });
    await expect(park(2)).rejects.toMatchObject({ reason: "INSTRUMENT" });
    expect(charge()).toBeCloseTo(most(frameMs) + 5000, 9);
    expect(supervisor.isArmed()).toBe(false);
  });

  test("is charged until the stop is confirmed where no answer comes", async () => {
    const { park, charge } = await sessionOn({ park: never });
    await expect(park(2)).rejects.toMatchObject({ reason: "TIMEOUT" });
    expect(charge()).toBeCloseTo(most(frameMs) + most(2000 + answerGraceMs), 9);
  });

  test("is charged until the adapter's own watchdog blanks where nothing is confirmed", async () => {
    const silent = await sessionOn({ park: never, stop: never });
    await expect(silent.park(2)).rejects.toMatchObject({ reason: "TIMEOUT" });
    const longest = 2000 + 2 * answerGraceMs + silenceLimitMs;
    expect(silent.charge()).toBeCloseTo(most(frameMs) + most(longest), 9);
    const lostFrame = await sessionOn({ acquire: never, stop: never });
    await expect(lostFrame.run(acquire)).rejects.toMatchObject({ reason: "TIMEOUT" });
    const frameLongest = frameMs + 2 * answerGraceMs + silenceLimitMs;
    expect(lostFrame.charge()).toBeCloseTo(most(frameLongest), 6);
  });

  test("is not charged with the time that a person takes", async () => {
    const { park, charge } = await sessionOn(
      { park: async () => ({ ...falsePark, endMs: 600_000 }) },
      1_800_000,
    );
    await park(2);
    expect(charge()).toBeCloseTo(most(frameMs) + most(2000), 9);
  });

  test("counts a place on both sides of a shift that was not confirmed", async () => {
    // 5 px are 1.56 Å: at one of the two places the limit of a place is nearly used up
    const shift = { type: "shift", dxAngstrom: (5 * 20) / 64, dyAngstrom: 0 } as const;
    const sure = await sessionOn({});
    await sure.park(6);
    await sure.run(shift);
    await expect(sure.park(6, 27)).rejects.toMatchObject({ limit: "maxChargePerSitePicoC" });
    await expect(sure.park(6, 32)).resolves.toMatchObject({ type: "park" });

    const lost = await sessionOn({ shift: never });
    await lost.park(6);
    await expect(lost.run(shift)).rejects.toMatchObject({ reason: "TIMEOUT" });
    await lost.supervisor.arm("doubt", 60, "operator");
    for (const xPx of [27, 32]) {
      await expect(lost.park(6, xPx)).rejects.toMatchObject({ limit: "maxChargePerSitePicoC" });
    }
    await expect(lost.park(6, 48)).resolves.toMatchObject({ type: "park" });
  });
});

describe("a frame", () => {
  test.each([
    ["of other pixels", { px: 32 }],
    ["of another field of view", { fovAngstrom: 23 }],
    ["without a number for its field of view", { fovAngstrom: Number.NaN }],
  ])("%s than was asked for disarms", async (_, change) => {
    const { run, supervisor } = await sessionOn({
      acquire: async () => ({ ...frameOf(0), ...change }),
    });
    await expect(run(acquire)).rejects.toThrow(/not as asked, 64 pixels and 20 Å/);
    expect(supervisor.isArmed()).toBe(false);
  });

  test("that is an earlier one again disarms", async () => {
    const { run, supervisor } = await sessionOn({ acquire: async () => frameOf(0) });
    await run(acquire);
    await expect(run(acquire)).rejects.toThrow('the frame "frame-0" is an earlier one again');
    expect(supervisor.isArmed()).toBe(false);
  });
});
