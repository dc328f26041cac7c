import { argv, stdout } from "node:process";
import type { Event } from "@quadrivium/core";
import { driveRun } from "./drive.js";
import { openRun } from "./run-store.js";
import { toyStudy } from "./toy-study.test-helpers.js";

// A process that drives the run it is given, to be killed while it does: `folder last`. It says each
// step that it comes to, and stays in the middle of writing its checkpoint at step `last`, however
// long that takes: so a kill always finds it at work.
const [folder, last] = [argv[2]!, Number(argv[3])];
const run = await openRun(folder);
const { signal } = new AbortController();
await driveRun({
  study: { ...toyStudy, train },
  run,
  signal,
  compute: { executor: "auto", threads: 1 },
  code: { version: "0.0.0" },
});

async function* train(...args: Parameters<typeof toyStudy.train>): AsyncGenerator<Event> {
  for await (const event of toyStudy.train(...args)) {
    if (event.kind === "step") stdout.write(`${event.n}\n`);
    const isLast = event.kind === "checkpoint" && event.n === last;
    yield isLast ? { ...event, segments: { names: ["endless"], read: never } } : event;
  }
}

function never(): Promise<never> {
  stdout.write("within\n");
  return new Promise(() => setInterval(() => {}, 60_000));
}
