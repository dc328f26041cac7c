import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countsBytes } from "../loop/frame-codec.js";
import { guardInstrument } from "../loop/guard.js";
import { limitsSchema } from "../loop/limits.js";
import { simulator, testSession } from "../loop/walked.test-helpers.js";
import { operatorServer, type OperatorServer } from "./operator-server.js";
import { realClock } from "./real-clock.js";

const limits = limitsSchema.parse({});

describe("the operator's server", () => {
  let server: OperatorServer;
  let url: string;
  const folder = mkdtempSync(join(tmpdir(), "quadrivium-operator-"));
  const logFile = join(folder, "log.jsonl");
  const frameFile = (hash: string): string => join(folder, hash);

  beforeAll(async () => {
    const adapter = guardInstrument(simulator(realClock), { limits, clock: realClock });
    const { session } = testSession(adapter, realClock, {
      name: "flake-2",
      settings: {
        fovAngstrom: 20,
        px: 64,
        pixelTimeUs: 10,
        goal: { xPx: 40, yPx: 32 },
        maxSteps: 1,
      },
      newToken: () => "arming",
      keepFrame: async (hash, counts) => writeFileSync(frameFile(hash), countsBytes(counts)),
      appendLine: (line) => appendFileSync(logFile, `${line}\n`),
      onLine: (line) => server?.publish(line),
    });
    server = await operatorServer({
      session,
      name: "flake-2",
      limits,
      token: "secret",
      host: "127.0.0.1",
      port: 0,
      logFile,
      frameFile,
      rates: null,
    });
    url = `http://127.0.0.1:${server.port}`;
  });

  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const post = async (path: string, body: object, token = "secret") => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as { [name: string]: unknown },
    };
  };
  const state = async (): Promise<unknown> => (await fetch(`${url}/state`)).json();

  test("lets anyone read and nobody command without the token", async () => {
    expect(await state()).toMatchObject({ session: "flake-2", armed: false });
    for (const path of [
      "/arm",
      "/stop",
      "/walk",
      "/pause",
      "/goal",
      "/look",
      "/command",
      "/disarm",
    ]) {
      expect((await post(path, {}, "guess")).status).toBe(401);
    }
    expect((await fetch(`${url}/arm`, { method: "POST" })).status).toBe(401);
    expect((await fetch(`${url}/arm`)).status).toBe(404);
  });

  test("arms by the session's name alone, carries out commands and stops", async () => {
    expect((await post("/arm", { session: "another" })).body).toMatchObject({ code: "NOT_ARMED" });
    const acquire = { type: "acquire", fovAngstrom: 20, px: 64, pixelTimeUs: 10 };
    expect((await post("/command", { command: acquire })).body).toMatchObject({
      code: "NOT_ARMED",
    });
    expect((await post("/arm", { session: "flake-2", minutes: 1 })).status).toBe(200);
    const frame = await post("/command", { command: acquire });
    expect(frame.body).toMatchObject({ type: "acquire", frame: { px: 64 } });
    const park = {
      type: "park",
      frameId: (frame.body.frame as { frameId: string }).frameId,
      xPx: 32,
      yPx: 32,
      dwellTimeS: 60,
      stopOn: null,
      avoid: [],
    };
    expect((await post("/command", { command: park })).body).toMatchObject({
      code: "LIMIT",
      limit: "maxDwellTimeS",
    });
    expect((await post("/stop", {})).status).toBe(200);
    expect(await state()).toMatchObject({ armed: false, totals: { frames: 1 } });
    expect((await post("/command", { command: acquire })).body).toMatchObject({
      code: "NOT_ARMED",
    });
  });

  test("shows viewers the log as it grows", async () => {
    const response = await fetch(`${url}/events`);
    const reader = response.body!.getReader();
    await post("/arm", { session: "flake-2", minutes: 1 });
    const { value } = await reader.read();
    const text = new TextDecoder().decode(value);
    expect(JSON.parse(text.slice("data: ".length))).toMatchObject({ type: "arm" });
    // what was said before is there to be read, the very same lines
    const log = await (await fetch(`${url}/log`)).text();
    expect(log).toContain(text.slice("data: ".length).trim());
    await reader.cancel();
    await post("/disarm", {});
  });

  test("shows frames by their hash and nothing else of the disk, and the page", async () => {
    await post("/arm", { session: "flake-2", minutes: 1 });
    const { hash } = (await post("/look", {})).body as { hash: string };
    const bytes = await (await fetch(`${url}/frames/${hash}`)).arrayBuffer();
    expect(bytes.byteLength).toBe(64 * 64 * 4);
    for (const path of [
      "/frames/..%2flog.jsonl",
      `/frames/${"0".repeat(64)}`,
      "/modules/node/serve.js",
    ]) {
      expect((await fetch(url + path)).status).toBe(404);
    }
    expect(await (await fetch(url)).text()).toContain("Stop: blank the beam");
    expect((await post("/goal", { xPx: "left" })).body).toMatchObject({ code: "BAD_REQUEST" });
    expect((await post("/goal", { xPx: 30, yPx: 31 })).status).toBe(200);
    expect(await (await fetch(`${url}/log`)).text()).toContain('"goal":{"xPx":30,"yPx":31}');
    await post("/disarm", {});
  });
});
