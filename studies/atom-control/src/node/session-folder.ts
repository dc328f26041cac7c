import { fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@quadrivium/core";
import { countsBytes } from "../loop/frame-codec.js";

/** Where a session is kept: `log.jsonl`, and `frames/` and `models/` by the hash of their content. */
export interface SessionFolder {
  readonly logFile: string;
  /** Where a frame's file is. */
  readonly frameFile: (hash: string) => string;
  readonly keepModel: (hash: string, bytes: Uint8Array) => void;
  readonly appendLine: (line: string) => void;
  readonly keepFrame: (hash: string, counts: Float32Array) => Promise<void>;
}

/**
 * Makes a session's folder. A log is never appended to by another session.
 *
 * @throws E_LOG if the folder already holds a log
 */
export function sessionFolder(folder: string): SessionFolder {
  mkdirSync(join(folder, "frames"), { recursive: true });
  const logFile = join(folder, "log.jsonl");
  const file = openNew(logFile);
  return {
    logFile,
    frameFile: (hash) => join(folder, "frames", `${hash}.f32`),
    keepModel: (hash, bytes) => {
      mkdirSync(join(folder, "models"), { recursive: true });
      writeFileSync(join(folder, "models", `${hash}.safetensors`), bytes);
    },
    appendLine: (line) => {
      writeSync(file, `${line}\n`);
      fsyncSync(file);
    },
    // Written at once: simulated time must not run on while the disk works.
    keepFrame: async (hash, counts) => {
      writeFileSync(join(folder, "frames", `${hash}.f32`), countsBytes(counts));
    },
  };
}

function openNew(path: string): number {
  try {
    return openSync(path, "ax");
  } catch (cause) {
    throw new InputError("E_LOG", `serve: ${path} must not exist yet; choose another --out`, {
      cause,
    });
  }
}
