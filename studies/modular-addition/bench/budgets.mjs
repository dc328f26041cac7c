/**
 * Absolute budgets of the study: `npm run build && node bench/budgets.mjs --only modular-addition`
 * from the repository root.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { key, streamOf } from "@quadrivium/core";
import { dissect, mlpNet } from "@quadrivium/modular-addition";

const program = fileURLToPath(new URL("../../../apps/cli/bin/quadrivium.mjs", import.meta.url));

/**
 * A network of normal weights, on which dissection takes longest: its neurons spread over all 29
 * frequencies, and each of them is ablated.
 */
function widespreadNet(modulus, width) {
  const stream = streamOf(key(3));
  const dense = (inputs, outputs) => ({
    inputs,
    outputs,
    weight: Float64Array.from({ length: inputs * outputs }, () => stream.normal()),
    bias: new Float64Array(outputs),
  });
  return mlpNet({
    modulus,
    activation: "relu",
    combine: "concat",
    embeddings: [],
    first: dense(2 * modulus, width),
    hiddenLayers: [],
    readout: dense(width, modulus),
  });
}

/** The quick recipe as typed: start of the program, training, dissection, files. */
async function runQuick() {
  const runs = await mkdtemp(join(tmpdir(), "quadrivium-budget-"));
  try {
    const args = [program, "run", "modular-addition", "quick", "--runs", runs, "--json"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk) => (out += chunk));
    const [code] = await once(child, "close");
    const { testAccuracy } = code === 0 ? JSON.parse(out.trimEnd().split("\n").at(-1)) : {};
    if (testAccuracy !== 1) throw new Error(`quick: exit code ${code}, accuracy ${testAccuracy}`);
  } finally {
    await rm(runs, { recursive: true, force: true });
  }
}

/** Milliseconds of processor time: one thread's work, which other programs hardly change. */
function processorMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const net = widespreadNet(59, 1024);

export const budgets = [
  {
    name: "dissect 1,024 neurons at n = 59, processor time",
    budgetMs: 2000,
    measure: () => processorMs(() => dissect(net)),
  },
  {
    name: "quick recipe from the command line to 100 % and a verdict",
    budgetMs: 15_000,
    measure: runQuick,
  },
];
