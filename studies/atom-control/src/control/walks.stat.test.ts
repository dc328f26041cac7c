/**
 * Mean times of controllers against an independent prototype (Python, 150 walks a cell, standard
 * error 3 to 6 %), and of the planner against its own value function.
 *
 * Null: equal means. Statistic: difference in joint standard errors, rejected beyond 5 (α = 6e-7 a
 * cell, 12 cells; seeds fixed). 300 walks a cell catch a difference of 30 % with certainty: the
 * mirrored prior and a sampler of single hops both miss by more.
 */
import { describe, expect, test } from "vitest";
import { foldIn, key } from "@quadrivium/core";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { greedy } from "./baselines.js";
import { summarize, walks } from "./benchmark.js";
import type { Controller } from "./controller.js";
import { drawTask } from "./episode.js";
import { planner } from "./planner.js";

const tasks = key(77);
const episodes = 300;

function measure(map: string, hops: number, controller: Controller, imageTimeS = 2) {
  const world = {
    map: mapByName(map),
    beam: paperBeam,
    imageTimeS,
    fovAngstrom: 20,
    placementSigmaAngstrom: 0,
  };
  const found = [...walks({ world, hops, episodes, key: tasks, controller: () => controller })];
  return summarize(found, key(1));
}

const plan = (
  map: string,
  options: { readonly imageTimeS?: number; readonly watch?: boolean } = {},
) => planner({ name: "p", map: mapByName(map), beam: paperBeam, imageTimeS: 2, ...options });

describe("mean time of walks", () => {
  test.each([
    ["prior", 5, 1, 1.5, 69],
    ["prior", 5, 1, 5, 57.9],
    ["prior", 3, 0.41, 5, 82],
    ["simple", 3, 1, 1.5, 16.8],
    ["simple", 5, 1, 5, 43],
    ["far", 3, 1, 5, 74],
    ["far", 5, 1.5, 5, 76.9],
  ])("%s, %d hops, beam at %d bonds for %d s: about %d s", (map, hops, along, dwell, expected) => {
    const { meanSeconds, standardError } = measure(
      map,
      hops,
      greedy("g", { along, across: 0 }, dwell),
    );
    const joint = Math.hypot(standardError, 0.06 * expected);
    expect(Math.abs(meanSeconds - expected) / joint).toBeLessThan(5);
  });

  test.each([
    ["prior", 54.3],
    ["simple", 26.5],
    ["far", 78.2],
  ])("planned on %s, 5 hops: what it expects itself, and about %d s", (map, prototype) => {
    const controller = plan(map);
    const { meanSeconds, standardError } = measure(map, 5, controller);
    const expected = Array.from({ length: episodes }, (_, n) => {
      const { lattice, start, goal } = drawTask(foldIn(tasks, n), 5);
      return controller.expectedTimeS({ lattice, silicon: start, goal })!;
    });
    const predicted = expected.reduce((a, b) => a + b, 0) / episodes;
    expect(Math.abs(meanSeconds - predicted) / standardError).toBeLessThan(5);
    expect(
      Math.abs(meanSeconds - prototype) / Math.hypot(standardError, 0.06 * prototype),
    ).toBeLessThan(5);
  });

  test("stopping on arrival saves 0.3 of the time with 2 s images and 0.45 with 0.5 s", () => {
    const fixed = measure("prior", 5, plan("prior")).meanSeconds;
    const watched = measure("prior", 5, plan("prior", { watch: true }));
    const quick = measure("prior", 5, plan("prior", { watch: true, imageTimeS: 0.5 }), 0.5);
    expect(watched.meanSeconds / fixed).toBeLessThan(0.7);
    expect(quick.meanSeconds / fixed).toBeLessThan(0.55);
    expect(watched.doubleHopShare).toBeLessThan(0.01);
  });
});
