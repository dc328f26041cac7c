import type { Event, TrainContext } from "@quadrivium/core";
import type { LearnConfig, StudyConfig } from "../config.js";
import type { LearnedResult, StudyResult } from "./result.js";
import { train } from "./train.js";

/** Runs what a configuration describes: walks, or learning and then walks. */
export function trainStudy(
  config: StudyConfig,
  context: TrainContext,
): AsyncGenerator<Event<StudyResult>, void, void> {
  return config.experiment === "learn" ? learnLate(config, context) : train(config, context);
}

/** Loads the engine when something is learned, so that walks start without it. */
async function* learnLate(
  config: LearnConfig,
  context: TrainContext,
): AsyncGenerator<Event<LearnedResult>, void, void> {
  const { learnAndWalk } = await import("./learn-and-walk.js");
  yield* learnAndWalk(config, context);
}
