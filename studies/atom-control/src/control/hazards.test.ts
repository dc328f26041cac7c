import { foldIn, key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { sameSite, sitePosition } from "../model/honeycomb.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { distance } from "../model/vector.js";
import { greedy, handOffsets } from "./baselines.js";
import { summarize, walks } from "./benchmark.js";
import { controllerByName } from "./controllers.js";
import { drawTask, runEpisode } from "./episode.js";
import { parsePoints, placeHazards, type WalkHazards } from "./hazards.js";
import { planner } from "./planner.js";
import { isInside } from "./polygon.js";

const prior = mapByName("prior");
const world = {
  map: prior,
  beam: paperBeam,
  imageTimeS: 2,
  fovAngstrom: 20,
  placementSigmaAngstrom: 0,
};
const setting = { truth: prior, beam: paperBeam, imageTimeS: 2, greedyDwellS: 5 };

function walked(
  name: "planner" | "greedy-hand",
  given: { readonly hazards?: WalkHazards; readonly maxDose?: number; readonly episodes?: number },
) {
  const { hazards, maxDose, episodes = 20 } = given;
  const found = [
    ...walks({
      world: { ...world, ...(maxDose !== undefined && { maxDose }) },
      hops: 5,
      episodes,
      key: key(4),
      controller: controllerByName(name, setting),
      ...(hazards && { hazards }),
    }),
  ];
  return { found, summary: summarize(found, key(5)) };
}

describe("placeHazards", () => {
  test("turns a walk's frame so that the goal lies on +x, on any lattice", () => {
    for (let n = 0; n < 10; n++) {
      const task = drawTask(foldIn(key(1), n), 6);
      const from = sitePosition(task.lattice, task.start);
      const length = distance(from, sitePosition(task.lattice, task.goal));
      const { obstacles, keepOuts } = placeHazards(
        {
          obstacles: [
            { x: length, y: 0 },
            { x: 0.1, y: 0 },
          ],
          keepOuts: [
            [
              { x: length - 1, y: -1 },
              { x: length + 1, y: -1 },
              { x: length, y: 2 },
            ],
          ],
        },
        task,
      );
      // silicon's own site is no obstacle
      expect(obstacles).toHaveLength(1);
      expect(sameSite(obstacles[0], task.goal)).toBe(true);
      expect(isInside(keepOuts[0], sitePosition(task.lattice, task.goal))).toBe(true);
      expect(isInside(keepOuts[0], from)).toBe(false);
    }
  });
});

describe("parsePoints", () => {
  test("reads pairs", () => {
    expect(parsePoints(" 1,-2  3.5,4 ", 2)).toEqual([
      { x: 1, y: -2 },
      { x: 3.5, y: 4 },
    ]);
  });

  test.each(["", "1,2", "1,2 3", "1,2 3,x", "1,2 3,", "1,2,3 4,5"])("refuses %j", (text) => {
    expect(() => parsePoints(text, 2)).toThrow(`got "${text}"`);
  });
});

describe("a keep-out across the way", () => {
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

  test("is walked around by the planner, in more time; greedy puts the beam in and is refused", () => {
    const careful = walked("planner", { hazards });
    const free = walked("planner", {});
    expect(careful.summary.successRate).toBeGreaterThanOrEqual(0.9);
    expect(careful.summary.meanSeconds).toBeGreaterThan(free.summary.meanSeconds);
    expect(careful.summary.ends.keepOut).toBe(0);
    expect(careful.summary.keepOutShare).toBe(0);
    const greedily = walked("greedy-hand", { hazards }).summary;
    expect(greedily.ends.keepOut).toBeGreaterThan(10);
    expect(greedily.successRate).toBeLessThan(0.5);
  });
});

describe("a limit to the dose", () => {
  const task = drawTask(key(1), 5);
  const still = { ...world, map: { name: "still", rate: () => 0 } };
  const careless = greedy("on", handOffsets["greedy-on"], 5);

  test("refuses the stay that would exceed it, and no stay before", () => {
    const free = runEpisode(careless, { world: still, task }, streamOf(key(2)));
    const maxDose = free.maxDose / 3;
    const bound = runEpisode(careless, { world: { ...still, maxDose }, task }, streamOf(key(2)));
    expect(bound).toMatchObject({ success: false, end: "dose", seconds: 600 });
    expect(bound.maxDose).toBeLessThanOrEqual(maxDose);
    // one stay more, of 86, would have been too much
    expect(bound.maxDose).toBeGreaterThan(maxDose - free.maxDose / 80);
  });

  test("bounds every walk; fewer arrive", () => {
    const free = walked("planner", {}).summary;
    const maxDose = free.maxDose / 2;
    const bound = walked("planner", { maxDose }).summary;
    expect(bound.maxDose).toBeLessThanOrEqual(maxDose);
    expect(bound.ends.dose).toBeGreaterThan(0);
    expect(bound.ends.goal + bound.ends.dose).toBe(20);
  });

  test("a price of dose makes planners park shorter", () => {
    const dwell = (dosePenalty: number): number => {
      const plan = planner({ name: "p", map: prior, beam: paperBeam, imageTimeS: 2, dosePenalty });
      const { lattice, start, goal } = task;
      return plan.decide({ lattice, silicon: start, goal })!.dwellTimeS;
    };
    expect(dwell(20)).toBeLessThan(0.6 * dwell(0));
  });
});
