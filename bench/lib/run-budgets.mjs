import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { budgets as engineBudgets } from "./engine-budgets.mjs";
import { describeMachine, machineInfo } from "./machine.mjs";
import { median } from "./race.mjs";

const repetitions = 5;

/**
 * Performs every budget whose study and name contain `only`, telling the results as they come.
 *
 * @param {{ only: string, say: (text: string) => void }} options
 */
export async function runBudgets({ only, say }) {
  const machine = machineInfo();
  say(describeMachine(machine));
  const rows = [];
  for (const { of, name, budgetMs, measure } of await allBudgets()) {
    if (!`${of} ${name}`.includes(only)) continue;
    await measure();
    const times = [];
    for (let at = 0; at < repetitions; at++) {
      const start = performance.now();
      times.push((await measure()) ?? performance.now() - start);
    }
    const ms = median(times);
    rows.push({ of, name, ms, budgetMs, met: ms <= budgetMs });
    say(
      `${of.padEnd(16)} ${name.padEnd(58)} ${ms.toFixed(2).padStart(9)} ms  ` +
        `budget ${budgetMs} ms: ${ms <= budgetMs ? "pass" : "miss"}`,
    );
  }
  return { machine, budgets: rows };
}

async function allBudgets() {
  const studies = fileURLToPath(new URL("../../studies", import.meta.url));
  const own = engineBudgets.map((budget) => ({ ...budget, of: "engine" }));
  for (const study of readdirSync(studies).sort()) {
    const file = `${studies}/${study}/bench/budgets.mjs`;
    if (!existsSync(file)) continue;
    const { budgets } = await import(pathToFileURL(file).href);
    own.push(...budgets.map((budget) => ({ ...budget, of: study })));
  }
  return own;
}
