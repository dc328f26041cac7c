import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { quadrivium, temporaryFolder } from "./cli.test-helpers.js";
import { studies } from "./studies.js";

const entry = (name: string): URL => new URL(`${name}.ts`, import.meta.url);
const host = { studies, workerEntry: entry("worker"), programEntry: entry("quadrivium") };
const say = (args: readonly string[]) => quadrivium([...args, "--json"], host);

const set = (settings: { readonly [name: string]: string | number }): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);

describe("a run of pixel-rl", () => {
  // Frames of 84 × 84 × 3 bytes: a block of the replay is 396 steps, three of them in the ring.
  const settings = set({
    pixels: "grid",
    cellSize: 8,
    encoder: "nature",
    denseUnits: 16,
    bottleneck: "gap",
    frames: 1600,
    replayCapacity: 1300,
    learningStarts: 800,
    updatePeriod: 8,
    batchSize: 8,
    checkpointEvery: 100,
    examineEvery: 0,
    epsilonDecayFrames: 5000,
  });
  const run = ["run", "pixel-rl", "minatar-dqn", ...settings, "--seed", "3", "--jobs", "1"];

  test("killed with -9 goes on to the numbers of one that never stopped", async () => {
    const [whole, broken] = [await temporaryFolder(), await temporaryFolder()];
    const expected = (await say([...run, "--runs", whole])).json;
    const start = ["--conditions=@quadrivium/source", "--import=tsx"];
    const args = [...start, fileURLToPath(host.programEntry), ...run, "--runs", broken, "--json"];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    const ended = once(child, "close");
    // The ninth checkpoint is of 900 frames: two full blocks, after the first updates.
    while (child.exitCode === null && (await lastCheckpoint(broken)) < 9) await setTimeout(5);
    child.kill("SIGKILL");
    expect((await ended)[1]).toBe("SIGKILL");
    const resume = ["resume", "pixel-rl-minatar-dqn", "--jobs", "1", "--runs", broken];
    const { exitCode, json } = await say(resume);
    expect(exitCode).toBe(0);
    expect(json["attempt"]).toBe(2);
    const told = ["meanReturn", "episodes", "updates", "examination", "n"];
    const of = (result: typeof json) => told.map((name) => [name, result[name]]);
    expect(of(json)).toEqual(of(expected));
    expect(json["updates"]).toBe(101);
  }, 240_000);

  test.each([
    [{ env: "minatar/breakot" }, /did you mean minatar\/breakout\?/],
    [{ env: "minatar/pong" }, /must be one of minatar\/asterix[^;]*; got "minatar\/pong"$/],
    [{ steps: 1000 }, /has no setting steps; did you mean frames\?$/],
    [
      { pixels: "grid", cellSize: 8, frames: 1e7, replayCapacity: 1e6 },
      /19\.72 GiB.*use replayCapacity \d+ or less/,
    ],
  ])("%o is refused before anything is kept", async (settings, message) => {
    const runs = await temporaryFolder();
    const args = ["run", "pixel-rl", "minatar-dqn", ...set(settings), "--runs", runs];
    const { exitCode, json } = await say(args);
    expect(exitCode).toBe(3);
    expect((json["error"] as { message: string }).message).toMatch(message);
    expect(await readdir(runs)).toEqual([]);
  });
});

describe("the verbs of pixel-rl", () => {
  test("trace gives its three fields", async () => {
    const { json } = await say(["pixel-rl", "trace", "--game", "breakout", "--steps", "50"]);
    expect(Object.keys(json)).toEqual(["ok", "sha256", "rewardSum", "episodes"]);
  });

  test("trace names the game that was meant", async () => {
    const { json } = await say(["pixel-rl", "trace", "--game", "breakot"]);
    expect(json["error"]).toMatchObject({ code: "E_GAME" });
    expect((json["error"] as { message: string }).message).toMatch(/did you mean breakout\?/);
  });

  test("params gives the sizes of its network", async () => {
    const args = ["pixel-rl", "params", "--encoder", "impala", "--width", "1"];
    const { json } = await say([...args, "--input", "84x84x4", "--bottleneck", "gap"]);
    expect(json).toMatchObject({ encoderParams: 97_744, bottleneckParams: 16_896 });
    expect(Object.keys(json)).toEqual(expect.arrayContaining(["encoderMacs", "forwardFlops"]));
  });

  test("emulator refuses what is no cartridge", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "not-a-rom.bin");
    await writeFile(file, "not a cartridge");
    const { exitCode, json } = await say(["pixel-rl", "emulator", "--rom", file]);
    expect(exitCode).toBe(3);
    expect((json["error"] as { message: string }).message).toMatch(/got 15; give the bare ROM/);
  });
});

/** Number of the newest checkpoint under a folder of runs; 0 while there is none. */
async function lastCheckpoint(runs: string): Promise<number> {
  const [run] = await readdir(runs);
  const folder = join(runs, run ?? "", "attempts", "1", "checkpoint");
  const names = await readdir(folder).catch(() => []);
  return Math.max(0, ...names.map(Number).filter(Number.isInteger));
}
