import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeCounts } from "../loop/frame-codec.js";
import { guardInstrument } from "../loop/guard.js";
import { jumpingClock } from "../loop/jumping-clock.js";
import { limitsSchema } from "../loop/limits.js";
import type { ParkCommand } from "../loop/protocol.js";
import { replayLog } from "../loop/replay-log.js";
import { VirtualClock } from "../loop/virtual-clock.test-helpers.js";
import { ended, simulator, still, testSession, walkSettings } from "../loop/walked.test-helpers.js";
import { fileDropInstrument } from "./file-drop.js";
import { person, saveFrame, writtenSteps } from "./person.test-helpers.js";

const limits = limitsSchema.parse({});
const beam = { currentNanoA: 0.1, voltageKv: 60 };
const acquire = { type: "acquire", fovAngstrom: 20, px: 16, pixelTimeUs: 10 } as const;
const park = (frameId: string): ParkCommand => ({
  type: "park",
  frameId,
  xPx: 7.5,
  yPx: 3.5,
  dwellTimeS: 4,
  stopOn: null,
  avoid: [],
});
const counts = Float32Array.from({ length: 256 }, (_, i) => i);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quadrivium-drop-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A guarded adapter on the folder, armed, and a clock to wait with. */
async function adapter() {
  const clock = new VirtualClock();
  const guard = guardInstrument(fileDropInstrument({ folder, clock, beam }), { limits, clock });
  /** Waits with heartbeats, without which the adapter disarms. */
  const soon = async <T>(promise: Promise<T>): Promise<T> => {
    let cancel = (): void => {};
    const beat = (): void => {
      guard.heartbeat().catch(() => {});
      cancel = clock.after(500, beat);
    };
    beat();
    try {
      return await clock.until(promise, 60_000);
    } finally {
      cancel();
    }
  };
  await guard.arm("t", 3_600_000);
  return { clock, guard, soon };
}

