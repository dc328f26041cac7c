import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { priorMap } from "../model/maps/fixed-maps.js";
import { verifyLog } from "./chain-log.js";
import { countsBytes } from "./frame-codec.js";
import { gateSettingsSchema } from "./gates.js";
import { guardInstrument } from "./guard.js";
import { jumpingClock } from "./jumping-clock.js";
import { limitsSchema } from "./limits.js";
import { replayLog } from "./replay-log.js";
import { simulatedInstrument } from "./simulated-instrument.js";
import { walkSession } from "./walk-session.js";
import type { Instrument } from "./adapter.js";
import type { LoopOutcome } from "./run-loop.js";

interface Walked {
  readonly outcome: LoopOutcome;
  readonly log: Uint8Array;
  readonly frames: ReadonlyMap<string, Uint8Array>;
}

/** Walks silicon under the simulated beam, the instrument changed as a test wishes. */
async function walked(
  seed: number,
  change: (instrument: Instrument) => Instrument = (instrument) => instrument,
): Promise<Walked> {
  const clock = jumpingClock();
  const limits = limitsSchema.parse({});
  const instrument = simulatedInstrument({ map: priorMap, stream: streamOf(key(seed)), clock });
  const lines: string[] = [];
  const frames = new Map<string, Uint8Array>();
  const session = walkSession({
    name: "test",
    adapter: guardInstrument(change(instrument), { limits, clock }),
    limits,
    gates: gateSettingsSchema.parse({}),
    settings: {
      fovAngstrom: 20,
      px: 128,
      pixelTimeUs: 60,
      driftSdAngstrom: 0.1,
      goal: { xPx: 90, yPx: 64 },
      maxSteps: 40,
    },
    controller: { offsetBonds: 0.85, dwellTimeS: 4 },
    clock,
    wallTime: () => "2026-01-01T00:00:00.000Z",
    newToken: () => "token",
    appendLine: (line) => lines.push(line),
    keepFrame: async (hash, counts) => {
      frames.set(hash, countsBytes(counts));
    },
  });
  await session.connect();
  await session.supervisor.arm("test", 30, "test");
  const outcome = await session.walk();
  await session.close(outcome);
  return { outcome, log: new TextEncoder().encode(lines.map((l) => `${l}\n`).join("")), frames };
}

const readFrom =
  ({ frames }: Walked) =>
  async (hash: string): Promise<Uint8Array> =>
    frames.get(hash) ?? new Uint8Array(0);

describe("a session on the simulator", () => {
  test("walks silicon to its goal, leaves a log that verifies, and replays bit for bit", async () => {
    const walk = await walked(3);
    expect(walk.outcome).toMatchObject({ arrived: true });
    const verdict = verifyLog(walk.log);
    if (!verdict.ok) throw new Error(`line ${verdict.line}: ${verdict.reason}`);
    const report = await replayLog(verdict.lines, readFrom(walk));
    expect(report.differences).toEqual([]);
    expect(report.decisions).toBe(walk.outcome.steps + 1);
    expect((await walked(3)).log).toEqual(walk.log);
  });

  test("shows a decision that was logged otherwise", async () => {
    const walk = await walked(3);
    const verdict = verifyLog(walk.log);
    if (!verdict.ok) throw new Error(verdict.reason);
    const lines = verdict.lines.map((line) =>
      line.type === "decision" ? { ...line, data: { action: "forged" } } : line,
    );
    const { differences } = await replayLog(lines, readFrom(walk));
    expect(differences).toHaveLength(walk.outcome.steps + 1);
    await expect(
      replayLog(verdict.lines, async () => new Uint8Array(128 * 128 * 4)),
    ).rejects.toThrow(/the frame of line \d+ is not the one that was logged/);
  });

  test.each([
    ["black", (v: Float32Array) => v.fill(0)],
    ["saturated", (v: Float32Array) => v.fill(255)],
    ["NaN", (v: Float32Array) => v.fill(Number.NaN)],
    ["half missing", (v: Float32Array) => v.fill(0, v.length / 2)],
  ])("never parks on a frame that is %s", async (_, spoil) => {
    const { outcome } = await walked(3, (instrument) => ({
      ...instrument,
      scan: async (command) => {
        const frame = await instrument.scan(command);
        if (frame === null) return null;
        const bytes = Uint8Array.from(atob(frame.countsBase64), (c) => c.charCodeAt(0));
        spoil(new Float32Array(bytes.buffer));
        return { ...frame, countsBase64: btoa(String.fromCharCode(...bytes)) };
      },
    }));
    expect(outcome).toMatchObject({ arrived: false, parks: 0 });
  });
});
