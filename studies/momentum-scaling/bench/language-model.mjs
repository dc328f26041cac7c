/**
 * A training step of the language model against PyTorch's nn.LSTM: one layer, 64 symbols, 16 lanes
 * of 32 symbols, SGD behind clipping, one thread; processor time, the two in turns.
 *
 * Run from the repository root: `npm run build && node studies/momentum-scaling/bench/language-model.mjs [widths]`.
 * PyTorch is found as `python3`, or as QUADRIVIUM_PYTHON.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hostArray, key } from "@quadrivium/core";
import { textConfig } from "../dist/text/config.js";
import { initialParams } from "../dist/text/model.js";
import { openSession, startState } from "../dist/text/train/session.js";

const widths = process.argv.slice(2).map(Number);
const [numSymbols, sequenceLength, batchSize, rounds] = [64, 32, 16, 5];
const peer = fileURLToPath(new URL("language_model.py", import.meta.url));
const python = process.env.QUADRIVIUM_PYTHON ?? "python3";
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function ours(session, batch) {
  const times = [];
  for (let n = 0; n < 50; n++) {
    const before = process.cpuUsage();
    await session.step(batch);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return median(times.slice(10));
}

const theirs = (width) => {
  const sizes = [width, numSymbols, sequenceLength, batchSize].map(String);
  return Number(execFileSync(python, [peer, ...sizes], { encoding: "utf8" }));
};

// the rows of docs/performance.md
console.log(
  "| one step, 1 thread, CPU time | native, ms | PyTorch, ms | native / PyTorch | target |",
);
console.log("| --- | --- | --- | --- | --- |");
for (const width of widths.length > 0 ? widths : [64, 256]) {
  const config = textConfig.parse({
    experiment: "text",
    optimizer: "sgd",
    width,
    batchSize,
    sequenceLength,
    learningRate: 0.1,
  });
  const shape = { numSymbols, width, layers: 1 };
  const corpus = { validation: new Int32Array(batchSize * (sequenceLength + 1)) };
  const compute = { executor: "native", threads: 1 };
  const state = startState(config, initialParams(shape, key(0)), shape);
  const session = await openSession(config, state, { corpus, shape, compute });
  const tokens = Int32Array.from(
    { length: batchSize * sequenceLength },
    (_, i) => (i * 7) % numSymbols,
  );
  const array = hostArray(tokens, [batchSize, sequenceLength]);
  const batch = { inputs: array, labels: array };
  const [own, peers] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await ours(session, batch));
    peers.push(theirs(width));
  }
  await session.dispose();
  const [a, b] = [median(own), median(peers)];
  const target = width >= 256 ? 1 : 2;
  const ratio = `${(a / b).toFixed(2)}${a > target * b ? ": **miss**" : ""}`;
  console.log(
    `| LSTM language model, width ${width}, ${batchSize} × ${sequenceLength} symbols, SGD ` +
      `| ${a.toFixed(2)} | ${b.toFixed(2)} | ${ratio} | ≤ ${target} |`,
  );
}
