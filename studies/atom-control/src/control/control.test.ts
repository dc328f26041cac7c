import { describe, expect, test } from "vitest";
import { foldIn, key, random, streamOf } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  neighbours,
  sameSite,
  sitePosition,
  type Site,
} from "../model/honeycomb.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { direction, distance, plus } from "../model/vector.js";
import { greedy, handOffsets } from "./baselines.js";
import { controllerByName } from "./controllers.js";
import { cusum } from "./cusum.js";
import { drawTask, runEpisode, type World } from "./episode.js";
import { myopicDwell } from "./myopic-dwell.js";
import { bestOffset } from "./offsets.js";
import { planner } from "./planner.js";
import { isInside } from "./polygon.js";

const lattice = { origin: { x: 0, y: 0 }, angle: 0.2, bondLengthAngstrom };
const home: Site = { i: 0, j: 0, sublattice: "A" };
const world = (map: string, obstacles: readonly Site[] = []): World => ({
  map: mapByName(map),
  beam: paperBeam,
  imageTimeS: 2,
  fovAngstrom: 20,
  placementSigmaAngstrom: 0,
  obstacles,
});
const planOn = (map: string, obstacles: readonly Site[] = []) =>
  planner({ name: "planner", map: mapByName(map), beam: paperBeam, imageTimeS: 2, obstacles });

describe("myopicDwell", () => {
  // oracle: derivation, exp(r t) = 1 + r (t + c) solved to three digits by hand
  test.each([
    [1, 2, 1.51, 4.51],
    [0.231, 2, 3.59, 9.92],
    [0.12, 2, 5.18, 15.51],
    [0.05, 2, 8.32, 30.32],
    [1, 0.5, 0.86, 2.36],
    [0.231, 0.5, 1.93, 6.75],
    [0.12, 0.5, 2.73, 11.56],
    [0.05, 0.5, 4.31, 24.81],
  ])("rate %d per s, %d s an image: %d s, %d s a hop", (rate, overhead, dwell, perHop) => {
    const found = myopicDwell(rate, overhead);
    expect(found.dwellTimeS).toBeCloseTo(dwell, 1.7);
    expect(found.timePerHopS).toBeCloseTo(perHop, 1.7);
  });

  test("no other dwell is better", () => {
    const { dwellTimeS, timePerHopS } = myopicDwell(0.3, 2);
    const perHop = (t: number): number => (t + 2) / (1 - Math.exp(-0.3 * t));
    expect(perHop(dwellTimeS)).toBeCloseTo(timePerHopS, 9);
    for (const t of [0.5, 0.9, 1.1, 2]) {
      expect(perHop(t * dwellTimeS)).toBeGreaterThanOrEqual(timePerHopS - 1e-12);
    }
  });

  test("refuses a rate of 0", () => {
    expect(() => myopicDwell(0, 2)).toThrow("above 0; got 0 and 2");
  });
});

describe("bestOffset", () => {
  test.each([
    ["prior", 0.85, 0],
    ["simple", 1, 0],
    ["far", 1.5, 0],
    ["asymmetric", 1, -0.3],
  ])("of %s is (%d, %d) bonds", (name, along, across) => {
    const best = bestOffset(mapByName(name), paperBeam);
    expect(best.along).toBeCloseTo(along, 9);
    expect(best.across).toBeCloseTo(across, 9);
  });
});

describe("greedy", () => {
  test("parks beside the neighbour nearest to the goal", () => {
    for (const sublattice of ["A", "B"] as const) {
      const silicon: Site = { i: 2, j: -1, sublattice };
      neighbours(silicon).forEach((goal) => {
        const park = greedy("on", handOffsets["greedy-on"], 5).decide({ lattice, silicon, goal });
        const at = plus(sitePosition(lattice, silicon), park!.beamOffset);
        expect(distance(at, sitePosition(lattice, goal))).toBeLessThan(1e-9);
      });
    }
  });
});

