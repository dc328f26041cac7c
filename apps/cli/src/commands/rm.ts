import type { Command } from "commander";
import type { Json } from "@quadrivium/core";
import { clear, clearableRun, findRun, formatBytes } from "@quadrivium/runs";
import type { Host } from "../host.js";
import { withRuns, type CommonOptions } from "../options.js";
import { Output } from "../output.js";

interface RmOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

/** `quadrivium rm <run…>`: takes whole runs away, unless one of them is running. */
export function addRm(program: Command, host: Host): void {
  const command = program
    .command("rm")
    .description("remove runs with everything in them")
    .argument("<run...>", "names, beginnings of names, or folders")
    .option("--dry-run", "say what would go, and remove nothing");
  withRuns(command)
    .addHelpText("after", "\nExample: quadrivium rm modular-addition-quick --dry-run")
    .action(async (wanted: readonly string[], options: RmOptions) => {
      const output = new Output(host, options.json === true);
      const isDry = options.dryRun === true;
      const found = await Promise.all(wanted.map((name) => findRun(options.runs, name)));
      const runs = [...new Map(found.map((run) => [run.folder, run])).values()];
      // all are looked at before the first goes: one that is running keeps the others too
      const pieces = await Promise.all(runs.map(clearableRun));
      if (!isDry) for (const [index, run] of runs.entries()) await clear(run, [pieces[index]!]);
      const removed = runs.map(({ manifest: { id } }, index) => ({ id, ...pieces[index]! }));
      const verb = isDry ? "would remove" : "removed";
      output.result(
        { dryRun: isDry, removed: removed as unknown as Json },
        removed.map(({ id, bytes }) => `${verb} ${id} (${formatBytes(bytes)})`).join("\n"),
      );
    });
}
