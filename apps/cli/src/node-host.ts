import type { Host, StudyRegistry } from "./host.js";

/** Longer lines are hard to read, however wide the terminal is. */
const mostHelpColumns = 100;

/** The host of a program started from a shell. */
export function nodeHost(
  studies: StudyRegistry,
  entries: Pick<Host, "workerEntry" | "programEntry">,
): Host {
  const { stdout, stderr, env } = process;
  return {
    studies,
    ...entries,
    out: (text) => void stdout.write(text),
    helpColumns: Math.min(stdout.columns ?? mostHelpColumns, mostHelpColumns),
    err: {
      write: (text) => void stderr.write(text),
      isLive: stderr.isTTY && env["TERM"] !== "dumb",
      columns: stderr.columns ?? 80,
    },
    env,
    ...(process.send === undefined ? {} : { tell: (event) => void process.send?.(event) }),
  };
}
