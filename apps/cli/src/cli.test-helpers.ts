import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import type { Json } from "@quadrivium/core";
import type { Host } from "./host.js";
import { main } from "./main.js";
import { toyStudies } from "./toy.test-helpers.js";

const folders: string[] = [];

/** A folder of its own for a test, removed after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "quadrivium-cli-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** What a command said and how it ended. */
export interface Said {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** The last line of standard output as JSON. */
  readonly json: { readonly [key: string]: Json };
}

/** Runs a command line in this process, with the toy study. */
export async function quadrivium(args: readonly string[], host: Partial<Host> = {}): Promise<Said> {
  let out = "";
  let err = "";
  const exitCode = await main(args, {
    studies: toyStudies,
    workerEntry: new URL("toy-worker.test-helpers.ts", import.meta.url),
    programEntry: new URL("toy-quadrivium.test-helpers.ts", import.meta.url),
    out: (text) => (out += text),
    helpColumns: 100,
    err: { write: (text) => (err += text), isLive: false, columns: 80 },
    env: {},
    ...host,
  });
  return said(exitCode, out, err);
}

/** Starts a command line in a process of its own, with the toy study. */
export function startQuadrivium(args: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Said>;
} {
  const program = fileURLToPath(new URL("toy-quadrivium.test-helpers.ts", import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@quadrivium/source", "--import=tsx", program, ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) =>
    said((code as number | null) ?? (signal === "SIGKILL" ? 137 : -1), out, err),
  );
  return { child, ended };
}

function said(exitCode: number, out: string, err: string): Said {
  const last = out.trimEnd().split("\n").at(-1) ?? "";
  const json = (last.startsWith("{") ? JSON.parse(last) : {}) as Said["json"];
  return { exitCode, out, err, json };
}
