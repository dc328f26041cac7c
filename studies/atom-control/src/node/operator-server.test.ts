import { key, streamOf } from "@quadrivium/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gateSettingsSchema } from "../loop/gates.js";
import { guardInstrument } from "../loop/guard.js";
import { limitsSchema } from "../loop/limits.js";
import { simulatedInstrument } from "../loop/simulated-instrument.js";
import { walkSession } from "../loop/walk-session.js";
import { priorMap } from "../model/maps/fixed-maps.js";
import { operatorServer, type OperatorServer } from "./operator-server.js";
import { realClock } from "./real-clock.js";

describe("the operator's server", () => {
  let server: OperatorServer;
  let url: string;

  beforeAll(async () => {
    const clock = realClock;
    const limits = limitsSchema.parse({});
    const instrument = simulatedInstrument({ map: priorMap, stream: streamOf(key(0)), clock });
    const session = walkSession({
      name: "flake-2",
      adapter: guardInstrument(instrument, { limits, clock }),
      limits,
      gates: gateSettingsSchema.parse({}),
      settings: {
        fovAngstrom: 20,
        px: 64,
        pixelTimeUs: 10,
        driftSdAngstrom: 0.1,
        goal: { xPx: 40, yPx: 32 },
        maxSteps: 1,
      },
      controller: { offsetBonds: 0.85, dwellTimeS: 1 },
      clock,
      wallTime: () => "2026-01-01T00:00:00.000Z",
      newToken: () => "arming",
      appendLine: () => {},
      keepFrame: async () => {},
      onEntry: (entry) => server?.publish({ type: entry.type }),
    });
    server = await operatorServer({
      session,
      name: "flake-2",
      token: "secret",
      host: "127.0.0.1",
      port: 0,
    });
    url = `http://127.0.0.1:${server.port}`;
  });

  afterAll(() => server.close());

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
    for (const path of ["/arm", "/stop", "/walk", "/command", "/disarm"]) {
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
      stopOnArrival: false,
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
    expect(new TextDecoder().decode(value)).toBe('data: {"type":"arm"}\n\n');
    await reader.cancel();
    await post("/disarm", {});
  });
});
