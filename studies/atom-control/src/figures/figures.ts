import type { FinishedRun } from "@quadrivium/config";
import type { Figure } from "@quadrivium/core";
import { curveRuns, fiveHops, learnRuns, walkRuns } from "../evidence/walks.js";
import { drawControllers, drawControllerTable } from "./controllers.js";
import { drawLearnedMaps, drawLearningCurves } from "./learned.js";
import { drawRateMaps } from "./rate-maps.js";
import { walkAnimation } from "./walk-animation.js";

/** Draws the study's figures, in the order of the report. */
export function* drawFigures(
  runs: readonly FinishedRun[],
  document: Document,
): Generator<Figure, void, void> {
  const found = walkRuns(runs);
  yield drawRateMaps(document);
  if (found.length > 0) yield drawControllers(found, document);
  if (found.some(({ hops }) => hops === 5)) yield drawControllerTable(found, 5, document);
  const curves = curveRuns(runs);
  if (curves.length > 0) yield drawLearningCurves(curves, document);
  const learned = learnRuns(runs);
  if (learned.length > 0) yield drawLearnedMaps(learned, document);
  const planned = fiveHops(found, "prior", "oracle");
  if (planned === undefined) return;
  yield walkAnimation(planned.first, {
    id: "walk",
    title: "A planned walk of five hops",
    caption:
      "Silicon (orange) as the images show it, from its start to the goal (green), six times as fast as life: " +
      "the beam parks beside the next bond, an image follows, the plan goes on from what it shows.",
  });
}
