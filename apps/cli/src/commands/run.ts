import type { Command } from "commander";
import { key, type Json } from "@quadrivium/core";
import { completeConfig, parseSettings, type Study } from "@quadrivium/config";
import { createRun, thisMachine } from "@quadrivium/runs";
import { programCode } from "../code.js";
import { resolveCompute } from "../compute.js";
import { driveCommand } from "../drive-command.js";
import { findStudy } from "../find-study.js";
import type { Host } from "../host.js";
import { collect, wholeNumber, withCompute, withRuns, type ComputeOptions } from "../options.js";
import { Output } from "../output.js";
import { abridgeOptions } from "../abridge-help.js";
import { describeSettings, type HelpPage } from "../study-help.js";

interface RunOptions extends ComputeOptions {
  readonly set?: readonly string[];
  readonly seed: number;
}

/**
 * `quadrivium run <study> <preset>`: one training run in a folder of its own.
 *
 * @param options.study the study whose settings its help is to list
 */
export function addRun(
  program: Command,
  host: Host,
  { study, page }: { readonly study?: Study | undefined; readonly page: HelpPage },
): void {
  const command = program
    .command("run")
    .description("train once, in a run folder of its own")
    .argument("<study>", "what to train; with --help after it, its settings")
    .argument("<preset>", "which configuration; quadrivium <study> --help lists them")
    .option("--set <key=value>", "change a setting; may be repeated", collect)
    .option("--seed <n>", "decides everything random", wholeNumber(0), 0);
  withRuns(withCompute(command));
  if (study !== undefined) {
    abridgeOptions(command, page);
    command.addHelpText("after", `\n${describeSettings(study, page)}`);
  }
  command
    .addHelpText(
      "after",
      "\nExample: quadrivium run modular-addition quick --set modulus=61 --seed 3",
    )
    .action(async (studyName: string, preset: string, options: RunOptions) => {
      const output = new Output(host, options.json === true);
      const study = await findStudy(host.studies, studyName);
      const set = parseSettings(study, options.set ?? []);
      const config = completeConfig(study, { preset, set }) as Json;
      key(options.seed); // refuses a seed that is out of range before anything is written
      const compute = await resolveCompute(options);
      const run = await createRun(options.runs, {
        study,
        preset,
        set,
        config,
        seed: options.seed,
        compute,
        code: await programCode(),
        machine: thisMachine(),
      });
      await driveCommand(host, output, { study, run, compute, jobs: options.jobs });
    });
}
