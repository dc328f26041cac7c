import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { CommandContext } from "@quadrivium/config";
import type { LogLine } from "../loop/chain-log.js";

/** A folder of its own on the disk, and a host of commands that reads and writes there. */
export interface DiskContext {
  readonly folder: string;
  readonly context: CommandContext;
  /** What the command said on its way. */
  readonly said: readonly string[];
  /** Interrupts the command, as Ctrl-C does. */
  readonly interrupt: () => void;
  readonly remove: () => void;
}

/** Makes a {@link DiskContext}. */
export function diskContext(): DiskContext {
  const folder = mkdtempSync(join(tmpdir(), "quadrivium-atoms-"));
  const at = (path: string): string => (isAbsolute(path) ? path : join(folder, path));
  const said: string[] = [];
  const controller = new AbortController();
  return {
    folder,
    said,
    interrupt: () => controller.abort(),
    remove: () => rmSync(folder, { recursive: true }),
    context: {
      signal: controller.signal,
      compute: { executor: "auto", threads: 1 },
      progress: (text) => {
        said.push(text);
      },
      readFile: async (path) => new Uint8Array(readFileSync(at(path))),
      writeFile: async (path, bytes) => writeFileSync(at(path), bytes),
      async *map() {},
    },
  };
}

/** The entries of a log file, unchecked. */
export function logEntries(file: string): LogLine[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as LogLine);
}