describe("planner", () => {
  test("expects for one hop what the closed form says where only that hop happens", () => {
    // A sharp map: the two other neighbours are out of reach, the hop back is as likely as far off.
    const map = {
      name: "sharp",
      rate: (x: number, y: number) => (Math.hypot(x - 0.5, y - 0.3) < 0.05 ? 0.2 : 0),
    };
    const sharp = planner({ name: "sharp", map, beam: paperBeam, imageTimeS: 2 });
    const expected = sharp.expectedTimeS({ lattice, silicon: home, goal: neighbours(home)[1] });
    // dwells are tried in steps of a third, so the best is missed by less than 1 %
    expect(expected! - 2).toBeGreaterThan(myopicDwell(0.2, 2).timePerHopS - 1e-6);
    expect(expected! - 2).toBeLessThan(1.01 * myopicDwell(0.2, 2).timePerHopS);
  });

  test("equal walks are expected to take equal times, wherever they start", () => {
    const plan = planOn("prior");
    const times = [home, { i: 4, j: -7, sublattice: "B" as const }].flatMap((silicon) =>
      neighbours(silicon).map((goal) => plan.expectedTimeS({ lattice, silicon, goal })!),
    );
    for (const time of times) expect(time).toBeCloseTo(times[0], 2);
  });

  test("walks around a wall at which a greedy controller stays for ever", () => {
    // The goal lies three cells behind a pocket of vacancies that opens towards silicon.
    const goal: Site = { i: 4, j: 4, sublattice: "A" };
    const wall = (
      [
        [2, 3, "A"],
        [3, 2, "A"],
        [2, 2, "B"],
        [1, 3, "B"],
        [3, 1, "B"],
        [1, 3, "A"],
        [3, 1, "A"],
      ] as const
    ).map(([i, j, sublattice]): Site => ({ i, j, sublattice }));
    const setting = { world: world("prior", wall), task: { lattice, start: home, goal } };
    const plan = planOn("prior", wall);
    const far = greedy("hand", handOffsets["greedy-hand"], 5);
    const outcomes = (controller: typeof far) =>
      Array.from({ length: 20 }, (_, n) =>
        runEpisode(controller, setting, streamOf(foldIn(key(3), n))),
      );
    expect(outcomes(plan).filter(({ success }) => success)).toHaveLength(20);
    expect(outcomes(far).filter(({ success }) => success).length).toBeLessThan(4);
  });

  test("keeps the beam a bond away from obstacles and out of keep-outs", () => {
    const obstacle = neighbours(neighbours(home)[0])[1];
    const keepOut = [
      { x: -9, y: 2 },
      { x: 9, y: 2 },
      { x: 9, y: 30 },
      { x: -9, y: 30 },
    ];
    const plan = planner({
      name: "careful",
      map: mapByName("prior"),
      beam: paperBeam,
      imageTimeS: 2,
      obstacles: [obstacle],
      keepOuts: [keepOut],
    });
    const goal: Site = { i: 3, j: -1, sublattice: "B" };
    let silicon = home;
    for (let step = 0; step < 8 && !sameSite(silicon, goal); step++) {
      const park = plan.decide({ lattice, silicon, goal })!;
      const at = plus(sitePosition(lattice, silicon), park.beamOffset);
      expect(isInside(keepOut, at)).toBe(false);
      expect(distance(at, sitePosition(lattice, obstacle))).toBeGreaterThan(bondLengthAngstrom);
      silicon = neighbours(silicon).reduce((a, b) =>
        distance(sitePosition(lattice, b), at) < distance(sitePosition(lattice, a), at) ? b : a,
      );
    }
    expect(sameSite(silicon, goal)).toBe(true);
  });

  test("sees no way to a goal inside an obstacle's clearance", () => {
    const goal = neighbours(home)[0];
    const plan = planOn("prior", neighbours(goal).slice(0, 3));
    expect(plan.decide({ lattice, silicon: { i: 3, j: 3, sublattice: "A" }, goal })).toBeNull();
  });
});

