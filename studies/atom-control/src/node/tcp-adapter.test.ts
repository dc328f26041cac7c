import { connect } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { LoopError } from "../loop/adapter.js";
import { guardInstrument } from "../loop/guard.js";
import { limitsSchema } from "../loop/limits.js";
import type { ParkCommand } from "../loop/protocol.js";
import { VirtualClock } from "../loop/virtual-clock.test-helpers.js";
import { witnessInstrument } from "../loop/witness.test-helpers.js";
import { simulator } from "../loop/walked.test-helpers.js";
import { hostAdapter } from "./adapter-host.js";
import { realClock } from "./real-clock.js";
import { connectAdapter } from "./remote-adapter.js";

const host = "127.0.0.1";
/** How a state is waited for on a machine that may be busy. */
const patient = { timeout: 60_000, interval: 1 };
const acquire = { type: "acquire", fovAngstrom: 20, px: 32, pixelTimeUs: 10 } as const;

async function hosted() {
  const clock = realClock;
  const guard = guardInstrument(simulator(clock), { limits: limitsSchema.parse({}), clock });
  return { guard, served: await hostAdapter(guard, { host, port: 0 }) };
}

describe("an adapter over TCP", () => {
  test("answers as the one it stands for, errors with their reason and limit", async () => {
    const { guard, served } = await hosted();
    const remote = await connectAdapter(host, served.port);
    expect(await remote.describe()).toEqual(await guard.describe());
    await expect(remote.acquire(acquire, "t")).rejects.toMatchObject({ reason: "NOT_ARMED" });
    await remote.arm("t", 60_000);
    const frame = await remote.acquire(acquire, "t");
    expect(frame).toMatchObject({ px: 32, fovAngstrom: 20 });
    const park: ParkCommand = {
      type: "park",
      frameId: frame.frameId,
      xPx: 16,
      yPx: 16,
      dwellTimeS: 0.05,
      stopOn: null,
      avoid: [],
    };
    expect((await remote.park(park, "t")).reason).toBe("dwell");
    await expect(remote.park({ ...park, dwellTimeS: 100 }, "t")).rejects.toMatchObject({
      reason: "LIMIT",
      limit: "maxDwellTimeS",
    });
    remote.close();
    await served.close();
  });

  test("stops the beam when the connection is cut in a dwell", async () => {
    // The adapter's clock stands still, so that nothing but the cut can end the dwell.
    const clock = new VirtualClock();
    const { instrument, isOpen } = witnessInstrument(clock);
    const guard = guardInstrument(instrument, { limits: limitsSchema.parse({}), clock });
    const served = await hostAdapter(guard, { host, port: 0 });
    const remote = await connectAdapter(host, served.port);
    await remote.arm("t", 60_000);
    const frame = remote.acquire(acquire, "t");
    await vi.waitUntil(isOpen, patient);
    await clock.advance(1000);
    const { frameId } = await frame;
    const dwell = remote
      .park(
        { type: "park", frameId, xPx: 16, yPx: 16, dwellTimeS: 5, stopOn: null, avoid: [] },
        "t",
      )
      .catch((error: unknown) => error);
    await vi.waitUntil(isOpen, patient);
    remote.close();
    expect(await dwell).toBeInstanceOf(LoopError);
    await vi.waitUntil(() => !isOpen(), patient);
    expect(guard.isArmed()).toBe(false);
    await served.close();
  });

  test("hangs up on messages that are no messages", async () => {
    for (const bytes of [
      Buffer.from([0xff, 0xff, 0xff, 0xff, 1]),
      Buffer.from([0, 0, 0, 2, 0x7b, 0x7b]),
      Buffer.from([0, 0, 0, 1, 0x31]),
    ]) {
      const { served } = await hosted(); // each is the first to connect, and none is turned away
      const socket = connect({ host, port: served.port });
      socket.on("error", () => {});
      socket.write(bytes);
      const closed = await new Promise<boolean>((resolve) =>
        socket.on("close", () => resolve(true)),
      );
      expect(closed).toBe(true);
      await served.close();
    }
  });
});
