import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import {
  foldIn,
  hostArray,
  InputError,
  streamOf,
  type Checkpoint,
  type Event,
  type HostArray,
  type Json,
} from "@quadrivium/core";
import type { Study } from "@quadrivium/config";

const config = z.object({
  steps: z.int().min(1).max(100_000).default(40).describe("gradient steps"),
  width: z.int().min(1).max(4_000_000).default(16).describe("number of parameters"),
  checkpointEvery: z.int().min(1).default(10),
  stepMs: z.number().min(0).default(0).describe("idle time in each step"),
  keeps: z.boolean().default(false).describe("keep all weights, in segments of four steps"),
  holdFile: z.string().nullable().default(null).describe("its presence holds the run at step 3"),
  failAt: z.int().nullable().default(null).describe("step that raises an error"),
});

type Config = z.infer<typeof config>;

/** Momentum on a noisy quadratic: small, deterministic, and sensitive to every bit of its state. */
async function* train(
  { steps, width, checkpointEvery, stepMs, holdFile, failAt, keeps }: Config,
  { key, checkpoint, signal }: Parameters<Study["train"]>[1],
): AsyncGenerator<Event, void, void> {
  const saved = checkpoint?.tree["state"] as { weights: never; moments: [never] } | undefined;
  const restored = (array: { data: Float32Array } | undefined): Float32Array =>
    array === undefined ? new Float32Array(width).fill(1) : array.data.slice();
  const weights = restored(saved?.weights);
  const moment = restored(saved?.moments[0]);
  const counters = (checkpoint?.json ?? { n: 0, best: Infinity }) as { n: number; best: number };
  let best = counters.best;
  const kept = await keptFrom(checkpoint, counters.n);
  for (let n = counters.n + 1; n <= steps; n++) {
    const noise = streamOf(foldIn(key, n));
    let loss = 0;
    for (let i = 0; i < width; i++) {
      moment[i] = 0.9 * moment[i]! + weights[i]! + 0.1 * noise.normal();
      weights[i] = weights[i]! - 0.05 * moment[i]!;
      loss += weights[i]! ** 2;
    }
    best = Math.min(best, loss);
    if (keeps) kept.push(weights.slice());
    if (n === failAt) throw new Error("the toy broke");
    if (stepMs > 0) await setTimeout(stepMs);
    if (n === 3 && holdFile !== null) await goneOrAborted(holdFile, signal);
    yield { kind: "metric", name: "loss", value: loss, clock: "step", n };
    yield { kind: "step", clock: "step", n, total: steps };
    if (n % checkpointEvery === 0 || n === steps || signal.aborted) {
      const state = {
        weights: hostArray(weights.slice(), [width]),
        moments: [hostArray(moment.slice(), [width])],
      };
      const { loose, segments } = segmentsOf(kept);
      const tree: Checkpoint["tree"] = keeps ? { state, loose } : { state };
      const parts = { tree, json: { n, best }, ...(keeps ? { segments } : {}) };
      yield { kind: "checkpoint", clock: "step", n, ...parts };
      if (signal.aborted && n < steps) return;
    }
  }
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const keptSum = kept.reduce((total, [first]) => total + first!, 0);
  yield { kind: "done", result: { best, sum, steps, ...(keeps ? { keptSum } : {}) } };
}

async function goneOrAborted(file: string, signal: AbortSignal): Promise<void> {
  while (existsSync(file) && !signal.aborted) await setTimeout(5);
}

const segmentLength = 4;

/** Full segments of what is kept, and the steps that fill none. */
function segmentsOf(kept: readonly Float32Array[]) {
  const full = Math.floor(kept.length / segmentLength);
  const arraysOf = (first: number, end: number) =>
    Object.fromEntries(
      kept.slice(first, end).map((weights, i) => [`at${i}`, hostArray(weights, [weights.length])]),
    );
  const names = Array.from({ length: full }, (_, index) => `kept-${index}`);
  const read = (name: string) => {
    const first = segmentLength * names.indexOf(name);
    return Promise.resolve(arraysOf(first, first + segmentLength));
  };
  return { loose: arraysOf(full * segmentLength, kept.length), segments: { names, read } };
}

async function keptFrom(checkpoint: Checkpoint | undefined, steps: number) {
  const kept: Float32Array[] = [];
  if (checkpoint?.segments === undefined) return kept;
  const { names, read } = checkpoint.segments;
  const parts = [...(await Promise.all(names.map(read))), checkpoint.tree["loose"]];
  for (const part of parts) {
    const arrays = Object.values(part as { [name: string]: HostArray<Float32Array> });
    kept.push(...arrays.map(({ data }) => data));
  }
  if (kept.length !== steps) throw new Error(`kept ${kept.length} of ${steps} steps`);
  return kept;
}

/** A study for tests of everything that drives studies. */
export const toyStudy: Study<Config> = {
  name: "toy",
  title: "A noisy quadratic",
  paper: { title: "None", authors: "Nobody", id: "none" },
  resultsVersion: 1,
  config,
  presets: {
    quick: { summary: "forty steps", set: {} },
    slow: { summary: "long enough to be interrupted", set: { steps: 2000, stepMs: 2 } },
  },
  checkpointBytes: ({ width }) => 8 * width + 1024,
  train,
  commands: [],
  tasks: {
    square: (input) => Promise.resolve((input as number) ** 2),
    special: () => Promise.resolve([NaN, -0, Infinity]),
    refuse: (input) => {
      throw new InputError("E_VALUE", `refuse: takes nothing; got ${JSON.stringify(input)}`);
    },
    die: async (input) => {
      const { times, file } = input as { times: number; file: string };
      await appendFile(file, "x");
      if ((await readFile(file, "utf8")).length <= times) process.kill(process.pid, "SIGKILL");
      return "survived";
    },
    wait: async (file, { signal }) => {
      await appendFile(file as string, "x"); // a mark for each that has begun
      await setTimeout(3_600_000, undefined, { signal });
      return null;
    },
    pid: () => Promise.resolve(process.pid as Json),
  },
  reproduction: {
    plan: () => [],
    judge: async function* () {},
    figures: async function* () {},
  },
};
