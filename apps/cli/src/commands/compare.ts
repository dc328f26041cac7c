import type { Command } from "commander";
import { InputError, type Json } from "@quadrivium/core";
import { findRun, readMetrics, readResult, type Run } from "@quadrivium/runs";
import { compareRuns, type ComparedRun, type Comparison } from "../compare-runs.js";
import { describeRun } from "../describe-run.js";
import type { Host } from "../host.js";
import { withRuns, type CommonOptions } from "../options.js";
import { Output } from "../output.js";
import { formatValue } from "../text/record.js";
import { formatTable } from "../text/table.js";

/** `quadrivium compare <run> <run…>`: what differs between runs, and what came of it. */
export function addCompare(program: Command, host: Host): void {
  const command = program
    .command("compare")
    .description("lay runs side by side: settings that differ, and results")
    .argument("<run...>", "two or more: names, beginnings of names, or folders");
  withRuns(command)
    .addHelpText(
      "after",
      "\nExample: quadrivium compare modular-addition-quick modular-addition-tiny",
    )
    .action(async (wanted: readonly string[], options: CommonOptions) => {
      const output = new Output(host, options.json === true);
      if (wanted.length < 2) {
        throw new InputError("E_COMPARE", `compare: needs two runs or more; got ${wanted.length}`);
      }
      const runs = await Promise.all(wanted.map((name) => findRun(options.runs, name)));
      const studies = [...new Set(runs.map(({ manifest }) => manifest.study))];
      if (studies.length > 1) {
        throw new InputError(
          "E_COMPARE",
          `compare: the runs must be of one study; got ${studies.join(" and ")}`,
          { details: { studies } },
        );
      }
      const summaries = await Promise.all(runs.map(describeRun));
      const comparison = compareRuns(await Promise.all(runs.map(readCompared)));
      output.result(
        { runs: summaries as unknown as Json, ...comparison },
        render(
          summaries.map(({ id, status }) => `${id} (${status})`),
          comparison,
        ),
      );
    });
}

async function readCompared({ folder, manifest }: Run): Promise<ComparedRun> {
  const metrics: { [name: string]: number } = {};
  for await (const { name, value } of readMetrics(folder)) metrics[name] = value;
  const result = (await readResult(folder))?.result ?? null;
  const { config, seed, compute } = manifest;
  return {
    settings: { config, seed, executor: compute.executor, threads: compute.threads },
    metrics,
    result,
  };
}

/** A table with a column a run under the letters a, b, …: names are too long to head it. */
function render(names: readonly string[], { settings, results, metrics }: Comparison): string {
  const letters = names.map((_, index) => String.fromCharCode("a".charCodeAt(0) + index));
  const section = (title: string, rows: { readonly [name: string]: readonly Json[] }): string[] => {
    const lines = Object.entries(rows).map(([name, values]) => [name, ...values.map(formatValue)]);
    return lines.length === 0 ? [] : ["", formatTable([title, ...letters], lines)];
  };
  return [
    ...names.map((name, index) => `${letters[index]!}  ${name}`),
    ...section("settings that differ", settings),
    ...section("result", results),
    ...section("last metrics", metrics),
  ].join("\n");
}
