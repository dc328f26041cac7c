import { CommanderError } from "commander";
import { exitCodes, failureOf } from "./exit.js";
import type { Host } from "./host.js";
import { buildProgram } from "./program.js";

/** Helps and versions are answers, not errors, though commander throws them. */
const answers = new Set(["commander.helpDisplayed", "commander.version", "commander.help"]);

/**
 * Runs the command line.
 *
 * `--help-all` is `--help` with nothing left out.
 *
 * @param words the words after the program's name
 * @returns the exit status
 */
export async function main(words: readonly string[], host: Host): Promise<number> {
  process.exitCode = undefined;
  const detail = words.includes("--help-all") ? "all" : "screen";
  const args = words.map((word) => (word === "--help-all" ? "--help" : word));
  try {
    const program = await buildProgram(host, args, detail);
    if (args.length === 0) {
      host.out(program.helpInformation());
      return exitCodes.usage;
    }
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (cause) {
    if (cause instanceof CommanderError && answers.has(cause.code)) return cause.exitCode;
    return fail(cause, args, host);
  }
}

function fail(cause: unknown, args: readonly string[], host: Host): number {
  const { exitCode, code, message, details } = failureOf(cause);
  if (args.includes("--json")) {
    host.out(`${JSON.stringify({ ok: false, error: { code, message, details } })}\n`);
  }
  const trace = code === "E_INTERNAL" && cause instanceof Error ? `\n${cause.stack ?? ""}` : "";
  host.err.write(`quadrivium: ${message}${trace}\n`);
  return exitCode;
}
