import { foldIn, InputError, type Event, type Json, type TrainContext } from "@quadrivium/core";
import type { WalkConfig } from "../config.js";
import { summarize, walks } from "../control/benchmark.js";
import { controllerByName } from "../control/controllers.js";
import { drawTask, type Episode } from "../control/episode.js";
import { mapByName } from "../model/maps/map-by-name.js";
import type { WalkResult } from "./result.js";

/** Walks between two checkpoints. */
const checkpointEvery = 200;

/**
 * Runs simulated walks as a stream of events: the metric `seconds` after each.
 *
 * @throws E_RATE_MAP if there is no such map; E_CHECKPOINT if a checkpoint is of another kind
 */
export async function* train(
  config: WalkConfig,
  context: Pick<TrainContext, "key" | "signal" | "checkpoint">,
): AsyncGenerator<Event<WalkResult>, void, void> {
  const { hops, episodes, imageTimeS, currentNanoA, voltageKv } = config;
  const truth = mapByName(config.map);
  const beam = { currentNanoA, voltageKv };
  const controller = controllerByName(config.controller, {
    truth,
    beam,
    imageTimeS,
    greedyDwellS: config.dwellS,
  });
  const world = {
    map: truth,
    beam,
    imageTimeS,
    fovAngstrom: 20,
    placementSigmaAngstrom: config.placementSigmaAngstrom,
  };
  const key = foldIn(context.key, 0);
  const done = context.checkpoint === undefined ? [] : savedEpisodes(context.checkpoint.json);
  const options = { world, hops, episodes, key, controller, from: done.length };
  for (const episode of walks(options)) {
    done.push(episode);
    const at = { clock: "episode", n: done.length };
    yield { kind: "step", ...at, total: episodes };
    yield { kind: "metric", name: "seconds", value: episode.seconds, ...at };
    const last = done.length === episodes;
    if (last || context.signal.aborted || done.length % checkpointEvery === 0) {
      yield { kind: "checkpoint", ...at, tree: {}, json: structuredClone(done) as unknown as Json };
      if (context.signal.aborted) return;
    }
  }
  const task = drawTask(foldIn(key, 0), hops);
  yield {
    kind: "done",
    result: {
      ...summarize(done, foldIn(context.key, 1)),
      seconds: done.map(({ seconds }) => seconds),
      first: { latticeAngle: task.lattice.angle, goal: task.goal, track: done[0].track },
    },
  };
}

function savedEpisodes(json: Json): Episode[] {
  if (Array.isArray(json)) return structuredClone(json) as unknown as Episode[];
  throw new InputError("E_CHECKPOINT", "train: the checkpoint holds no walks; start anew");
}