describe("cusum", () => {
  test("finds a fivefold step within two samples and raises no alarm before", () => {
    const stream = streamOf(key(5));
    const raised = cusum({ before: 100, after: 400, threshold: 14 });
    const early = Array.from({ length: 50_000 }, () => raised(random.samplePoisson(stream, 100)));
    expect(early).not.toContain(true);
    const late = Array.from({ length: 2 }, () => raised(random.samplePoisson(stream, 400)));
    expect(late).toContain(true);
  });
});

describe("runEpisode", () => {
  test("gives the same walk for the same key", () => {
    const task = drawTask(key(1), 3);
    const run = () =>
      runEpisode(planOn("simple"), { world: world("simple"), task }, streamOf(key(2)));
    expect(run()).toEqual(run());
  });

  test("counts images and stays, and 600 s where the goal is not reached", () => {
    const still = { name: "still", rate: () => 0 };
    const task = drawTask(key(1), 2);
    const walk = runEpisode(
      greedy("on", handOffsets["greedy-on"], 5),
      { world: { ...world("prior"), map: still }, task },
      streamOf(key(2)),
    );
    expect(walk).toMatchObject({ success: false, seconds: 600, hops: 0, parks: 86 });
    // 86 stays of 5 s at 0.1 nA on one site, and 87 images of 2 s over 20 Å × 20 Å
    const electronsPerS = 0.1e-9 / 1.602176634e-19;
    const expected = electronsPerS * (430 / (2 * Math.PI * 0.45 ** 2) + 174 / 400);
    expect(walk.maxDose / expected).toBeCloseTo(1, 12);
  });

  test("the goal lies as many hops away as asked", () => {
    for (const hops of [1, 3, 6]) {
      for (let n = 0; n < 30; n++) {
        const { lattice: sheet, start, goal } = drawTask(foldIn(key(9), n), hops);
        const bonds =
          distance(sitePosition(sheet, start), sitePosition(sheet, goal)) / bondLengthAngstrom;
        expect(bonds).toBeLessThanOrEqual(hops + 1e-9);
        expect(start.sublattice === goal.sublattice).toBe(hops % 2 === 0);
      }
    }
  });
});

describe("isInside", () => {
  test("tells inside from outside of a notched polygon", () => {
    const notched = [
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 4 },
      { x: 2, y: 1 },
      { x: 0, y: 4 },
    ];
    expect(isInside(notched, { x: 0.5, y: 1 })).toBe(true);
    expect(isInside(notched, { x: 2, y: 2 })).toBe(false);
    expect(isInside(notched, plus({ x: 4, y: 4 }, direction(0)))).toBe(false);
  });
});

describe("controllerByName", () => {
  const options = { truth: mapByName("far"), beam: paperBeam, imageTimeS: 2, greedyDwellS: 5 };

  test("a learned map guides planner and greedy alike; its lower bound moves the beam", () => {
    // a model that overrates a place that it has not seen
    const rate = (x: number, y: number) => 0.2 * Math.exp(-5 * ((x - 1) ** 2 + y ** 2));
    const wild = (x: number, y: number) => 0.5 * Math.exp(-20 * ((x - 2.2) ** 2 + y ** 2));
    const model = {
      name: "m",
      rate: (x: number, y: number) => rate(x, y) + wild(x, y),
      lower: rate,
    };
    const state = { lattice, silicon: home, goal: neighbours(home)[0] };
    const along = (name: "greedy-learned" | "greedy-learned-lower" | "planner"): number => {
      const controller = controllerByName(name, { ...options, model })(streamOf(key(0)));
      const { x, y } = controller.decide(state)!.beamOffset;
      return Math.hypot(x, y) / bondLengthAngstrom;
    };
    expect(along("greedy-learned")).toBeCloseTo(2.2, 1);
    expect(along("greedy-learned-lower")).toBeCloseTo(1, 1);
    expect(along("planner")).toBeLessThan(1.3);
  });

  test("refuses to be greedy on a model that is not there", () => {
    expect(() => controllerByName("greedy-learned", options)).toThrow("needs a learned model");
  });
});
