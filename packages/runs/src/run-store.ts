import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError, type Compute, type Json } from "@quadrivium/core";
import { configHash, suggestion, type Settings } from "@quadrivium/config";
import type { CodeVersion } from "./code-version.js";
import { ensureFolder, syncFolder, temporaryBeside, writeDurably } from "./files/atomic-file.js";
import { jsonText } from "./files/json-file.js";
import { errorCode, writing } from "./files/write-error.js";
import { layout } from "./layout.js";
import type { Machine } from "./machine.js";
import { readManifest, type Manifest } from "./manifest.js";
import { readResult } from "./result.js";

/** A run folder and what it says it is. */
export interface Run {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What a new run is to be. */
export interface RunSpec {
  readonly study: { readonly name: string; readonly resultsVersion: number };
  readonly preset: string;
  readonly set: Settings;
  readonly config: Json;
  readonly seed: number;
  readonly compute: Compute;
  readonly code: CodeVersion;
  readonly machine: Machine;
}

/**
 * Makes the folder of a new run, whole: `study-preset-hash-s<seed>`, numbered where that is taken.
 *
 * @throws E_WRITE with the folder
 */
export async function createRun(root: string, spec: RunSpec): Promise<Run> {
  const hash = configHash(spec.study, spec.config);
  const base = `${spec.study.name}-${spec.preset}-${hash.slice(0, 8)}-s${spec.seed}`;
  return writing(resolve(root), async () => {
    await ensureFolder(root);
    for (let copy = 1; ; copy++) {
      const id = copy === 1 ? base : `${base}-${copy}`;
      const folder = resolve(root, id);
      const manifest: Manifest = {
        format: 1,
        id,
        study: spec.study.name,
        resultsVersion: spec.study.resultsVersion,
        preset: spec.preset,
        set: spec.set,
        config: spec.config,
        configHash: hash,
        seed: spec.seed,
        compute: spec.compute,
        code: spec.code,
        machine: spec.machine,
        createdAt: new Date().toISOString(),
      };
      if (await placeFolder(folder, manifest)) return { folder, manifest };
    }
  });
}

/**
 * The run with this configuration and seed: a finished one if there is any, else an unfinished one
 * to go on with, else a new one.
 *
 * @throws E_WRITE with the folder
 */
export async function ensureRun(root: string, spec: RunSpec): Promise<Run> {
  const hash = configHash(spec.study, spec.config);
  const { runs } = await listRuns(root);
  const same = runs.filter(
    ({ manifest }) => manifest.configHash === hash && manifest.seed === spec.seed,
  );
  for (const run of same) if ((await readResult(run.folder)) !== undefined) return run;
  return same[0] ?? createRun(root, spec);
}

/** A folder among the runs that cannot be read as one. */
export interface BrokenRun {
  readonly folder: string;
  readonly reason: string;
}

/** The runs of a folder by name, and the run folders that are damaged. */
export async function listRuns(
  root: string,
): Promise<{ readonly runs: Run[]; readonly broken: BrokenRun[] }> {
  const runs: Run[] = [];
  const broken: BrokenRun[] = [];
  for (const name of await folderNames(root)) {
    const folder = resolve(root, name);
    try {
      runs.push(await openRun(folder));
    } catch (cause) {
      if (!(cause instanceof InputError)) throw cause;
      const entries = await readdir(folder);
      const looksLikeRun = entries.includes(layout.manifest) || entries.includes(layout.attempts);
      if (looksLikeRun) broken.push({ folder, reason: cause.message });
    }
  }
  return { runs, broken };
}

/**
 * The run that a user means by a path, a name or the beginning of a name.
 *
 * @throws E_NO_RUN if there is none, or several begin so
 * @throws E_RUN_BROKEN if its folder is damaged
 */
export async function findRun(root: string, wanted: string): Promise<Run> {
  const names = await folderNames(root);
  if (!names.includes(wanted) && (await isFolder(wanted))) return openRun(resolve(wanted));
  const matches = names.includes(wanted) ? [wanted] : names.filter((n) => n.startsWith(wanted));
  if (matches.length === 1) return openRun(resolve(root, matches[0]!));
  throw new InputError(
    "E_NO_RUN",
    matches.length === 0
      ? `no run ${wanted} in ${resolve(root)}; ${noneLike(wanted, names)}`
      : `${wanted} begins the names of ${matches.length} runs: ${matches.join(", ")}`,
    { details: { run: wanted, folder: resolve(root), matches } },
  );
}

/** The run in a folder. @throws E_RUN_BROKEN if its manifest is missing or damaged */
export async function openRun(folder: string): Promise<Run> {
  return { folder, manifest: await readManifest(folder) };
}

function noneLike(wanted: string, names: readonly string[]): string {
  return names.length === 0 ? "there are none yet" : suggestion(wanted, names);
}

/** Puts a whole folder in place, or says that the name is taken. */
async function placeFolder(folder: string, manifest: Manifest): Promise<boolean> {
  const temporary = temporaryBeside(folder);
  try {
    await mkdir(temporary);
    await writeDurably(join(temporary, layout.manifest), jsonText(manifest));
    await syncFolder(temporary);
    await rename(temporary, folder); // refused where a folder with anything in it is
    await syncFolder(resolve(folder, ".."));
    return true;
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    const code = errorCode(cause);
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw cause;
  }
}

async function folderNames(root: string): Promise<string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    if (errorCode(cause) === "ENOENT" || errorCode(cause) === "ENOTDIR") return [];
    throw cause;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