describe("the file drop", () => {
  test("writes a step for a frame, and takes the file that then comes as its answer", async () => {
    saveFrame(
      folder,
      "a-before.npy",
      counts.map(() => 1),
    );
    const { clock, guard, soon } = await adapter();
    person({ folder, clock }, ({ step }) => saveFrame(folder, `frame-${step}.npy`, counts));
    const frame = await soon(guard.acquire(acquire, "t"));
    expect(frame).toMatchObject({ frameId: "0-frame-1.npy", px: 16, fovAngstrom: 20 });
    expect(decodeCounts(frame.countsBase64, 256)).toEqual(counts);
    const asked = { fovAngstrom: 20, px: 16, pixelTimeUs: 10 };
    expect(writtenSteps(folder)).toMatchObject([{ step: 1, park: null, acquire: asked }]);
    // a second file for the same step answers none
    saveFrame(
      folder,
      "frame-1-again.npy",
      counts.map(() => 2),
    );
    const next = await soon(guard.acquire(acquire, "t"));
    expect(next.frameId).toBe("1-frame-2.npy");
  });

  test("sends a stay with the frame after it, and charges all of it whatever time passes", async () => {
    const { clock, guard, soon } = await adapter();
    person({ folder, clock }, ({ step, acquire: { px } }) =>
      saveFrame(folder, `frame-${step}.npy`, new Float32Array(px * px)),
    );
    const { frameId } = await soon(guard.acquire(acquire, "t"));
    const before = guard.totals().sessionChargePicoC;
    const parked = await soon(guard.park(park(frameId), "t"));
    expect(parked).toMatchObject({ reason: "dwell", trace: [], chargePicoC: 400 });
    expect(writtenSteps(folder)).toHaveLength(1);
    expect(guard.totals().sessionChargePicoC - before).toBeCloseTo(400, 9);
    await soon(guard.acquire({ ...acquire, px: 32 }, "t"));
    const [, { park: stay, acquire: asked }] = writtenSteps(folder);
    expect(asked.px).toBe(32);
    // places are of the frame that the stay refers to
    const fractions = { xFraction: 0.5, yFraction: 0.25 };
    expect(stay).toMatchObject({ frameId, xPx: 7.5, yPx: 3.5, dwellTimeS: 4, ...fractions });
  });

  test("never sends a stay that was stopped, nor two with one frame", async () => {
    const { clock, guard, soon } = await adapter();
    const leave = person({ folder, clock }, ({ step }) =>
      saveFrame(folder, `frame-${step}.npy`, counts),
    );
    const { frameId } = await soon(guard.acquire(acquire, "t"));
    await soon(guard.park(park(frameId), "t"));
    await guard.stop();
    await guard.arm("t", 3_600_000);
    await soon(guard.acquire(acquire, "t"));
    expect(writtenSteps(folder).map((step) => step.park)).toEqual([null, null]);
    const again = await soon(guard.acquire(acquire, "t"));
    await soon(guard.park(park(again.frameId), "t"));
    await expect(soon(guard.park(park(again.frameId), "t"))).rejects.toThrow(/waits for its frame/);
    expect(guard.isArmed()).toBe(false);
    leave();
  });

  test("calls off a step that nobody has answered", async () => {
    const { clock, guard } = await adapter();
    const waiting = guard.acquire(acquire, "t").catch((error: unknown) => error);
    await clock.advance(1000);
    expect(existsSync(join(folder, "stop-0001.json"))).toBe(false);
    await guard.stop();
    expect(await waiting).toMatchObject({ reason: "INSTRUMENT" });
    expect(existsSync(join(folder, "stop-0001.json"))).toBe(true);
    expect(guard.isArmed()).toBe(false);
  });

  test.each([
    [
      "of other pixels",
      () => saveFrame(folder, "f.npy", new Float32Array(64)),
      /8 × 8 pixels; 16 × 16/,
    ],
    ["that is damaged", () => writeFileSync(join(folder, "f.npy"), "no frame"), /failed/],
  ])("refuses a file %s, and disarms", async (_, save, message) => {
    const { clock, guard, soon } = await adapter();
    person({ folder, clock }, save);
    await expect(soon(guard.acquire(acquire, "t"))).rejects.toThrow(message);
    expect(guard.isArmed()).toBe(false);
  });

  test("waits for a file that is still being written", async () => {
    const { clock, guard, soon } = await adapter();
    person({ folder, clock }, () => {
      writeFileSync(join(folder, "f.npy"), "begun");
      clock.after(250, () => saveFrame(folder, "f.npy", counts));
    });
    const { countsBase64 } = await soon(guard.acquire(acquire, "t"));
    expect(decodeCounts(countsBase64, 256)).toEqual(counts);
  });

  test("walks silicon to its goal with a person who does what is written", async () => {
    const clock = jumpingClock();
    // the person's microscope is the simulator, its frames are known by the files' names
    const microscope = simulator(clock, { seed: 3, microscope: still });
    const drop = fileDropInstrument({ folder, clock, beam });
    const { session, lines, frames } = testSession(guardInstrument(drop, { limits, clock }), clock);
    const names = new Map<string, string>();
    const leave = person({ folder, clock }, async ({ step, park: stay, acquire: asked }) => {
      if (stay !== null) {
        const { xPx, yPx, dwellTimeS } = stay;
        const frameId = names.get(stay.frameId)!;
        const command = { ...park(frameId), xPx, yPx, dwellTimeS };
        microscope.place(command);
        await microscope.watch(command);
      }
      const frame = await microscope.scan({ type: "acquire", ...asked });
      const name = `frame-${step}.npy`;
      names.set(`${step - 1}-${name}`, frame!.frameId);
      saveFrame(folder, name, decodeCounts(frame!.countsBase64, asked.px ** 2)!);
    });
    await session.connect();
    await session.supervisor.orientate(true, "operator");
    await session.supervisor.arm("test", 60, "operator");
    const outcome = await session.walk();
    leave();
    await session.close(outcome);
    expect(outcome).toMatchObject({ arrived: true });
    expect(outcome.parks).toBeGreaterThan(0);
    const stays = writtenSteps(folder).filter((step) => step.park !== null);
    expect(stays).toHaveLength(outcome.parks);
    expect(walkSettings.px).toBe(stays[0].acquire.px);
    const log = ended({ session, lines, frames });
    expect((await replayLog(log.lines, log.files)).differences).toEqual([]);
  });
});
