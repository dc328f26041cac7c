import {
  key,
  streamOf,
  type Checkpoint,
  type Event,
  type Segments,
  type TrainContext,
} from "@quadrivium/core";
import { agentConfig, type AgentConfig } from "../config.js";
import { emptyBatch, type Batch } from "../replay/batch.js";
import { copyOf } from "../replay/replay.js";
import type { TrainingResult } from "./result.js";
import { train } from "./train.js";

/** Samples in an update of {@link smallConfig}. */
export const batchSize = 8;

/** A run of seconds: a small network, few frames. */
export function smallConfig(set: Partial<AgentConfig> = {}): AgentConfig {
  return agentConfig.parse({
    frames: 400,
    denseUnits: 16,
    batchSize,
    learningStarts: 60,
    replayCapacity: 150,
    targetPeriod: 20,
    epsilonDecayFrames: 200,
    checkpointEvery: 1000,
    ...set,
  });
}

/** A batch of random planes of Breakout; a third of the samples end their episode. */
export function randomBatch(seed: number): Batch {
  const stream = streamOf(key(seed));
  const batch = emptyBatch(batchSize, { observationSize: 400, pixelScale: 1 });
  for (let i = 0; i < batch.observationTm1.length; i++) {
    batch.observationTm1[i] = stream.below(2);
    batch.observationT[i] = stream.below(2);
  }
  for (let i = 0; i < batchSize; i++) {
    batch.actionTm1[i] = stream.below(6);
    batch.rewardT[i] = stream.below(3);
    batch.discountT[i] = i % 3 === 0 ? 0 : 0.9;
    batch.weights[i] = 1 / batchSize;
  }
  return batch;
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
      const { tree, json, segments } = event;
      last = { tree, json, ...(segments && { segments: await copied(segments) }) };
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
