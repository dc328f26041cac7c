import { parseArgs } from "node:util";
import { prepare } from "../../tools/prepare.mjs";

/** What a benchmark was asked wrongly; its message is one sentence. */
export class UsageError extends Error {}

/**
 * A benchmark as a command: reads its options, prepares the clone as `npx quadrivium` does, then
 * runs and prints what it found. Exit codes: 0 done, 1 failed, 2 usage.
 *
 * @param {object} command
 * @param {string} command.usage what `--help` prints
 * @param {object} command.options as `parseArgs` takes them; `--json` and `--help` come by themselves
 * @param {(values: object, say: (text: string) => void) => Promise<object>} command.run loads what it
 *   needs only now, when it is built
 */
export async function runBenchmark({ usage, options, run }) {
  try {
    const values = parse(options);
    if (values.help) {
      process.stdout.write(usage);
      return;
    }
    const say = (text) => (values.json ? process.stderr : process.stdout).write(`${text}\n`);
    await prepare({ isQuiet: true });
    const found = await run(values, say);
    if (values.json) console.log(JSON.stringify({ ok: true, ...found }));
  } catch (error) {
    process.stderr.write(`bench: ${error.message}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

function parse(options) {
  const common = {
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  };
  try {
    return parseArgs({ options: { ...options, ...common } }).values;
  } catch (cause) {
    // the sentences after the first are about positional arguments, which there are none of
    throw new UsageError(`${cause.message.split(". ")[0]}; --help lists the options`);
  }
}
