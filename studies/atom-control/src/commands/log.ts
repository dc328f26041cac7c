import type { Command, CommandContext } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { writeTransitions } from "../data/read-transitions.js";
import { verifyLog } from "../loop/chain-log.js";
import { replayLog, type SessionFiles } from "../loop/replay-log.js";
import { sessionTransitions } from "../loop/session-transitions.js";

const input = z.object({
  action: z
    .enum(["verify", "replay", "export"])
    .describe("verify the chain; or also decide everything again, or write transitions for learn"),
  file: z.string().describe("a session's log.jsonl"),
  out: z.string().default("data.jsonl").describe("export: file of the transitions, one a line"),
  stays: z
    .enum(["timed", "watched"])
    .default("timed")
    .describe(
      "export: stays of a set time, or those that the detector's step could end, which are samples " +
        "for learn --likelihood first-hop",
    ),
});

const output = z.object({
  lines: z.int(),
  /** Hash of the last line: note it elsewhere, and nobody can rewrite the log unseen. */
  head: z.string(),
  decisions: z.int().nullable(),
  differences: z.array(z.object({ line: z.int(), logged: z.unknown(), replayed: z.unknown() })),
  exported: z
    .object({
      out: z.string(),
      samples: z.int(),
      otherKind: z.int().describe("stays of the other kind, left out"),
      lost: z.int().describe("stays of which the frames do not tell the outcome"),
    })
    .nullable(),
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

/** `log verify`, `log replay`, `log export`: whether a session's log is whole, and what it holds. */
export const logCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "log",
  summary: "Verify a session's log, replay its decisions bit for bit, or export its transitions",
  positional: ["action", "file"],
  input,
  output,
  examples: [
    "log verify walk/log.jsonl",
    "log replay walk/log.jsonl",
    "log export walk/log.jsonl --stays watched --out data.jsonl",
  ],
  run: async ({ action, file, out, stays }, context) => {
    const verdict = verifyLog(await context.readFile(file));
    if (!verdict.ok) {
      const { line, reason } = verdict;
      const message = `log ${action}: line ${line} of ${file} does not hold: ${reason}`;
      throw new InputError("E_LOG", message, { details: { line } });
    }
    const { lines, head } = verdict;
    const whole = { lines: lines.length, head, decisions: null, differences: [], exported: null };
    if (action === "verify") return whole;
    const files = sessionFiles(file.replace(/[^/\\]*$/, ""), context);
    if (action === "replay") {
      const { decisions, differences } = await replayLog(lines, files);
      return { ...whole, decisions, differences: [...differences] };
    }
    const { transitions, ...leftOut } = await sessionTransitions(lines, files, stays);
    if (transitions.length === 0) {
      throw new InputError(
        "E_LOG",
        `log export: ${file} must have ${stays} stays between two frames that tell their outcome; ` +
          `got none, ${leftOut.otherKind} of the other kind and ${leftOut.lost} lost`,
      );
    }
    await context.writeFile(out, writeTransitions(transitions));
    return { ...whole, exported: { out, samples: transitions.length, ...leftOut } };
  },
  render: ({ lines, head, decisions, differences, exported }) => {
    const chain = `${lines} lines hold; the last has hash ${head}`;
    if (exported !== null) {
      const { out, samples, otherKind, lost } = exported;
      return `${chain}\n${samples} transitions in ${out}; ${otherKind} stays of the other kind, ${lost} lost`;
    }
    if (decisions === null) return chain;
    return differences.length === 0
      ? `${chain}\n${decisions} decisions came out again bit for bit`
      : `${chain}\n${differences.length} of ${decisions} decisions came out otherwise: lines ${differences.map(({ line }) => line).join(", ")}`;
  },
};
