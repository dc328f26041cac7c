import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@quadrivium/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { learnCommand } from "../commands/learn.js";
import { logCommand } from "../commands/log.js";
import { simulateCommand } from "../commands/simulate.js";
import { frameHash } from "../loop/frame-codec.js";
import { drawn } from "../perception/frames.test-helpers.js";
import { saveFrame } from "./person.test-helpers.js";
import { diskContext, logEntries, type DiskContext } from "./disk-context.test-helpers.js";
import { serveCommand } from "./serve.js";

/** Walks at once, on frames that are quickly looked at. */
const walking = { walk: true, px: 128, pixelTimeUs: 60 };

describe("serve with a learned model", () => {
  let disk: DiskContext;
  let model: Uint8Array;

  const serve = (given: { readonly out: string; readonly [flag: string]: unknown }) =>
    serveCommand.run(
      serveCommand.input.parse({ ...walking, ...given, out: join(disk.folder, given.out) }),
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
  }, 90_000);

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

  test("a replayed session sees, decides and parks as it did", async () => {
    const { log } = await serve({ out: "first", model: "model", seed: 5 });
    const again = await serve({ out: "again", model: "model", adapter: `replay:${log}` });
    const acts = (file: string): unknown[] =>
      logEntries(file)
        .filter(({ type }) => ["frame", "decision", "parked", "outcome"].includes(type))
        .map(({ type, data }) => [type, data]);
    expect(acts(log).length).toBeGreaterThan(20);
    expect(acts(again.log)).toEqual(acts(log));
    expect((await replayed(again.log)).differences).toEqual([]);
  });

  test("a replayed session that is walked otherwise shows its frames, and no trace elsewhere", async () => {
    const { log } = await serve({ out: "planned", model: "model", controller: "planner", seed: 6 });
    const other = await serve({
      out: "other",
      adapter: `replay:${log}`,
      controller: "greedy",
      offsetBonds: 0.5,
      dwellTimeS: 0.3,
    });
    expect(other.arrived).toBe(true);
    const hashes = (file: string): unknown[] =>
      logEntries(file)
        .filter(({ type }) => type === "frame")
        .map(({ data }) => (data as { hash: string }).hash);
    expect(hashes(other.log)).toEqual(hashes(log).slice(0, hashes(other.log).length));
    const stays = logEntries(other.log).filter(
      ({ type, data }) => type === "parked" && (data as { trace: unknown[] }).trace.length === 0,
    );
    expect(stays).toHaveLength(other.parks!);
  });

  test("refuses a file that is no model, and to plan where nothing says the rates", async () => {
    await expect(serve({ out: "none", model: "data.jsonl" })).rejects.toMatchObject({
      code: "E_SAFETENSORS",
    });
    const log = join(disk.folder, "planner", "log.jsonl");
    await expect(serve({ out: "none", adapter: `replay:${log}` })).rejects.toThrow(
      "event plans on rates; pass --model, or --controller greedy",
    );
    saveFrame(disk.folder, "frame.npy", new Float32Array(64 * 64));
    await expect(
      serve({ out: "blind", model: "model", adapter: "replay:frame.npy" }),
    ).rejects.toThrow("this adapter gives no trace; choose --controller planner or greedy");
  });
});

describe("serve on files", () => {
  test("shows frames of files in their order, without a trace, until they end", async () => {
    const disk = diskContext();
    const drawnFrames = [1, 2, 3].map((seed) => drawn({ seed, numSilicon: 1 }).frame);
    for (const [n, { counts }] of drawnFrames.entries()) saveFrame(disk.folder, `${n}.npy`, counts);
    const adapter = "replay:0.npy,1.npy,2.npy";
    const run = (given: object) =>
      serveCommand.run(
        serveCommand.input.parse({ walk: true, adapter, controller: "greedy", ...given }),
        disk.context,
      );
    const unsure = await run({ out: join(disk.folder, "unsure") });
    expect(unsure).toMatchObject({ arrived: false, parks: 0 });
    expect(unsure.reason).toMatch(/^self-test: /);
    const found = await run({ out: join(disk.folder, "walk"), orientationChecked: true });
    expect(found.arrived).toBe(false);
    expect(found.reason).toMatch(/the recording has ended/);
    const hashes = logEntries(found.log).filter(({ type }) => type === "frame");
    expect(hashes.map(({ data }) => (data as { hash: string }).hash)).toEqual(
      drawnFrames.map(({ counts }) => frameHash(Float32Array.from(counts))),
    );
    saveFrame(disk.folder, "small.npy", new Float32Array(64 * 64));
    await expect(run({ out: "none", adapter: `${adapter},small.npy` })).rejects.toThrow(
      "small.npy has 64 × 64",
    );
    disk.remove();
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
