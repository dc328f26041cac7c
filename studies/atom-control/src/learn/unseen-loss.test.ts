import { expect, test } from "vitest";
import { priorMap } from "../model/maps/fixed-maps.js";
import { drawTransitions } from "./learn.test-helpers.js";
import { learningSet } from "./learning-set.js";
import { unseenLoss } from "./unseen-loss.js";

test("unseenLoss judges each sample by those that have not seen it, and by no others", () => {
  const set = {
    ...learningSet(drawTransitions(priorMap, { count: 3, seed: 1 }), 1),
    // a hop, none, and one half believed
    outcome: Float64Array.of(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0.5, 0, 0.5, 0, 0),
  };
  // two members: the first sample is unseen by both, the second by one, the third by none
  const weights = Float32Array.of(0, 1, 2, 0, 0, 1);
  const hopProbability = Float64Array.of(0.4, 0.9, 0.9, 0.2, 0.1, 0.9);
  const loss = unseenLoss({ set, weights, hopProbability });
  expect(loss).toBeCloseTo(-(Math.log(0.3) + Math.log(0.9)) / 2, 12);
});
