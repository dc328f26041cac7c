/** Dispatches `npm run bench -- <name> [options]` to one of the benchmarks here. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const summaries = {
  engine: "ratios to PyTorch and to jax-js on WebAssembly",
  budgets: "absolute budgets",
};
const [first = "engine", ...others] = process.argv.slice(2);
const names = Object.keys(summaries);

if (first === "--help" || first === "-h") {
  const rows = names.map((name) => `  ${name.padEnd(9)} ${summaries[name]}`);
  console.log(
    `Usage: npm run bench -- [${names.join("|")}] [options]\n\n${rows.join("\n")}\n\n` +
      "Example: npm run bench -- engine --help",
  );
} else if (!first.startsWith("-") && !names.includes(first)) {
  console.error(`bench: the name must be ${names.join(" or ")}; got ${first}`);
  process.exitCode = 2;
} else {
  const [name, ...options] = first.startsWith("-")
    ? ["engine", first, ...others]
    : [first, ...others];
  const program = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  const child = spawn(process.execPath, [program, ...options], { stdio: "inherit" });
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}
