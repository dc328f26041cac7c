import { canonicalJson, type Json } from "@quadrivium/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideStep, type StepDecision } from "./decide.js";
import { guardInstrument } from "./guard.js";
import { jumpingClock } from "./jumping-clock.js";
import { limitsSchema } from "./limits.js";
import { pilotOf } from "./pilot.js";
import type { Parked } from "./protocol.js";
import { replayLog } from "./replay-log.js";
import { newWalk } from "./walk-memory.js";
import {
  greedyPilot,
  plannerPilot,
  simulator,
  testSession,
  walked,
  type Walked,
} from "./walked.test-helpers.js";

const entries = ({ lines }: Walked, type: string): unknown[] =>
  lines.filter((line) => line.type === type).map(({ data }) => data);

describe("a session on the simulator", () => {
  test("walks silicon to its goal, leaves a log that verifies, and replays bit for bit", async () => {
    const walk = await walked();
    expect(walk.outcome).toMatchObject({ arrived: true });
    const report = await replayLog(walk.lines, walk.files);
    expect(report.differences).toEqual([]);
    expect(report.decisions).toBe(walk.outcome.steps + 1);
    expect((await walked()).log).toEqual(walk.log);
  });

  test("shows a decision that was logged otherwise", async () => {
    const walk = await walked();
    const lines = walk.lines.map((line) =>
      line.type === "decision" ? { ...line, data: { action: "forged" } } : line,
    );
    const { differences } = await replayLog(lines, walk.files);
    expect(differences).toHaveLength(walk.outcome.steps + 1);
    const swapped = { ...walk.files, frame: async () => new Uint8Array(128 * 128 * 4) };
    await expect(replayLog(walk.lines, swapped)).rejects.toThrow(
      /the frame of line \d+ is not the one that was logged/,
    );
  });

  describe.each([
    ["from the first frame on", 0],
    ["once the self-test has passed", 1],
  ])("%s", (_, from) => {
    test.each([
      ["black", (v: Float32Array) => v.fill(0)],
      ["saturated", (v: Float32Array) => v.fill(255)],
      ["NaN", (v: Float32Array) => v.fill(Number.NaN)],
      ["half missing", (v: Float32Array) => v.fill(0, v.length / 2)],
      [
        "without every other row",
        (v: Float32Array) => v.forEach((_, i) => (i & 128 ? (v[i] = 0) : 0)),
      ],
      ["drowned in noise", (v: Float32Array) => v.forEach((_, i) => (v[i] = (i * 7919) % 101))],
    ])("never parks on a frame that is %s", async (__, spoil) => {
      const { outcome } = await walked({
        change: (instrument) => ({
          ...instrument,
          scan: async (command) => {
            const frame = await instrument.scan(command);
            if (frame === null || Number(frame.frameId.slice("frame-".length)) < from) return frame;
            const bytes = Uint8Array.from(atob(frame.countsBase64), (c) => c.charCodeAt(0));
            spoil(new Float32Array(bytes.buffer));
            return { ...frame, countsBase64: btoa(String.fromCharCode(...bytes)) };
          },
        }),
      });
      expect(outcome).toMatchObject({ arrived: false, parks: 0 });
    });
  });

  test("parks once on a frame that then comes again and again, and gives up", async () => {
    let first = "";
    const { outcome, lines, files } = await walked({
      change: (instrument) => ({
        ...instrument,
        scan: async (command) => {
          const frame = await instrument.scan(command);
          if (frame === null) return null;
          // the first is the self-test's
          if (frame.frameId === "frame-1") first = frame.countsBase64;
          return first === "" ? frame : { ...frame, countsBase64: first };
        },
      }),
    });
    expect(outcome).toMatchObject({ arrived: false, parks: 1 });
    expect(outcome.reason).toMatch(/frames refused: the frame repeats the one before$/);
    expect((await replayLog(lines, files)).differences).toEqual([]);
  });

  test("blanks, disarms and says why where a frame cannot be kept", async () => {
    const clock = jumpingClock();
    const guard = guardInstrument(simulator(clock), { limits: limitsSchema.parse({}), clock });
    const { session, lines } = testSession(guard, clock, {
      keepFrame: () => Promise.reject(new Error("the disk is full")),
    });
    await session.connect();
    await session.supervisor.arm("test", 30, "test");
    await expect(session.walk()).rejects.toThrow("the disk is full");
    expect([session.supervisor.isArmed(), guard.isArmed()]).toEqual([false, false]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      type: "outcome",
      data: { reason: "the disk is full" },
    });
    await session.close();
  });

  test("believes in numbers that the log can hold, whatever a frame shows", () => {
    const rules = { pilot: pilotOf(greedyPilot), keepOut: [] };
    const memory = newWalk({ xPx: 40, yPx: 40 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(63), fc.nat(63), fc.nat(200)), { maxLength: 12 }),
        (blobs) => {
          const counts = new Float32Array(64 * 64).map((_, i) => (i * 7919) % 3);
          for (const [x, y, height] of blobs) {
            for (let i = 0; i < counts.length; i++) {
              const squared = ((i % 64) - x) ** 2 + (Math.floor(i / 64) - y) ** 2;
              counts[i] += height * Math.exp(-squared / 4);
            }
          }
          const frame = { counts, width: 64, height: 64, pixelSizeAngstrom: 0.16 };
          const beam = { currentNanoA: 0.1, voltageKv: 60 };
          const taken = { frameId: "f", hash: "h", pixelTimeUs: 60, startMs: 0, endMs: 983, beam };
          const { decision } = decideStep(rules, memory, { ...taken, frame });
          expect(() => canonicalJson(decision as unknown as Json)).not.toThrow();
        },
      ),
      { seed: 8, numRuns: 150 },
    );
  });

  test("plans: path, time and charge go into the log, and the walk replays", async () => {
    const walk = await walked({ pilot: plannerPilot });
    expect(walk.outcome).toMatchObject({ arrived: true });
    const [first] = entries(walk, "decision") as StepDecision[];
    const { plan, goal, silicon } = first;
    expect(plan!.path.length).toBeGreaterThan(2);
    const end = plan!.path.at(-1)!;
    // the path leads from silicon to the site nearest to the goal, a bond away at most
    expect(Math.hypot(end.xPx - goal.xPx, end.yPx - goal.yPx) * (20 / 128)).toBeLessThan(1.43);
    expect(
      Math.hypot(plan!.path[0].xPx - silicon!.xPx, plan!.path[0].yPx - silicon!.yPx),
    ).toBeLessThan(2);
    const [early, late] = plan!.timeS;
    expect(early).toBeLessThan(plan!.expectedTimeS);
    expect(late).toBeGreaterThan(plan!.expectedTimeS);
    expect(plan!.charge95PicoC).toBeCloseTo(late * 0.1 * 1000, 6);
    expect((await replayLog(walk.lines, walk.files)).differences).toEqual([]);
  });

  test("blanks when the trace steps: dwells end with silicon's arrival", async () => {
    const walk = await walked({ pilot: { ...plannerPilot, watch: true } });
    expect(walk.outcome).toMatchObject({ arrived: true });
    const parks = entries(walk, "parked") as Parked[];
    const arrivals = parks.filter(({ reason }) => reason === "arrival");
    expect(arrivals.length).toBeGreaterThan(0);
    for (const { trace, sampleMs, startMs, endMs } of arrivals) {
      const binsMs = trace.length * sampleMs;
      expect(Math.abs(endMs - startMs - binsMs)).toBeLessThanOrEqual(sampleMs);
      const level = (part: readonly number[]): number => part.reduce((a, b) => a + b) / part.length;
      // the step is in the trace's last moments
      expect(Math.max(...trace.slice(-3))).toBeGreaterThan(1.3 * level(trace.slice(0, -10)));
    }
    const decisions = entries(walk, "decision") as StepDecision[];
    for (const { action } of decisions) {
      if (action.type !== "park") continue;
      expect(action.command.stopOn).toMatchObject({ threshold: 14 });
      expect(action.command.dwellTimeS).toBeLessThanOrEqual(15);
    }
    expect((await replayLog(walk.lines, walk.files)).differences).toEqual([]);
  });
});
