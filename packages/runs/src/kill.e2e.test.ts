import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { key, streamOf } from "@quadrivium/core";
import { readAttempts } from "./attempt.js";
import { checkpointOrdinals, loadCheckpoint, readMark } from "./checkpoint-store.js";
import { resumePoint } from "./resume-point.js";
import { runStatus } from "./status.js";
import { drive, newRun, outcomeOf, temporaryFolder } from "./runs.test-helpers.js";

const program = fileURLToPath(new URL("killed-run.test-helpers.ts", import.meta.url));

/** Drives a run in a process of its own and kills it some time after training began. */
async function driveAndKill(folder: string, afterMs: number): Promise<void> {
  const args = ["--conditions=@quadrivium/source", "--import=tsx", program, folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  await setTimeout(afterMs);
  expect(child.exitCode, "the child ended before it was killed").toBeNull();
  child.kill("SIGKILL");
  await closed;
}

describe("a run killed in the middle of its checkpoints, many times", () => {
  test("leaves nothing half-written and ends as if it had never been", async () => {
    const delays = streamOf(key(9));
    // a checkpoint of 1.6 MB at every step, and segments: nearly all time goes into writing them
    const set = { width: 200_000, steps: 60, checkpointEvery: 1, keeps: true };
    const whole = await newRun(await temporaryFolder(), set);
    const expected = await outcomeOf(whole, await drive(whole));
    const run = await newRun(await temporaryFolder(), set);
    let furthest = 0;
    let torn = 0;
    for (let kill = 0; kill < 8; kill++) {
      await driveAndKill(run.folder, 20 + 180 * delays.uniform());
      for (const { attempt } of await readAttempts(run.folder)) {
        for (const ordinal of await checkpointOrdinals(run.folder, attempt)) {
          const mark = await readMark(run.folder, attempt, ordinal);
          const { segments } = await loadCheckpoint(run.folder, mark);
          expect(segments!.names).toHaveLength(Math.floor(mark.n / 4));
          for (const name of segments!.names) await segments!.read(name);
        }
        const folder = join(run.folder, `attempts/${attempt}/checkpoint`);
        const names: string[] = await readdir(folder).catch(() => []);
        torn += names.filter((name) => name.startsWith(".tmp")).length;
      }
      const { saved, damaged } = await resumePoint(run.folder);
      expect(damaged).toEqual([]);
      const reached = saved?.mark.n ?? 0;
      expect(reached).toBeGreaterThanOrEqual(furthest);
      furthest = reached;
      expect(await runStatus(run.folder)).toBe("stopped");
    }
    expect(torn, "kills that struck while a checkpoint was being written").toBeGreaterThan(0);
    expect(furthest).toBeGreaterThan(0);
    expect(await outcomeOf(run, await drive(run))).toEqual(expected);
  }, 60_000);
});
