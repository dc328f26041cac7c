import type { Event, TrainContext } from "@quadrivium/core";
import type { CurveConfig, LearnConfig, StudyConfig } from "../config.js";
import type { CurveResult, LearnedResult, StudyResult } from "./result.js";
import { train } from "./train.js";

/** Runs what a configuration describes: walks, learning and then walks, or a learning curve. */
export function trainStudy(
  config: StudyConfig,
  context: TrainContext,
): AsyncGenerator<Event<StudyResult>, void, void> {
  return config.experiment === "walk" ? train(config, context) : learnLate(config, context);
}

/** Loads the engine when something is learned, so that walks start without it. */
async function* learnLate(
  config: LearnConfig | CurveConfig,
  context: TrainContext,
): AsyncGenerator<Event<LearnedResult | CurveResult>, void, void> {
  if (config.experiment === "curve") {
    const { drawCurve } = await import("./draw-curve.js");
    yield* drawCurve(config, context);
    return;
  }
  const { learnAndWalk } = await import("./learn-and-walk.js");
  yield* learnAndWalk(config, context);
}
