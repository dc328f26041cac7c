import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Compute, Json } from "@quadrivium/core";
import { completeConfig, type Settings } from "@quadrivium/config";
import { readMetrics } from "./chain.js";
import { driveRun, type DriveOptions, type DriveOutcome } from "./drive.js";
import { thisMachine } from "./machine.js";
import { createRun, type Run, type RunSpec } from "./run-store.js";
import { toyStudy } from "./toy-study.test-helpers.js";

const folders: string[] = [];

/** A folder of its own for a test, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "quadrivium-runs-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** For `vi.waitUntil`: a state is looked for often and waited for long. */
export const patience = { interval: 10, timeout: 80_000 };

export const compute: Compute = { executor: "auto", threads: 1 };
export const code = { version: "0.0.0" };

export function toySpec(set: Settings = {}, seed = 0): RunSpec {
  const config = completeConfig(toyStudy, { preset: "quick", set }) as Json;
  return {
    study: toyStudy,
    preset: "quick",
    set,
    config,
    seed,
    compute,
    code,
    machine: thisMachine(),
  };
}

export function newRun(root: string, set: Settings = {}, seed = 0): Promise<Run> {
  return createRun(root, toySpec(set, seed));
}

export function drive(run: Run, options: Partial<DriveOptions> = {}): Promise<DriveOutcome> {
  const { signal } = new AbortController();
  return driveRun({ study: toyStudy, run, signal, compute, code, ...options });
}

/** Everything a run says about itself that must not depend on interruptions. */
export async function outcomeOf(run: Run, outcome: DriveOutcome): Promise<Json> {
  const metrics: Json[] = [];
  for await (const { n, name, value } of readMetrics(run.folder)) metrics.push([n, name, value]);
  return { result: outcome.outcome === "finished" ? outcome.result.result : null, metrics };
}
