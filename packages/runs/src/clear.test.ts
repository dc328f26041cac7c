import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startAttempt, endAttempt } from "./attempt.js";
import { checkpointOrdinals, saveCheckpoint } from "./checkpoint-store.js";
import { clear, clearableRun, needlessBeside, needlessIn } from "./clear.js";
import { lastCheckpoint } from "./finished-run.js";
import { thisMachine } from "./machine.js";
import { resumePoint } from "./resume-point.js";
import { publishResult } from "./result.js";
import { listRuns, type Run } from "./run-store.js";
import { code, compute, drive, newRun, temporaryFolder } from "./runs.test-helpers.js";

/** An attempt with checkpoints at the given places, ended unless it is to seem alive. */
async function attempt(run: Run, places: readonly number[], isAlive = false): Promise<void> {
  const start = await startAttempt(run.folder, {
    parent: null,
    startedAt: new Date().toISOString(),
    pid: process.pid,
    machine: thisMachine(),
    code,
    compute,
  });
  for (const [index, n] of places.entries()) {
    const mark = { attempt: start.attempt, ordinal: index + 1, clock: "step", n };
    await saveCheckpoint(
      run.folder,
      { ...mark, seconds: n, metricsBytes: 0 },
      { tree: {}, json: { n } },
    );
  }
  if (isAlive) {
    const heartbeat = { n: 0, total: null, seconds: 0 };
    const path = join(run.folder, "attempts", String(start.attempt), "heartbeat.json");
    await writeFile(path, JSON.stringify(heartbeat));
  } else {
    const end = { outcome: "interrupted" as const, n: places.at(-1) ?? 0, endedAt: "" };
    await endAttempt(run.folder, start.attempt, end);
  }
}

describe("clearableRun and clear", () => {
  test("take a run that has ended away whole, and say how many bytes that frees", async () => {
    const root = await temporaryFolder();
    const run = await newRun(root);
    await drive(run);
    await writeFile(join(run.folder, "extra"), new Uint8Array(100_000));
    const piece = await clearableRun(run);
    expect(piece.bytes).toBeGreaterThan(100_000);
    expect(piece.bytes).toBeLessThan(130_000);
    await clear(run, [piece]);
    expect(await readdir(root)).toEqual([]);
  });

  test("refuse a run that is running, also one that began to run in the meantime", async () => {
    const run = await newRun(await temporaryFolder());
    await attempt(run, [1]);
    const piece = await clearableRun(run);
    await attempt(run, [2], true);
    await expect(clearableRun(run)).rejects.toMatchObject({ code: "E_RUN_ACTIVE" });
    await expect(clear(run, [piece])).rejects.toMatchObject({ code: "E_RUN_ACTIVE" });
    expect(await checkpointOrdinals(run.folder, 1)).toEqual([1]);
    expect(await needlessIn(run)).toEqual([]);
  });

  test("refuse a run that was made just now and may be about to start", async () => {
    const run = await newRun(await temporaryFolder());
    await expect(clearableRun(run)).rejects.toMatchObject({ code: "E_RUN_ACTIVE" });
    const old = { ...run, manifest: { ...run.manifest, createdAt: "2020-01-01T00:00:00Z" } };
    expect((await clearableRun(old)).path).toBe(run.folder);
  });
});

describe("needlessIn", () => {
  test("leaves of a finished run the checkpoint that is read again", async () => {
    const run = await newRun(await temporaryFolder());
    await attempt(run, [1, 5]);
    await attempt(run, [6, 7]); // the winner goes on from nothing; the first attempt lost
    const result = { attempt: 2, seconds: 1, clock: "step", n: 7, finishedAt: "", result: {} };
    await publishResult(run.folder, result);
    const before = await lastCheckpoint(run);
    const pieces = await needlessIn(run);
    expect(pieces.map(({ path }) => path.slice(run.folder.length)).sort()).toEqual([
      "/attempts/1/checkpoint/1",
      "/attempts/1/checkpoint/2",
      "/attempts/2/checkpoint/1",
    ]);
    await clear(run, pieces);
    expect(await lastCheckpoint(run)).toEqual(before);
    expect(await needlessIn(run)).toEqual([]);
  });

  test("leaves of an unfinished run the two that are furthest, where a resume goes on", async () => {
    const run = await newRun(await temporaryFolder());
    await attempt(run, [8, 9]);
    await attempt(run, [3, 4]);
    const before = await resumePoint(run.folder);
    await clear(run, await needlessIn(run));
    expect(await checkpointOrdinals(run.folder, 1)).toEqual([1, 2]);
    expect(await checkpointOrdinals(run.folder, 2)).toEqual([]);
    expect(await resumePoint(run.folder)).toEqual(before);
  });

  test("finds what killed writes left behind, beside the runs only once it is old", async () => {
    const root = await temporaryFolder();
    const run = await newRun(root);
    await attempt(run, [1]);
    const inside = join(run.folder, "attempts/1/checkpoint/.tmp-1-1");
    const beside = join(root, ".tmp-1-2");
    for (const folder of [inside, beside]) await mkdir(folder);
    await writeFile(join(inside, "tree.safetensors"), new Uint8Array(10));
    expect(await needlessIn(run)).toEqual([
      { path: inside, bytes: 10, reason: "a write that was killed" },
    ]);
    expect(await needlessBeside(root)).toEqual([]);
    await utimes(beside, new Date(0), new Date(0));
    expect(await needlessBeside(root)).toMatchObject([{ path: beside }]);
    expect((await stat(inside)).isDirectory()).toBe(true);
    expect((await listRuns(root)).runs).toHaveLength(1);
  });
});
