import { link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCode, writing } from "./write-error.js";

let counter = 0;

/** How the names of files and folders begin that are not in place yet, or no longer. */
export const temporaryPrefix = ".tmp-";

/** A name beside `path` that no other process or call uses. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `${temporaryPrefix}${process.pid}-${(counter += 1)}`);
}

/**
 * Makes a folder and those above it, where they are not there yet. Node's own recursive `mkdir` never
 * ends where a system refuses new folders by saying that there is none, as /proc and automounters do.
 */
export async function ensureFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    if (errorCode(cause) === "EEXIST" && (await stat(path)).isDirectory()) return;
    if (errorCode(cause) !== "ENOENT" || dirname(path) === path) throw cause;
    await ensureFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      if (errorCode(again) !== "EEXIST") throw again; // another process may have been faster
    });
  }
}

/** Writes a new file and waits until it is on disk. */
export async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until a folder's entries are on disk; where the system cannot, the write stands anyway. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (cause) {
    if (errorCode(cause) === undefined) throw cause;
  }
}

/**
 * Writes a file whole or not at all, over one that is there.
 *
 * @throws E_WRITE with the path and the reason
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  await writing(path, async () => {
    await ensureFolder(dirname(path));
    const temporary = temporaryBeside(path);
    try {
      await writeDurably(temporary, data);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause;
    }
    await syncFolder(dirname(path));
  });
}

/**
 * Publishes a file whole and only once: of several writers exactly one succeeds.
 *
 * @returns whether this call was the one
 * @throws E_WRITE with the path and the reason
 */
export async function publishOnce(path: string, data: string): Promise<boolean> {
  return writing(path, async () => {
    const temporary = temporaryBeside(path);
    try {
      await writeDurably(temporary, data);
      // A hard link is made or refused in one step, and shows the whole content at once.
      await link(temporary, path);
    } catch (cause) {
      if (errorCode(cause) === "EEXIST") return false;
      throw cause;
    } finally {
      await rm(temporary, { force: true });
    }
    await syncFolder(dirname(path));
    return true;
  });
}

/** Takes a folder away whole: it is gone under its name before the first of its files is. */
export async function removeFolder(path: string): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await rename(path, temporary);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return;
    throw cause;
  }
  await rm(temporary, { recursive: true, force: true });
}
