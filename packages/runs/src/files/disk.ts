import { lstat, readdir, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "@quadrivium/core";
import { errorCode } from "./write-error.js";

/** Bytes that a user without privileges may still write where `path` is or will be. */
export async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (cause) {
    const parent = dirname(path);
    if (errorCode(cause) !== "ENOENT" || parent === path) throw cause;
    return freeBytes(parent);
  }
}

/**
 * Refuses a write for which the disk has no room, before anything is written.
 *
 * @throws E_WRITE naming what is needed and what is free
 */
export async function requireSpace(path: string, bytes: number): Promise<void> {
  const free = await freeBytes(path);
  if (free >= bytes) return;
  throw new InputError(
    "E_WRITE",
    `cannot write ${path}: it needs ${formatBytes(bytes)} and ${formatBytes(free)} are free; free some or choose another place (--runs DIR)`,
    { details: { path, neededBytes: bytes, freeBytes: free } },
  );
}

/**
 * Bytes that a file, or all files of a folder, would free if they went; 0 where there is none. A file
 * that has a name elsewhere too frees nothing. Symbolic links are not followed.
 */
export async function sizeOnDisk(path: string): Promise<number> {
  const files = new Map<string, { readonly size: number; readonly names: number; seen: number }>();
  const visit = async (at: string): Promise<void> => {
    try {
      const entry = await lstat(at);
      if (entry.isDirectory()) {
        await Promise.all((await readdir(at)).map((name) => visit(join(at, name))));
        return;
      }
      const file = `${entry.dev}:${entry.ino}`;
      const seen = (files.get(file)?.seen ?? 0) + 1;
      files.set(file, { size: entry.size, names: entry.nlink, seen });
    } catch (cause) {
      if (errorCode(cause) !== "ENOENT") throw cause; // gone in the meantime
    }
  };
  await visit(path);
  let bytes = 0;
  for (const { size, names, seen } of files.values()) if (seen >= names) bytes += size;
  return bytes;
}

/** `1536` → `"1.5 KiB"`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]!}`;
}
