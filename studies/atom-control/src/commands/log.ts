import type { Command, CommandContext } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { verifyLog } from "../loop/chain-log.js";
import { replayLog, type SessionFiles } from "../loop/replay-log.js";

const input = z.object({
  action: z
    .enum(["verify", "replay"])
    .describe("verify the chain, or also decide everything again"),
  file: z.string().describe("a session's log.jsonl"),
});

const output = z.object({
  lines: z.int(),
  /** Hash of the last line: note it elsewhere, and nobody can rewrite the log unseen. */
  head: z.string(),
  decisions: z.int().nullable(),
  differences: z.array(z.object({ line: z.int(), logged: z.unknown(), replayed: z.unknown() })),
});

/** The files beside a log. */
export function sessionFiles(
  folder: string,
  { readFile }: Pick<CommandContext, "readFile">,
): SessionFiles {
  return {
    frame: (hash) => readFile(`${folder}frames/${hash}.f32`),
    model: (hash) => readFile(`${folder}models/${hash}.safetensors`),
  };
}

/** `log verify` and `log replay`: whether a session's log is whole, and whether it can be repeated. */
export const logCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "log",
  summary: "Verify the hash chain of a session's log, or replay its decisions bit for bit",
  positional: ["action", "file"],
  input,
  output,
  examples: ["log verify walk/log.jsonl", "log replay walk/log.jsonl"],
  run: async ({ action, file }, context) => {
    const verdict = verifyLog(await context.readFile(file));
    if (!verdict.ok) {
      const { line, reason } = verdict;
      throw new InputError(
        "E_LOG",
        `log ${action}: line ${line} of ${file} does not hold: ${reason}`,
        {
          details: { line },
        },
      );
    }
    const { lines, head } = verdict;
    if (action === "verify") return { lines: lines.length, head, decisions: null, differences: [] };
    const folder = file.replace(/[^/\\]*$/, "");
    const { decisions, differences } = await replayLog(lines, sessionFiles(folder, context));
    return { lines: lines.length, head, decisions, differences: [...differences] };
  },
  render: ({ lines, head, decisions, differences }) => {
    const chain = `${lines} lines hold; the last has hash ${head}`;
    if (decisions === null) return chain;
    return differences.length === 0
      ? `${chain}\n${decisions} decisions came out again bit for bit`
      : `${chain}\n${differences.length} of ${decisions} decisions came out otherwise: lines ${differences.map(({ line }) => line).join(", ")}`;
  },
};
