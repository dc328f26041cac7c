import { rm } from "node:fs/promises";
import type { Command } from "commander";
import type { Json } from "@quadrivium/core";
import {
  clear,
  formatBytes,
  listRuns,
  needlessBeside,
  needlessIn,
  type Clearance,
} from "@quadrivium/runs";
import type { Host } from "../host.js";
import { withRuns, type CommonOptions } from "../options.js";
import { Output } from "../output.js";

interface PruneOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

/** `quadrivium prune`: frees what no result and no resume needs. */
export function addPrune(program: Command, host: Host): void {
  const command = program
    .command("prune")
    .description("free what no result and no resume needs")
    .option("--dry-run", "say what would go, and remove nothing");
  withRuns(command)
    .addHelpText(
      "after",
      "\nKeeps every run, its metrics and result, and the checkpoints that are read again." +
        "\n\nExample: quadrivium prune --dry-run",
    )
    .action(async (options: PruneOptions) => {
      const output = new Output(host, options.json === true);
      const isDry = options.dryRun === true;
      const { runs } = await listRuns(options.runs);
      const removed: Clearance[] = [];
      for (const run of runs) {
        const pieces = await needlessIn(run);
        if (!isDry) await clear(run, pieces);
        removed.push(...pieces);
      }
      for (const piece of await needlessBeside(options.runs)) {
        if (!isDry) await rm(piece.path, { recursive: true, force: true });
        removed.push(piece);
      }
      const bytes = removed.reduce((total, piece) => total + piece.bytes, 0);
      const lines = removed.map(
        (piece) => `${piece.path}  ${formatBytes(piece.bytes)}  ${piece.reason}`,
      );
      const verb = isDry ? "would free" : "freed";
      output.result(
        { dryRun: isDry, bytes, removed: removed as unknown as Json },
        [...lines, `${verb} ${formatBytes(bytes)}`].join("\n"),
      );
    });
}
