import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
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

/**
 * Drives a run in a process of its own, which never gets past its checkpoint at step `last`, and
 * kills it `share` of a step after it has said a certain word.
 */
async function driveAndKill(folder: string, last: number, word: string, share = 0): Promise<void> {
  const args = ["--conditions=@quadrivium/source", "--import=tsx", program, folder, `${last}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let [before, now] = [performance.now(), performance.now()];
  for await (const said of createInterface(child.stdout)) {
    [before, now] = [now, performance.now()];
    if (said === word) break;
  }
  if (share > 0) await setTimeout(share * (now - before));
  expect(child.exitCode, "the child ended before it was killed").toBeNull();
  child.kill("SIGKILL");
  await closed;
}

describe("a run killed in the middle of its checkpoints, many times", () => {
  test("leaves nothing half-written and ends as if it had never been", async () => {
    const moments = streamOf(key(9));
    // a checkpoint of 1.6 MB at every step, and segments: nearly all time goes into writing them
    const set = { width: 200_000, steps: 60, checkpointEvery: 1, keeps: true };
    const whole = await newRun(await temporaryFolder(), set);
    const expected = await outcomeOf(whole, await drive(whole));
    const run = await newRun(await temporaryFolder(), set);
    let furthest = 0;
    let torn = 0;
    for (let kill = 0; kill < 8; kill++) {
      const last = furthest + 6;
      const isWithin = kill % 2 === 0; // the other kills strike wherever they strike
      const step = furthest + 1 + Math.floor(5 * moments.uniform());
      await driveAndKill(
        run.folder,
        last,
        isWithin ? "within" : `${step}`,
        isWithin ? 0 : moments.uniform(),
      );
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
      expect(reached).toBeGreaterThanOrEqual(isWithin ? last - 1 : furthest);
      expect(reached).toBeLessThan(last);
      furthest = reached;
      expect(await runStatus(run.folder)).toBe("stopped");
    }
    expect(torn, "kills that struck while a checkpoint was being written").toBeGreaterThanOrEqual(4);
    expect(await outcomeOf(run, await drive(run))).toEqual(expected);
  }, 600_000);
});
