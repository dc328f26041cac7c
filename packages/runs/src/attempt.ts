import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Compute } from "@quadrivium/core";
import type { CheckpointMark } from "./checkpoint-store.js";
import type { CodeVersion } from "./code-version.js";
import { ensureFolder, writeFileAtomic } from "./files/atomic-file.js";
import { jsonText, readJsonFile } from "./files/json-file.js";
import { numberedEntries } from "./files/numbered-entries.js";
import { errorCode, writing } from "./files/write-error.js";
import { attemptFolder, layout } from "./layout.js";
import type { Machine } from "./machine.js";

/** What an attempt was started from and by; written once at its start. */
export interface AttemptStart {
  readonly attempt: number;
  /** The checkpoint of an earlier attempt that this one goes on from; `null` at a fresh start. */
  readonly parent: CheckpointMark | null;
  readonly startedAt: string;
  readonly pid: number;
  readonly machine: Machine;
  readonly code: CodeVersion;
  readonly compute: Compute;
}

/** How an attempt ended, where it could still say so. */
export interface AttemptEnd {
  readonly outcome: "finished" | "interrupted" | "failed";
  readonly n: number;
  readonly endedAt: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A hint that an attempt is alive; nothing depends on it. */
export interface Heartbeat {
  readonly n: number;
  readonly total: number | null;
  readonly seconds: number;
}

/**
 * Opens the next attempt of a run. Of several starters each gets a number of its own.
 *
 * @throws E_WRITE with the folder
 */
export async function startAttempt(
  runFolder: string,
  start: Omit<AttemptStart, "attempt">,
): Promise<AttemptStart> {
  const parent = join(runFolder, layout.attempts);
  return writing(parent, async () => {
    await ensureFolder(parent);
    let attempt = Math.max(0, ...(await numberedEntries(parent))) + 1;
    // mkdir makes the folder or refuses, in one step: the number belongs to whoever made it
    while (!(await makeFolder(attemptFolder(runFolder, attempt)))) attempt += 1;
    const whole = { attempt, ...start };
    await writeFileAtomic(join(attemptFolder(runFolder, attempt), layout.start), jsonText(whole));
    return whole;
  });
}

/** The attempts of a run in order; those killed before they could say what they are left out. */
export async function readAttempts(runFolder: string): Promise<AttemptStart[]> {
  const numbers = await numberedEntries(join(runFolder, layout.attempts));
  const starts = await Promise.all(
    numbers.map((k) => readJsonFile<AttemptStart>(join(attemptFolder(runFolder, k), layout.start))),
  );
  return starts.filter((start) => start !== undefined);
}

/** Says how an attempt ended. @throws E_WRITE with the path */
export async function endAttempt(runFolder: string, attempt: number, end: AttemptEnd): Promise<void> {
  await writeFileAtomic(join(attemptFolder(runFolder, attempt), layout.end), jsonText(end));
}

/** How an attempt ended; absent while it runs or where it was killed. */
export function readAttemptEnd(runFolder: string, attempt: number): Promise<AttemptEnd | undefined> {
  return readJsonFile<AttemptEnd>(join(attemptFolder(runFolder, attempt), layout.end));
}

/** The last sign of life of an attempt, and its age. */
export async function readHeartbeat(
  runFolder: string,
  attempt: number,
): Promise<(Heartbeat & { readonly ageSeconds: number }) | undefined> {
  const path = join(attemptFolder(runFolder, attempt), layout.heartbeat);
  const heartbeat = await readJsonFile<Heartbeat>(path);
  if (heartbeat === undefined) return undefined;
  const { mtimeMs } = await stat(path);
  return { ...heartbeat, ageSeconds: (new Date().getTime() - mtimeMs) / 1000 };
}

/** The last sign of life of the latest attempt of a run. */
export async function lastHeartbeat(runFolder: string): Promise<Heartbeat | undefined> {
  const last = (await readAttempts(runFolder)).at(-1);
  return last === undefined ? undefined : readHeartbeat(runFolder, last.attempt);
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw cause;
  }
}
