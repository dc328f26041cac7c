import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "@quadrivium/core";
import { readAttempts } from "./attempt.js";
import { attemptChain } from "./chain.js";
import {
  checkpointFolder,
  checkpointOrdinals,
  keptCheckpoints,
  readMark,
  type CheckpointMark,
} from "./checkpoint-store.js";
import { removeFolder, temporaryPrefix } from "./files/atomic-file.js";
import { sizeOnDisk } from "./files/disk.js";
import { errorCode } from "./files/write-error.js";
import { attemptFolder, layout } from "./layout.js";
import { readResult } from "./result.js";
import type { Run } from "./run-store.js";
import { runStatus } from "./status.js";

/** Something on disk that may go, and what that frees. */
export interface Clearance {
  readonly path: string;
  readonly bytes: number;
  readonly reason: string;
}

/** A run that was made this long ago may be about to start; a leftover of a write is none yet. */
const settledSeconds = 60;

/**
 * A whole run as something that may go.
 *
 * @throws E_RUN_ACTIVE if it is running, or was made just now
 */
export async function clearableRun(run: Run): Promise<Clearance> {
  await requireIdle(run);
  return { path: run.folder, bytes: await sizeOnDisk(run.folder), reason: "asked for" };
}

/**
 * What a run keeps that neither its result nor a resume needs: checkpoints behind those that would
 * be read, and leftovers of writes that were killed. A running run keeps everything.
 */
export async function needlessIn(run: Run): Promise<Clearance[]> {
  if (await isActive(run)) return [];
  const folders = await needlessCheckpoints(run.folder);
  const leftovers = await leftoversBelow(run.folder);
  return Promise.all([
    ...folders.map((path) => clearance(path, "a checkpoint that nothing reads")),
    ...leftovers.map((path) => clearance(path, "a write that was killed")),
  ]);
}

/** What killed writes left beside the runs of a folder. */
export async function needlessBeside(root: string): Promise<Clearance[]> {
  const found: Clearance[] = [];
  for (const path of await leftoversIn(root)) {
    const { mtimeMs } = await stat(path);
    const isSettled = new Date().getTime() - mtimeMs > settledSeconds * 1000;
    if (isSettled) found.push(await clearance(path, "a write that was killed"));
  }
  return found;
}

/** Takes what may go away, each piece whole. @throws E_RUN_ACTIVE if its run began to run since */
export async function clear(run: Run, pieces: readonly Clearance[]): Promise<void> {
  for (const { path } of pieces) {
    await requireIdle(run); // looked at again right before: it may have been resumed
    await removeFolder(path);
  }
}

async function requireIdle(run: Run): Promise<void> {
  if (!(await isActive(run))) return;
  throw new InputError(
    "E_RUN_ACTIVE",
    `run ${run.manifest.id} is running and stays; stop it first (Ctrl-C where it runs)`,
    { details: { run: run.manifest.id } },
  );
}

async function isActive({ folder, manifest }: Run): Promise<boolean> {
  const status = await runStatus(folder);
  const age = (new Date().getTime() - Date.parse(manifest.createdAt)) / 1000;
  return status === "running" || (status === "created" && age < settledSeconds);
}

/** Of a finished run all but the last on the winner's chain, else all but the furthest two. */
async function needlessCheckpoints(runFolder: string): Promise<string[]> {
  const marks: CheckpointMark[] = [];
  for (const { attempt } of await readAttempts(runFolder)) {
    for (const ordinal of await checkpointOrdinals(runFolder, attempt)) {
      const mark = await readMark(runFolder, attempt, ordinal).catch(() => undefined);
      if (mark !== undefined) marks.push(mark);
    }
  }
  const needed = new Set(await neededMarks(runFolder, marks));
  return marks
    .filter((mark) => !needed.has(mark))
    .map(({ attempt, ordinal }) => checkpointFolder(runFolder, attempt, ordinal));
}

async function neededMarks(
  runFolder: string,
  marks: readonly CheckpointMark[],
): Promise<readonly CheckpointMark[]> {
  if ((await readResult(runFolder)) === undefined) {
    return marks.toSorted((a, b) => b.n - a.n).slice(0, keptCheckpoints);
  }
  for (const { attempt } of (await attemptChain(runFolder)).reverse()) {
    const last = marks.filter((mark) => mark.attempt === attempt).at(-1);
    if (last !== undefined) return [last];
  }
  return marks;
}

async function leftoversBelow(runFolder: string): Promise<string[]> {
  const attempts = await readAttempts(runFolder);
  const folders = [
    runFolder,
    join(runFolder, layout.attempts),
    ...attempts.flatMap(({ attempt }) => {
      const folder = attemptFolder(runFolder, attempt);
      return [folder, join(folder, layout.checkpoints)];
    }),
  ];
  return (await Promise.all(folders.map(leftoversIn))).flat();
}

async function leftoversIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.startsWith(temporaryPrefix)).map((name) => join(folder, name));
  } catch (cause) {
    if (errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR") return [];
    throw cause;
  }
}

async function clearance(path: string, reason: string): Promise<Clearance> {
  return { path, bytes: await sizeOnDisk(path), reason };
}
