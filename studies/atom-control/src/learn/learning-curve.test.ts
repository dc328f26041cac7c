import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { farMap, priorMap } from "../model/maps/fixed-maps.js";
import { gaussianMixtureMap } from "../model/maps/gaussian-mixture.js";
import { paperBeam } from "../model/rate-map.js";
import { excessNll, placeShare } from "./evaluate.js";
import { drawTransitions } from "./learn.test-helpers.js";
import {
  learningCurve,
  type LearningCurveOptions,
  type LearningCurvePoint,
} from "./learning-curve.js";
import type { RateModel } from "./rate-model.js";

const options = {
  policy: {
    beam: paperBeam,
    squareBonds: 1,
    dwellTimesS: [1, 5],
    stepsPerTrajectory: 20,
  },
  samples: [40, 60],
  likelihoods: ["first-hop", "paper"],
  judgedSamples: 50,
  members: 2,
  steps: 20,
  key: key(3),
  compute: { executor: "native", threads: 1 },
} as const;

async function pointsOf(given: LearningCurveOptions): Promise<LearningCurvePoint[]> {
  const points: LearningCurvePoint[] = [];
  for await (const point of learningCurve(priorMap, given)) points.push(point);
  return points;
}

describe("learningCurve", () => {
  test("judges every likelihood at every number of samples, the same again for the same key", async () => {
    const [one, two] = [
      await pointsOf(options),
      await pointsOf({ ...options, samples: [60], likelihoods: ["first-hop"] }),
    ];
    expect(one.map(({ likelihood, samples }) => `${likelihood} ${samples}`)).toEqual([
      "first-hop 40",
      "paper 40",
      "first-hop 60",
      "paper 60",
    ]);
    expect(two).toEqual([one[2]]);
    for (const point of one) {
      expect(point.excessNll).toBeGreaterThan(0);
      expect(point.placeShare).toBeGreaterThan(0);
      expect(point.placeShare).toBeLessThanOrEqual(1.02);
    }
  });
});

describe("placeShare", () => {
  const judged = drawTransitions(farMap, { count: 400, seed: 2 });
  const recommending = (along: number, across: number) =>
    ({
      bestOffset: { along, across },
      info: { reference: { ...paperBeam, linearInCurrent: true } },
    }) as RateModel;

  test("is 1 at the best place that was measured, not at one beyond", () => {
    // a square of ±1 bond, turned, reaches √2 bonds at its corners; the far map peaks at 1.5
    const share = placeShare(recommending(1.4, 0), farMap, judged);
    expect(share).toBeGreaterThan(0.95);
    expect(share).toBeLessThan(1.05);
    const { rate } = farMap;
    const ratio = rate(0.9, 0.2, paperBeam) / rate(1.4, 0, paperBeam);
    expect(placeShare(recommending(0.9, 0.2), farMap, judged) / share).toBeCloseTo(ratio, 10);
  });

  test("and excess loss tell a map's strength apart from its shape", () => {
    const half = gaussianMixtureMap("half", [
      { peakRatePerS: 0.06, mean: [1.5, 0], sigma: [0.45, 0.4] },
    ]);
    expect(excessNll(half, farMap, judged)).toBeGreaterThan(0.005);
    expect(placeShare(recommending(1.4, 0), half, judged)).toBeCloseTo(
      placeShare(recommending(1.4, 0), farMap, judged),
      10,
    );
  });
});
