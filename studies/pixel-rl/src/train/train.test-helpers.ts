import {
  key,
  type Checkpoint,
  type Event,
  type Segments,
  type TrainContext,
} from "@quadrivium/core";
import { agentConfig, type AgentConfig } from "../config.js";
import { copyOf } from "../replay/replay.js";
import type { TrainingResult } from "./result.js";
import { train } from "./train.js";

/** A run of seconds: a small network, few frames. */
export function smallConfig(set: Partial<AgentConfig> = {}): AgentConfig {
  return agentConfig.parse({
    frames: 400,
    denseUnits: 16,
    batchSize: 8,
    learningStarts: 60,
    replayCapacity: 150,
    targetPeriod: 20,
    epsilonDecayFrames: 200,
    checkpointEvery: 1000,
    ...set,
  });
}

/** Runs to the end, or until a frame; what it told. */
export async function trained(
  config: AgentConfig,
  options: { seed?: number; checkpoint?: Checkpoint; until?: number } = {},
) {
  const { seed = 0, checkpoint, until = Infinity } = options;
  const stop = new AbortController();
  const context: TrainContext = {
    key: key(seed),
    compute: { executor: "auto", threads: 1 },
    signal: stop.signal,
    map: async function* () {},
    ...(checkpoint === undefined ? {} : { checkpoint }),
  };
  let last: Checkpoint | undefined;
  let result: TrainingResult | undefined;
  const metrics: Extract<Event, { kind: "metric" }>[] = [];
  for await (const event of train(config, context)) {
    if (event.kind === "step" && event.n >= until) stop.abort();
    if (event.kind === "metric") metrics.push(event);
    if (event.kind === "checkpoint") {
      last = { tree: event.tree, json: event.json, segments: await copied(event.segments!) };
    }
    if (event.kind === "done") ({ result } = event);
  }
  return { checkpoint: last!, result, metrics };
}

/** Segments that no longer change with the loop that they come from. */
async function copied({ names, read }: Segments): Promise<Segments> {
  const copies = new Map<string, Awaited<ReturnType<Segments["read"]>>>();
  for (const name of names) copies.set(name, copyOf(await read(name)));
  return { names, read: async (name) => copies.get(name)! };
}
