/**
 * Absolute budgets, measured and never asserted: the engine's own and those of every study that has
 * a `bench/budgets.mjs`, which exports `budgets`, a list of `{ name, budgetMs, measure }`;
 * `measure()` performs the work once and may give the milliseconds that count.
 */
import { runBenchmark, UsageError } from "./lib/command.mjs";

await runBenchmark({
  usage: `Usage: node bench/budgets.mjs [options]

Absolute budgets of the engine and the studies, in milliseconds: measured, never asserted.

  --only <part>   those whose study or name contains this (default: all)
  --json          end standard output with one line of JSON
  --help          this page

Example: node bench/budgets.mjs --only modular-addition
`,
  options: { only: { type: "string", default: "" } },
  async run({ only }, say) {
    const { runBudgets } = await import("./lib/run-budgets.mjs");
    const found = await runBudgets({ only, say });
    if (found.budgets.length === 0) throw new UsageError(`--only names no budget; got ${only}`);
    return found;
  },
});
