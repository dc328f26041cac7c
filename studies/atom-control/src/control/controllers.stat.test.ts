/**
 * Every controller on the far map, three hops, best at 1.5 bonds: those that know more are not slower.
 *
 * Null: a controller is no slower than the next in the order. Statistic: mean difference of times on
 * the same 100 tasks in its standard errors, rejected beyond 3 (α = 1.3e-3 a pair, 8 pairs; seeds
 * fixed).
 */
import { foldIn, key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { gaussianMixtureMap } from "../model/maps/gaussian-mixture.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { summarize, walks } from "./benchmark.js";
import { controllerByName, controllerNames, type ControllerName } from "./controllers.js";
import type { Episode } from "./episode.js";
import type { WalkHazards } from "./hazards.js";

const world = { beam: paperBeam, imageTimeS: 2, fovAngstrom: 20, placementSigmaAngstrom: 0 };

describe("controllers on the far map", () => {
  const truth = mapByName("far");
  /** A map as data of a thousand samples might give it: a little weak, a little short. */
  const guess = gaussianMixtureMap("guess", [
    { peakRatePerS: 0.1, mean: [1.4, 0], sigma: [0.5, 0.45] },
  ]);
  const model = {
    ...guess,
    lower: (...at: Parameters<typeof guess.rate>) => 0.7 * guess.rate(...at),
  };
  const options = { truth, model, beam: paperBeam, imageTimeS: 2, greedyDwellS: 5 };
  const seconds = new Map<ControllerName, number[]>(
    controllerNames.map((name) => {
      const controller = controllerByName(name, options);
      const found = walks({
        world: { ...world, map: truth },
        hops: 3,
        episodes: 100,
        key: key(21),
        controller,
      });
      return [name, Array.from(found, (walk: Episode) => walk.seconds)];
    }),
  );
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  /** How much slower one is than another, in standard errors. */
  function slower(one: ControllerName, other: ControllerName): number {
    const gaps = seconds.get(one)!.map((time, n) => time - seconds.get(other)![n]);
    const centre = mean(gaps);
    const variance = mean(gaps.map((gap) => (gap - centre) ** 2)) / (gaps.length - 1);
    return centre / Math.sqrt(variance);
  }

  test.each([
    ["event", "oracle"],
    ["oracle", "planner"],
    ["planner", "greedy-hand"],
    ["oracle", "greedy-learned"],
    ["greedy-learned", "greedy-hand"],
    ["greedy-learned-lower", "greedy-on"],
    ["greedy-on", "greedy-hand"],
    ["greedy-hand", "greedy-short"],
    ["greedy-short", "random"],
  ] as const)("%s is not slower than %s", (fast, slow) => {
    expect(slower(fast, slow)).toBeLessThan(3);
  });

  test("what is known of the map is worth much: hand-set places and chance are far slower", () => {
    expect(slower("greedy-hand", "planner")).toBeGreaterThan(3);
    expect(slower("greedy-short", "greedy-hand")).toBeGreaterThan(3);
    expect(slower("random", "greedy-on")).toBeGreaterThan(3);
    expect(mean(seconds.get("random")!) / mean(seconds.get("planner")!)).toBeGreaterThan(8);
  });
});

describe("riskTimeS", () => {
  const hazards: WalkHazards = {
    obstacles: [],
    keepOuts: [
      [
        { x: 2.5, y: -2.5 },
        { x: 4, y: -2.5 },
        { x: 4, y: 2.5 },
        { x: 2.5, y: 2.5 },
      ],
    ],
  };

  test("a high price of entering a keep-out keeps silicon out of it on a fast map", () => {
    const truth = mapByName("simple");
    const entered = (riskTimeS: number): number => {
      const options = { truth, beam: paperBeam, imageTimeS: 2, greedyDwellS: 5, riskTimeS };
      const controller = controllerByName("planner", options);
      const given = { world: { ...world, map: truth }, hops: 5, episodes: 60, key: key(3) };
      return summarize([...walks({ ...given, controller, hazards })], foldIn(key(3), 1))
        .keepOutShare;
    };
    expect(entered(600)).toBeLessThan(0.03);
    expect(entered(100)).toBeGreaterThan(entered(600));
  });
});
