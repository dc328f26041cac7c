import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@quadrivium/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { learnCommand } from "../commands/learn.js";
import { logCommand } from "../commands/log.js";
import { simulateCommand } from "../commands/simulate.js";
import { diskContext, logEntries, type DiskContext } from "./disk-context.test-helpers.js";
import { serveCommand } from "./serve.js";

describe("serve with a learned model", () => {
  let disk: DiskContext;
  let model: Uint8Array;

  const serve = (given: { readonly out: string; readonly [flag: string]: unknown }) =>
    serveCommand.run(
      serveCommand.input.parse({ walk: true, ...given, out: join(disk.folder, given.out) }),
      disk.context,
    );
  const replayed = (log: string) =>
    logCommand.run(logCommand.input.parse({ action: "replay", file: log }), disk.context);

  beforeAll(async () => {
    disk = diskContext();
    const samples = simulateCommand.input.parse({ samples: 400, out: "data.jsonl" });
    await simulateCommand.run(samples, disk.context);
    const fit = learnCommand.input.parse({ data: "data.jsonl", members: 3, steps: 300 });
    await learnCommand.run(fit, disk.context);
    model = await disk.context.readFile("model");
  });

  afterAll(() => disk.remove());

  test.each(["planner", "event"])(
    "the %s walks on it, and the walk replays",
    async (controller) => {
      const found = await serve({ out: controller, controller, model: "model", seed: 3 });
      expect(serveCommand.output.parse(found)).toMatchObject({ arrived: true });
      const [{ data }] = logEntries(found.log);
      const id = sha256(model);
      expect(data).toMatchObject({ pilot: { kind: "planner", rates: { source: "model", id } } });
      const kept = readFileSync(join(disk.folder, controller, "models", `${id}.safetensors`));
      expect(new Uint8Array(kept)).toEqual(model);
      const { decisions, differences } = await replayed(found.log);
      expect(differences).toEqual([]);
      expect(decisions).toBe(found.steps! + 1);
    },
  );

  test("greedy takes the model's best offset", async () => {
    const found = await serve({ out: "greedy", controller: "greedy", model: "model", maxSteps: 1 });
    const [{ data }] = logEntries(found.log);
    expect(data).toMatchObject({
      pilot: { kind: "greedy", offset: { across: expect.any(Number) } },
    });
    expect((await replayed(found.log)).differences).toEqual([]);
  });

  test("refuses a file that is no model, and to plan where nothing says the rates", async () => {
    await expect(serve({ out: "none", model: "data.jsonl" })).rejects.toMatchObject({
      code: "E_SAFETENSORS",
    });
    const log = join(disk.folder, "planner", "log.jsonl");
    await expect(serve({ out: "none", adapter: `replay:${log}` })).rejects.toThrow(
      "event plans on rates; pass --model, or --controller greedy",
    );
  });
});

describe("serve", () => {
  test("blanks, disarms and ends its log when it is interrupted", async () => {
    const disk = diskContext();
    const given = serveCommand.input.parse({ out: disk.folder, token: "secret", px: 64 });
    const ended = serveCommand.run(given, disk.context).catch((error: unknown) => error);
    await vi.waitUntil(() => disk.said.length > 0, { timeout: 60_000 });
    const [url] = disk.said[0].split("#");
    const armed = await fetch(`${url}arm`, {
      method: "POST",
      headers: { authorization: "Bearer secret" },
      body: JSON.stringify({ session: "simulation" }),
    });
    expect(armed.status).toBe(200);
    disk.interrupt();
    expect(await ended).toMatchObject({ name: "AbortError" });
    const log = join(disk.folder, "log.jsonl");
    const verify = logCommand.input.parse({ action: "verify", file: log });
    await logCommand.run(verify, disk.context);
    const types = logEntries(log).map(({ type }) => type);
    expect(types).toEqual(["session", "connect", "arm", "disarm", "close"]);
    disk.remove();
  });
});
