import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError, type Checkpoint, type Json } from "@quadrivium/core";

import { readSafetensors, writeSafetensors } from "@quadrivium/io";
import { parseExact, stringifyExact } from "./exact-json.js";
import { ensureFolder, removeFolder, syncFolder, temporaryBeside, writeDurably } from "./files/atomic-file.js";
import { requireSpace } from "./files/disk.js";
import { numberedEntries } from "./files/numbered-entries.js";
import { writing } from "./files/write-error.js";
import { attemptFolder, layout } from "./layout.js";
import { openSegments, writeSegments, type SegmentSizes } from "./segments.js";
import { flattenCheckpoint, restoreTree } from "./tree-codec.js";

/** Where a saved checkpoint stands in its run. */
export interface CheckpointMark {
  readonly attempt: number;
  /** The checkpoint's number within its attempt, from 1. */
  readonly ordinal: number;
  readonly clock: string;
  readonly n: number;
  /** Training time up to here, over the whole chain of attempts. */
  readonly seconds: number;
  /** Length of the attempt's metrics file here: what follows belongs to a later moment. */
  readonly metricsBytes: number;
}

interface StateFile extends Omit<CheckpointMark, "attempt" | "ordinal"> {
  readonly format: 1;
  readonly treeBytes: number;
  readonly structure: Json;
  readonly json: Json;
  readonly segments?: SegmentSizes;
}

/** How many checkpoints an attempt keeps: the last, and one more in case the last is damaged. */
export const keptCheckpoints = 2;

/**
 * Saves a checkpoint whole or not at all, then drops all but the last two of its attempt.
 *
 * @param previous the checkpoint before it, of this attempt or the one that it goes on from
 * @returns bytes written
 * @throws E_WRITE with the folder and the reason; the checkpoints before it stay
 */
export async function saveCheckpoint(
  runFolder: string,
  mark: CheckpointMark,
  checkpoint: Checkpoint,
  previous?: CheckpointMark | null,
): Promise<number> {
  const final = checkpointFolder(runFolder, mark.attempt, mark.ordinal);
  const { tensors, structure } = flattenCheckpoint(checkpoint.tree);
  const tree = writeSafetensors(tensors);
  const { clock, n, seconds, metricsBytes } = mark;
  const state = (segments: SegmentSizes | undefined): StateFile => ({
    format: 1,
    clock,
    n,
    seconds,
    metricsBytes,
    treeBytes: tree.byteLength,
    structure,
    json: checkpoint.json,
    ...(segments === undefined ? {} : { segments }),
  });
  await requireSpace(dirname(final), tree.byteLength);
  let bytes = tree.byteLength;
  await writing(final, async () => {
    await ensureFolder(dirname(final));
    const temporary = temporaryBeside(final);
    try {
      await mkdir(temporary);
      await writeDurably(join(temporary, layout.tree), tree);
      const before = previous ? folderOf(runFolder, previous) : undefined;
      const kept = checkpoint.segments
        ? await writeSegments(temporary, checkpoint.segments, before)
        : undefined;
      const text = stringifyExact(state(kept?.sizes) as unknown as Json);
      await writeDurably(join(temporary, layout.state), text);
      bytes += (kept?.written ?? 0) + text.length;
      await syncFolder(temporary);
      await rename(temporary, final);
    } catch (cause) {
      await rm(temporary, { recursive: true, force: true });
      throw cause;
    }
    await syncFolder(dirname(final));
  });
  await dropOldCheckpoints(dirname(final));
  return bytes;
}

/** The checkpoints of an attempt by number, oldest first; unfinished ones are not among them. */
export async function checkpointOrdinals(runFolder: string, attempt: number): Promise<number[]> {
  const folder = join(attemptFolder(runFolder, attempt), layout.checkpoints);
  return numberedEntries(folder);
}

/**
 * Where a checkpoint stands, without its arrays.
 *
 * @throws E_CHECKPOINT if its files are missing or damaged
 */
export async function readMark(
  runFolder: string,
  attempt: number,
  ordinal: number,
): Promise<CheckpointMark> {
  const folder = checkpointFolder(runFolder, attempt, ordinal);
  const { clock, n, seconds, metricsBytes } = await reading(folder, () => readState(folder));
  return { attempt, ordinal, clock, n, seconds, metricsBytes };
}

/**
 * Reads a checkpoint back, every bit of it; its segments when they are asked for.
 *
 * @throws E_CHECKPOINT if its files are missing or damaged
 */
export async function loadCheckpoint(runFolder: string, mark: CheckpointMark): Promise<Checkpoint> {
  const folder = folderOf(runFolder, mark);
  return reading(folder, async () => {
    const { structure, json, treeBytes, segments: sizes } = await readState(folder);
    const file = await readFile(join(folder, layout.tree));
    if (file.byteLength !== treeBytes) {
      throw new InputError("E_FORMAT", `its arrays have ${file.byteLength} bytes of ${treeBytes}`);
    }
    // a plain view: Buffer's own slices share memory
    const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
    const tree = restoreTree({ tensors: readSafetensors(bytes).tensors, structure });
    if (sizes === undefined) return { tree, json };
    const { names, read } = await openSegments(folder, sizes);
    const segments = { names, read: (name: string) => reading(folder, () => read(name)) };
    return { tree, json, segments };
  });
}

function folderOf(runFolder: string, { attempt, ordinal }: CheckpointMark): string {
  return checkpointFolder(runFolder, attempt, ordinal);
}

async function readState(folder: string): Promise<StateFile> {
  const text = await readFile(join(folder, layout.state), "utf8");
  const state = parseExact(text) as unknown as StateFile;
  if (state.format === 1) return state;
  throw new InputError("E_FORMAT", `its ${layout.state} is not of format 1`);
}

async function reading<T>(folder: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError("E_CHECKPOINT", `checkpoint ${folder} cannot be read: ${reason}`, {
      cause,
      details: { folder, reason },
    });
  }
}

/** Where a checkpoint is or will be. */
export function checkpointFolder(runFolder: string, attempt: number, ordinal: number): string {
  return join(attemptFolder(runFolder, attempt), layout.checkpoints, String(ordinal));
}

async function dropOldCheckpoints(folder: string): Promise<void> {
  const ordinals = await numberedEntries(folder);
  for (const ordinal of ordinals.slice(0, -keptCheckpoints)) {
    await removeFolder(join(folder, String(ordinal)));
  }
}
