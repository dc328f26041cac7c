import { Command, Help, type Option } from "commander";
import type { Study } from "@quadrivium/config";
import { addCompare } from "./commands/compare.js";
import { addDoctor } from "./commands/doctor.js";
import { addExport } from "./commands/export.js";
import { addLs } from "./commands/ls.js";
import { addPrune } from "./commands/prune.js";
import { addReproduce } from "./commands/reproduce.js";
import { addResume } from "./commands/resume.js";
import { addRm } from "./commands/rm.js";
import { addRun } from "./commands/run.js";
import { addServe } from "./commands/serve.js";
import { addShow } from "./commands/show.js";
import { addStudyVerbs } from "./commands/study-verbs.js";
import { programVersion } from "./code.js";
import type { Host } from "./host.js";
import type { HelpDetail, HelpPage } from "./study-help.js";

/**
 * The whole command line. Only the study that the arguments name is loaded, so that everything
 * else starts at once.
 */
export async function buildProgram(
  host: Host,
  args: readonly string[],
  detail: HelpDetail = "screen",
): Promise<Command> {
  const page: HelpPage = { columns: host.helpColumns, detail };
  const program = new Command("quadrivium")
    .description("A laboratory for four results of deep learning.")
    .version(await programVersion())
    .configureOutput({
      writeOut: host.out,
      writeErr: () => {}, // every error is said once, at the end
      getOutHelpWidth: () => page.columns,
    })
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ subcommandTerm, visibleOptions })
    .showSuggestionAfterError()
    .addHelpText("after", "\nStart here: quadrivium reproduce --quick");
  program.commandsGroup("Commands:");
  addReproduce(program, host);
  addServe(program, host);
  addRun(program, host, { study: await studyForHelp(host, args), page });
  for (const add of [addResume, addLs, addShow, addCompare, addExport]) add(program, host);
  for (const add of [addRm, addPrune, addDoctor]) add(program, host);
  program.commandsGroup("Studies:");
  for (const [name, { title, load }] of Object.entries(host.studies)) {
    if (args[0] === name) addStudyVerbs(program, host, await load(), page);
    else program.command(name).description(title);
  }
  return program;
}

/** The study of `run <study> --help`, whose settings are then listed. */
async function studyForHelp(host: Host, args: readonly string[]): Promise<Study | undefined> {
  const isAsked = args[0] === "run" && args.some((word) => word === "--help" || word === "-h");
  return isAsked && Object.hasOwn(host.studies, args[1] ?? "")
    ? host.studies[args[1]!]!.load()
    : undefined;
}

/** The program's own two options go without saying. */
function visibleOptions(command: Command): Option[] {
  return command.parent === null ? [] : new Help().visibleOptions(command);
}

/** A command as lists name it, without the word "[options]" that every line would repeat. */
function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(" ");
}
