import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { decodeCounts } from "../loop/frame-codec.js";
import { type ParkCommand, protocolVersion } from "../loop/protocol.js";
import { connectAdapter, type RemoteAdapter } from "./remote-adapter.js";

const script = fileURLToPath(new URL("../../bridge/stub_microscope.py", import.meta.url));

/** A bridge on the stub, and the port on which it listens. */
async function start(...args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn("python3", ["-B", script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString())));
    child.once("exit", () => reject(new Error("the bridge ended")));
  });
  return { child, port };
}

/** How a state is waited for on a machine that may be busy. */
const patient = { timeout: 30_000, interval: 5 };

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const reason = hasPython ? "" : " (skipped: needs python3)";

describe.skipIf(!hasPython)(`the Nion Swift bridge, on a stub${reason}`, () => {
  let child: ChildProcess;
  let port: number;
  let remote: RemoteAdapter;

  beforeAll(async () => {
    ({ child, port } = await start());
    remote = await connectAdapter("127.0.0.1", port);
  });

  afterAll(() => {
    remote.close();
    child.kill();
  });

  const acquire = { type: "acquire", fovAngstrom: 20, px: 16, pixelTimeUs: 10 } as const;
  const park = (frameId: string, dwellTimeS: number): ParkCommand => ({
    type: "park",
    frameId,
    xPx: 8,
    yPx: 4,
    dwellTimeS,
    stopOn: null,
    avoid: [],
  });

  test("says what it is and gives frames only while armed", async () => {
    expect(await remote.describe()).toMatchObject({ protocolVersion, origin: "top-left" });
    expect(await remote.status()).toMatchObject({ voltageKv: 60, isBlanked: true });
    await expect(remote.acquire(acquire, "t")).rejects.toMatchObject({ reason: "NOT_ARMED" });
    await remote.arm("t", 60_000);
    const frame = await remote.acquire(acquire, "t");
    expect(decodeCounts(frame.countsBase64, 256)?.[17]).toBe(17);
    expect((await remote.status()).isBlanked).toBe(true);
  });

  test("holds its own limits", async () => {
    await remote.arm("t", 60_000);
    const { frameId } = await remote.acquire(acquire, "t");
    await expect(remote.park({ ...park(frameId, 99), avoid: [] }, "t")).rejects.toMatchObject({
      reason: "LIMIT",
      limit: "maxDwellTimeS",
    });
    const edge = { ...park(frameId, 1), xPx: 0, avoid: [] };
    await expect(remote.park(edge, "t")).rejects.toMatchObject({ limit: "edgeMarginFraction" });
    const nearDefect = { ...park(frameId, 1), avoid: [{ xPx: 8.5, yPx: 4 }] };
    await expect(remote.park(nearDefect, "t")).rejects.toMatchObject({
      limit: "minDefectDistanceAngstrom",
    });
    const kept = { ...park(frameId, 1), xPx: 1, yPx: 13 };
    await expect(remote.park(kept, "t")).rejects.toMatchObject({ limit: "keepOut" });
    const tiny = { ...acquire, fovAngstrom: 5 };
    await expect(remote.acquire(tiny, "t")).rejects.toMatchObject({ limit: "minFovAngstrom" });
    const gone = { ...park("frame-0", 1), avoid: [] };
    await expect(remote.park(gone, "t")).rejects.toMatchObject({ reason: "STALE_FRAME" });
  });

  test("hears a stop in the middle of a dwell, and a silent server ends one", async () => {
    const isOpen = async (): Promise<boolean> => !(await remote.status()).isBlanked;
    await remote.arm("t", 60_000);
    const first = await remote.acquire(acquire, "t");
    const stopped = remote.park(park(first.frameId, 10), "t");
    await vi.waitUntil(async () => {
      await remote.heartbeat();
      return isOpen();
    }, patient);
    await remote.stop();
    expect(await isOpen()).toBe(false);
    expect((await stopped).reason).toBe("stopped");

    await remote.arm("t", 60_000);
    const second = await remote.acquire(acquire, "t");
    // nothing else would end it before its own end, at which the reason would be another
    expect((await remote.park(park(second.frameId, 14), "t")).reason).toBe("stopped");
    expect(await isOpen()).toBe(false);
  }, 60_000);

  test("blanks between 1.9 and 2 s after it last heard of the server, by its clock", () => {
    const program = `
import sys
sys.path.insert(0, ${JSON.stringify(dirname(script))})
from nion_swift_bridge import Bridge, Limits, SwiftMicroscope
from stub_microscope import StubController, frame
now = 0.0
microscope = SwiftMicroscope(StubController(), frame, current_na=0.1)
bridge = Bridge(microscope, Limits(), clock=lambda: now)
bridge.call("arm", {"token": "t", "forMs": 60000})
now = 1.5
bridge.call("heartbeat", {})
microscope.unblank()
for now in (3.39, 3.41):
    bridge.check_silence()
    print(microscope.is_blanked(), bridge.token)
`;
    const { stdout, stderr } = spawnSync("python3", ["-B", "-c", program], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toBe("False t\nTrue None\n");
  });

  test("ends a dwell on the step of the counts, where they can be read", async () => {
    const counting = await start("--counts");
    const link = await connectAdapter("127.0.0.1", counting.port);
    const beats = setInterval(() => void link.heartbeat().catch(() => {}), 200);
    try {
      expect(await link.describe()).toMatchObject({ hasTrace: true });
      await link.arm("t", 60_000);
      const { frameId } = await link.acquire(acquire, "t");
      // 100 counts in a sample of 10 ms, then 400
      const stopOn = { before: 10, after: 40, threshold: 14 };
      const { reason, trace, sampleMs } = await link.park({ ...park(frameId, 5), stopOn }, "t");
      expect(reason).toBe("arrival");
      expect(sampleMs).toBe(10);
      expect(trace).toEqual([...Array.from({ length: 30 }, () => 100), 400]);
    } finally {
      clearInterval(beats);
      link.close();
      counting.child.kill();
    }
  });
});
