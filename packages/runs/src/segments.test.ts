import { mkdir, readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostArray, type Checkpoint, type HostArray } from "@quadrivium/core";
import { startAttempt } from "./attempt.js";
import { loadCheckpoint, saveCheckpoint, type CheckpointMark } from "./checkpoint-store.js";
import { sizeOnDisk } from "./files/disk.js";
import { thisMachine } from "./machine.js";
import { resumePoint } from "./resume-point.js";
import { code, compute, newRun, temporaryFolder } from "./runs.test-helpers.js";

const bytes = 50_000;

/** A checkpoint with segments of one byte each; `asked` notes which were read. */
function checkpointOf(segments: { readonly [name: string]: number }, asked: string[] = []) {
  const read = async (name: string): Promise<{ readonly [array: string]: HostArray }> => {
    asked.push(name);
    return { frames: hostArray(new Uint8Array(bytes).fill(segments[name]!), [bytes]) };
  };
  return { tree: {}, json: null, segments: { names: Object.keys(segments), read } };
}

async function newFolder(): Promise<string> {
  const { folder } = await newRun(await temporaryFolder());
  await newAttempt(folder);
  return folder;
}

async function newAttempt(folder: string): Promise<void> {
  const start = { parent: null, startedAt: "", pid: 1, machine: thisMachine(), code, compute };
  await startAttempt(folder, start);
}

const mark = (ordinal: number, attempt = 1): CheckpointMark => ({
  attempt,
  ordinal,
  clock: "step",
  n: 10 * attempt + ordinal,
  seconds: 1,
  metricsBytes: 0,
});

async function valuesOf({ segments }: Checkpoint): Promise<{ readonly [name: string]: number }> {
  const values: { [name: string]: number } = {};
  for (const name of segments!.names) {
    const { data } = (await segments!.read(name))["frames"]!;
    expect(data.every((value) => value === data[0])).toBe(true);
    values[name] = Number(data[0]);
  }
  return values;
}

describe("segments", () => {
  test("are written once, shared by checkpoints and gone with the last that needs them", async () => {
    const folder = await newFolder();
    const asked: string[] = [];
    const steps: { readonly [name: string]: number }[] = [{ a: 1 }, { a: 1, b: 2 }, { b: 2, c: 3 }];
    const written: number[] = [];
    for (const [index, segments] of steps.entries()) {
      const previous = index === 0 ? null : mark(index);
      written.push(
        await saveCheckpoint(folder, mark(index + 1), checkpointOf(segments, asked), previous),
      );
    }
    expect(asked).toEqual(["a", "b", "c"]);
    for (const count of written) expect(count).toBeLessThan(bytes + 1000);
    // Two checkpoints are left, with a, b and c between them.
    expect(await valuesOf(await loadCheckpoint(folder, mark(2)))).toEqual({ a: 1, b: 2 });
    expect(await valuesOf(await loadCheckpoint(folder, mark(3)))).toEqual({ b: 2, c: 3 });
    const size = await sizeOnDisk(folder);
    expect(size).toBeGreaterThan(3 * bytes);
    expect(size).toBeLessThan(3 * bytes + 10_000);
    // Dropping the older frees a alone: b has another name.
    const older = await sizeOnDisk(join(folder, "attempts/1/checkpoint/2"));
    expect(older).toBeGreaterThan(bytes);
    expect(older).toBeLessThan(bytes + 2000);
  });

  test("of a resumed run are its own: those it went on from may go", async () => {
    const folder = await newFolder();
    await saveCheckpoint(folder, mark(1), checkpointOf({ a: 1 }));
    await newAttempt(folder);
    const asked: string[] = [];
    await saveCheckpoint(folder, mark(1, 2), checkpointOf({ a: 1, b: 2 }, asked), mark(1));
    expect(asked).toEqual(["b"]);
    await rm(join(folder, "attempts/1/checkpoint"), { recursive: true });
    expect(await valuesOf(await loadCheckpoint(folder, mark(1, 2)))).toEqual({ a: 1, b: 2 });
  });

  test("that the checkpoint before does not hold, or no longer holds, are written", async () => {
    const folder = await newFolder();
    await saveCheckpoint(folder, mark(1), checkpointOf({ a: 1 }));
    await rm(join(folder, "attempts/1/checkpoint/1"), { recursive: true });
    const asked: string[] = [];
    await saveCheckpoint(folder, mark(2), checkpointOf({ a: 1, b: 2 }, asked), mark(1));
    expect(asked).toEqual(["a", "b"]);
    expect(await valuesOf(await loadCheckpoint(folder, mark(2)))).toEqual({ a: 1, b: 2 });
  });

  test("written before a kill without their checkpoint are not read: the one before is", async () => {
    const folder = await newFolder();
    await saveCheckpoint(folder, mark(1), checkpointOf({ a: 1 }));
    // What a process leaves that is killed after its second segment and before the checkpoint.
    const checkpoints = join(folder, "attempts/1/checkpoint");
    await mkdir(join(checkpoints, ".tmp-1-1/segments"), { recursive: true });
    const { saved, damaged } = await resumePoint(folder);
    expect(damaged).toEqual([]);
    expect(saved?.mark).toEqual(mark(1));
    expect(await valuesOf(saved!.checkpoint)).toEqual({ a: 1 });
  });

  test("missing or cut short are noticed, and the checkpoint before is taken", async () => {
    const folder = await newFolder();
    await saveCheckpoint(folder, mark(1), checkpointOf({ a: 1 }));
    await saveCheckpoint(folder, mark(2), checkpointOf({ a: 1, b: 2 }), mark(1));
    const path = join(folder, "attempts/1/checkpoint/2/segments/b.safetensors");
    expect((await stat(path)).size).toBeGreaterThan(bytes);
    await truncate(path, bytes);
    const { saved, damaged } = await resumePoint(folder);
    expect(damaged).toEqual([expect.stringMatching(/its segment b has 50000 bytes of 50\d\d\d$/)]);
    expect(saved?.mark).toEqual(mark(1));
  });

  test("of a checkpoint that fails to be written leave nothing behind", async () => {
    const folder = await newFolder();
    const failing = {
      ...checkpointOf({}),
      segments: { names: ["a"], read: () => Promise.reject(new Error("gone")) },
    };
    await expect(saveCheckpoint(folder, mark(1), failing)).rejects.toThrow("gone");
    expect(await readdir(join(folder, "attempts/1/checkpoint"))).toEqual([]);
  });
});
