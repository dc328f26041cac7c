import { existsSync, readdirSync, readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { quadrivium, startQuadrivium, temporaryFolder } from "./cli.test-helpers.js";

const settings = ["width=1000", "steps=9", "checkpointEvery=1"].flatMap((s) => ["--set", s]);

/** A state is looked for often and waited for long. */
const patience = { interval: 20, timeout: 200_000 };
vi.setConfig({ testTimeout: 300_000 });

/** Waits until so many runs in a folder have saved their second checkpoint. */
async function saving(runs: string, count: number): Promise<void> {
  const hasSaved = (run: string): boolean => {
    const folder = join(runs, run, "attempts/1/checkpoint");
    return existsSync(folder) && readdirSync(folder).some((name) => Number(name) >= 2);
  };
  await vi.waitUntil(() => readdirSync(runs).filter(hasSaved).length === count, patience);
}

async function uninterrupted(): Promise<unknown> {
  const runs = await temporaryFolder();
  const args = ["run", "toy", "quick", ...settings, "--jobs", "1", "--runs", runs, "--json"];
  const { best, sum } = (await quadrivium(args)).json;
  return { best, sum };
}

async function resumed(runs: string): Promise<unknown> {
  await rm(holdFile(runs));
  const args = ["resume", "toy-quick", "--jobs", "1", "--runs", runs, "--json"];
  const { json, exitCode } = await quadrivium(args);
  expect(exitCode).toBe(0);
  expect(json["attempt"]).toBe(2);
  return { best: json["best"], sum: json["sum"] };
}

function holdFile(runs: string): string {
  return join(runs, "hold");
}

/** Starts a run that saves two steps and stays in the third. */
async function heldRun(runs: string): Promise<ReturnType<typeof startQuadrivium>> {
  await writeFile(holdFile(runs), "");
  const args = ["run", "toy", "quick", ...settings, "--set", `holdFile=${holdFile(runs)}`];
  const started = startQuadrivium([...args, "--jobs", "1", "--runs", runs, "--json"]);
  await saving(runs, 1);
  return started;
}

describe("a run that is stopped", () => {
  test("by Ctrl-C saves, exits with 130 and says how to go on", async () => {
    const runs = await temporaryFolder();
    const { child, ended } = await heldRun(runs);
    child.kill("SIGINT");
    const { exitCode, json, err } = await ended;
    expect(exitCode).toBe(130);
    expect(err).toContain("stopping after the next checkpoint");
    expect(json).toMatchObject({ ok: false, error: { code: "E_INTERRUPTED" } });
    const { message } = json["error"] as { message: string };
    expect(message).toMatch(/interrupted at step [23]; go on with: quadrivium resume toy-quick-/);
    expect(await resumed(runs)).toEqual(await uninterrupted());
  });

  test("by kill -9 goes on to the numbers of one that never stopped, bit for bit", async () => {
    const runs = await temporaryFolder();
    const { child, ended } = await heldRun(runs);
    child.kill("SIGKILL");
    expect((await ended).exitCode).toBe(137);
    const { json } = await quadrivium(["ls", "--runs", runs, "--json"]);
    expect(json["runs"]).toMatchObject([{ status: "stopped" }]);
    expect(await resumed(runs)).toEqual(await uninterrupted());
  });
});

describe("a verb that is stopped", () => {
  test("by Ctrl-C ends with 130 and leaves no process behind", async () => {
    const file = join(await temporaryFolder(), "begun");
    const { child, ended } = startQuadrivium(["toy", "wait", file, "--jobs", "2", "--json"]);
    await vi.waitUntil(() => existsSync(file) && readFileSync(file).length === 2, patience);
    child.kill("SIGINT");
    const { exitCode, json } = await ended;
    expect(exitCode).toBe(130);
    expect(json).toMatchObject({ ok: false, error: { code: "E_INTERRUPTED" } });
  });
});

describe("a reproduction that is stopped", () => {
  test("by Ctrl-C interrupts its runs, each with a checkpoint", async () => {
    const runs = await temporaryFolder();
    const args = ["reproduce", "toy", "--full", "--jobs", "2", "--runs", runs, "--json"];
    const { child, ended } = startQuadrivium(args);
    await saving(runs, 2);
    child.kill("SIGINT");
    const { exitCode, json } = await ended;
    expect(exitCode).toBe(130);
    expect(json).toMatchObject({ ok: false, error: { code: "E_INTERRUPTED" } });
    const ls = (await quadrivium(["ls", "--runs", runs, "--json"])).json;
    expect(ls["runs"]).toMatchObject([{ status: "interrupted" }, { status: "interrupted" }]);
  });
});
