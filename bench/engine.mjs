/** Ratios of the engine's speed to its peers', side by side in one run. */
import { runBenchmark, UsageError } from "./lib/command.mjs";

await runBenchmark({
  usage: `Usage: node bench/engine.mjs [options]

Ratios of the engine's speed to PyTorch's and to jax-js's on WebAssembly, in one run.

  --only <names>   some of matmul, mlp, modular, dqn, impala10, impala84, seeds (default: all)
  --rounds <n>     turns of each contestant; the median counts (default: 7)
  --no-wasm        leave jax-js on WebAssembly out, which is slow
  --no-seeds       leave out the training of many seeds
  --json           end standard output with one line of JSON
  --help           this page

Example: node bench/engine.mjs --only dqn,mlp --no-wasm
`,
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "7" },
    "no-wasm": { type: "boolean", default: false },
    "no-seeds": { type: "boolean", default: false },
  },
  async run(values, say) {
    const rounds = Number(values.rounds);
    if (!(Number.isInteger(rounds) && rounds >= 1)) {
      throw new UsageError(`--rounds must be a whole number of at least 1; got ${values.rounds}`);
    }
    const { raceEngine, raceNames } = await import("./lib/engine-race.mjs");
    const chosen = values.only?.split(",") ?? raceNames;
    const unknown = chosen.filter((name) => !raceNames.includes(name));
    if (unknown.length > 0) {
      const known = raceNames.join(", ");
      throw new UsageError(`--only must name some of ${known}; got ${unknown.join(", ")}`);
    }
    const only = chosen.filter((name) => !(name === "seeds" && values["no-seeds"]));
    return raceEngine({ only, rounds, withWasm: !values["no-wasm"], say });
  },
});
