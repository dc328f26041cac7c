import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "@quadrivium/core";
import { writeSafetensors } from "@quadrivium/io";
import { findRun, flattenCheckpoint, lastCheckpoint, writeFileAtomic } from "@quadrivium/runs";
import { eventsFile, metricsCsv, metricsEvents, metricsParquet } from "../export-metrics.js";
import type { Host } from "../host.js";
import { withRuns, type CommonOptions } from "../options.js";
import { Output } from "../output.js";

interface ExportOptions extends CommonOptions {
  readonly csv?: string | true;
  readonly parquet?: string | true;
  readonly tensorboard?: string | true;
  readonly safetensors?: string | true;
}

/** `quadrivium export <run>`: metrics and arrays for other programs. */
export function addExport(program: Command, host: Host): void {
  const command = program
    .command("export")
    .description("write a run's metrics or arrays for other programs")
    .argument("<run>", "its name, the beginning of its name, or its folder")
    .option("--csv [file]", "metrics, one logged value a row (default: <run>.csv)")
    .option("--parquet [file]", "the same as a Parquet file (default: <run>.parquet)")
    .option("--tensorboard [folder]", "curves in <folder>/<run> (default: tensorboard)")
    .option("--safetensors [file]", "arrays of the last checkpoint (default: <run>.safetensors)");
  withRuns(command)
    .addHelpText("after", "\nExample: quadrivium export modular-addition-quick --csv curves.csv")
    .action(async (wanted: string, options: ExportOptions) => {
      const output = new Output(host, options.json === true);
      const run = await findRun(options.runs, wanted);
      const { csv, parquet, tensorboard, safetensors } = options;
      const named = (option: string | true, extension: string): string =>
        option === true ? `${run.manifest.id}.${extension}` : option;
      const files: string[] = [];
      const write = async (file: string, content: Uint8Array | string): Promise<void> => {
        await writeFileAtomic(file, content);
        files.push(file);
      };
      if (csv !== undefined) await write(named(csv, "csv"), await metricsCsv(run));
      if (parquet !== undefined) await write(named(parquet, "parquet"), await metricsParquet(run));
      if (tensorboard !== undefined) {
        const folder = tensorboard === true ? "tensorboard" : tensorboard;
        await write(join(folder, eventsFile(run)), await metricsEvents(run));
      }
      if (safetensors !== undefined) {
        const { tensors } = flattenCheckpoint((await lastCheckpoint(run)).tree);
        await write(named(safetensors, "safetensors"), writeSafetensors(tensors));
      }
      if (files.length === 0) {
        throw new InputError(
          "E_EXPORT",
          "export: needs --csv, --parquet, --tensorboard or --safetensors; got none of them",
        );
      }
      output.result({ files }, files.map((file) => `wrote ${file}`).join("\n"));
    });
}
