import { link, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError, invariant, type Segments } from "@quadrivium/core";
import { readSafetensors, writeSafetensors } from "@quadrivium/io";
import { syncFolder, writeDurably } from "./files/atomic-file.js";
import { requireSpace } from "./files/disk.js";
import { layout } from "./layout.js";

/** Bytes of every segment of a checkpoint, by name. */
export interface SegmentSizes {
  readonly [name: string]: number;
}

/**
 * Puts segments into the folder of a checkpoint that is being written. One that the checkpoint
 * before holds is shared with it by a hard link and written no second time; so every checkpoint is
 * whole by itself, and a segment goes when the last of them does.
 *
 * @param previous folder of the checkpoint before; absent where there is none
 * @returns their sizes, and the bytes that were written
 */
export async function writeSegments(
  folder: string,
  segments: Segments,
  previous?: string,
): Promise<{ readonly sizes: SegmentSizes; readonly written: number }> {
  await mkdir(join(folder, layout.segments));
  const sizes: { [name: string]: number } = {};
  let written = 0;
  for (const name of segments.names) {
    invariant(/^[\w-]+$/.test(name), `"${name}" can name a segment's file`);
    const path = segmentPath(folder, name);
    const shared = previous === undefined ? undefined : await share(previous, name, path);
    sizes[name] = shared ?? (await write(path, await segments.read(name)));
    if (shared === undefined) written += sizes[name];
  }
  await syncFolder(join(folder, layout.segments));
  return { sizes, written };
}

/**
 * The segments of a checkpoint, each read when it is asked for.
 *
 * @throws E_FORMAT if one is missing or has another size
 */
export async function openSegments(folder: string, sizes: SegmentSizes): Promise<Segments> {
  for (const [name, bytes] of Object.entries(sizes)) {
    const found = await sizeOf(segmentPath(folder, name));
    if (found === bytes) continue;
    throw new InputError("E_FORMAT", `its segment ${name} has ${found ?? 0} bytes of ${bytes}`);
  }
  return {
    names: Object.keys(sizes),
    async read(name) {
      const file = await readFile(segmentPath(folder, name));
      // a plain view: Buffer's own slices share memory
      const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
      return readSafetensors(bytes).tensors;
    },
  };
}

function segmentPath(folder: string, name: string): string {
  return join(folder, layout.segments, `${name}.safetensors`);
}

/** Links a segment of another checkpoint; its size, or nothing where that cannot be done. */
async function share(previous: string, name: string, path: string): Promise<number | undefined> {
  try {
    await link(segmentPath(previous, name), path);
  } catch {
    return undefined; // not there, gone in the meantime, or no links on this disk
  }
  return sizeOf(path);
}

async function write(
  path: string,
  arrays: Awaited<ReturnType<Segments["read"]>>,
): Promise<number> {
  const bytes = writeSafetensors(arrays);
  await requireSpace(path, bytes.byteLength);
  await writeDurably(path, bytes);
  return bytes.byteLength;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
