import type { Command as Program } from "commander";
import { invariant, type Json } from "@quadrivium/core";
import { flagsOf, parseFlags, type Command, type Flag, type Study } from "@quadrivium/config";
import { commandFiles } from "../command-files.js";
import { newDocument } from "../new-document.js";
import { resolveCompute } from "../compute.js";
import { dataFolder } from "../data-folder.js";
import { Interrupted } from "../exit.js";
import type { Host } from "../host.js";
import { interruptible } from "../interrupt.js";
import { withMap } from "../lend-map.js";
import { collect, withCompute, withJson, withRuns, type ComputeOptions } from "../options.js";
import { Output } from "../output.js";
import { abridgeCommands, abridgeOptions } from "../abridge-help.js";
import { describeFlag, describePresets, type HelpPage } from "../study-help.js";
import { storedRun } from "../stored-run.js";
import { formatRecord } from "../text/record.js";

type Values = { readonly [name: string]: string | boolean | readonly string[] | undefined };

/** `quadrivium <study> <verb>`: the study's own commands, derived from their descriptions. */
export function addStudyVerbs(program: Program, host: Host, study: Study, page: HelpPage): void {
  const group = program
    .command(study.name)
    .description(study.title)
    .helpCommand(false)
    .addHelpText("after", `\n${describePresets(study, page)}`);
  abridgeCommands(group, page);
  for (const verb of study.commands) abridgeOptions(addVerb(group, host, study, verb), page);
}

function addVerb(group: Program, host: Host, study: Study, verb: Command): Program {
  const command = group.command(verb.name).description(verb.summary);
  const flags = flagsOf(verb);
  const names = new Map<string, string>(); // field path → commander's name for its value
  for (const flag of flags) {
    if (flag.position !== undefined) addPosition(command, flag);
    else names.set(flag.path, addFlag(command, flag));
  }
  withCompute(command);
  if (verb.readsRuns === true) withRuns(command);
  else withJson(command);
  const taken = command.options.map((option) => option.attributeName());
  const repeated = taken.filter((name, index) => taken.indexOf(name) !== index);
  invariant(repeated.length === 0, `${verb.name}: --${repeated.join(", --")} is free for a verb`);
  const examples = verb.examples ?? [];
  if (examples.length > 0) {
    const lines = examples.map((example) => `Example: quadrivium ${study.name} ${example}`);
    command.addHelpText("after", `\n${lines.join("\n")}`);
  }
  command.action(async (...args: readonly unknown[]) => {
    const texts: Record<string, Values[string]> = {};
    for (const flag of flags) {
      const values = args.at(-2) as Values;
      texts[flag.path] =
        flag.position === undefined
          ? values[names.get(flag.path)!]
          : (args[flag.position] as Values[string]);
    }
    await runVerb(host, study, verb, {
      input: parseFlags(verb, texts),
      options: args.at(-2) as ComputeOptions,
    });
  });
  return command;
}

async function runVerb(
  host: Host,
  study: Study,
  verb: Command,
  { input, options }: { readonly input: unknown; readonly options: ComputeOptions },
): Promise<void> {
  const output = new Output(host, options.json === true);
  const compute = await resolveCompute(options);
  const folder = dataFolder(host, options.data);
  const onNotice = (text: string): void => output.note(text);
  const value = await interruptible(
    () => output.note("stopping; once more to stop at once"),
    async (signal) => {
      try {
        return await withMap(
          host,
          { study, compute, jobs: options.jobs, signal, onNotice },
          (map) =>
            verb.run(input, {
              signal,
              map,
              compute,
              progress: (text) => output.live.show(text),
              ...commandFiles,
              newDocument,
              ...(verb.readsRuns === true
                ? { openRun: (run: string) => storedRun(options.runs, run) }
                : {}),
              ...(folder === undefined ? {} : { dataFolder: folder }),
            }),
        );
      } catch (cause) {
        if (signal.aborted) throw new Interrupted(`${study.name} ${verb.name} was interrupted`);
        throw cause;
      }
    },
  );
  const fields = fieldsOfOutput(value as Json);
  output.result(fields, verb.render?.(value) ?? formatRecord(fields));
}

function fieldsOfOutput(value: Json): { readonly [key: string]: Json } {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as { readonly [key: string]: Json }) : { result: value };
}

function addPosition(command: Program, flag: Flag): void {
  const dots = flag.isList ? "..." : "";
  const name = flag.required ? `<${flag.flag}${dots}>` : `[${flag.flag}${dots}]`;
  command.argument(name, describeFlag(flag));
}

/** Adds a flag and returns the name under which commander keeps its value. */
function addFlag(command: Program, flag: Flag): string {
  const text = describeFlag(flag);
  if (flag.isSwitch) {
    const isOn = flag.default === true;
    command.option(isOn ? flag.flag.replace("--", "--no-") : flag.flag, text);
  } else if (flag.isList) {
    command.option(`${flag.flag} <list>`, text, collect);
  } else {
    command.option(`${flag.flag} <value>`, text);
  }
  return command.options.at(-1)!.attributeName();
}
