import { foldIn, key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { neighbours, sitePosition } from "../../model/honeycomb.js";
import { priorMap } from "../../model/maps/fixed-maps.js";
import { paperBeam, type RateMap } from "../../model/rate-map.js";
import { distance } from "../../model/vector.js";
import { inField } from "../sheet.js";
import { equalizeLocally } from "./equalize.js";
import { cleanPaperImage, drawPaperImage, paperImage } from "./paper-image.js";
import { beginPaperEpisode, stepPaperEpisode } from "./paper-microscope.js";
import { collectPaper, paperPolicy } from "./collect-paper.js";

const still: RateMap = { name: "still", rate: () => 0 };
const begin = (seed: number) => beginPaperEpisode(streamOf(foldIn(key(4), seed)));

describe("the published simulator", () => {
  test("begins with silicon nearest to the origin, in the middle of 15 to 30 Å of perfect honeycomb", () => {
    const widths: number[] = [];
    for (let seed = 0; seed < 60; seed++) {
      const { scene, observation, isAtGoal } = begin(seed);
      const { region, lattice, silicon, goal } = scene;
      const place = sitePosition(lattice, silicon);
      const [first, ...rest] = neighbours(silicon).map((site) => sitePosition(lattice, site));
      expect(Math.hypot(place.x, place.y)).toBeLessThanOrEqual(Math.hypot(first.x, first.y));
      for (const site of [first, ...rest]) expect(distance(site, place)).toBeCloseTo(1.42, 12);
      expect(region.centre).toEqual(place);
      expect(Math.abs(lattice.origin.x)).toBeLessThanOrEqual(0.71);
      // two atoms in a cell of 5.239 Å²; the border's atoms make up for the scatter
      const density = (observation.atoms.length * 5.239) / 2 / region.width ** 2;
      expect(Math.abs(density - 1)).toBeLessThan(0.12);
      expect(observation.atoms.filter(({ atomicNumber }) => atomicNumber === 14)).toEqual([
        { ...place, atomicNumber: 14 },
      ]);
      expect(distance(sitePosition(lattice, goal), place)).toBeGreaterThan(1.4);
      expect([isAtGoal, scene.totalTimeS]).toEqual([false, 2]);
      widths.push(region.width);
    }
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...widths)).toBeLessThan(30);
    expect(Math.max(...widths) - Math.min(...widths)).toBeGreaterThan(12);
  });

  test("follows silicon that has left the middle half, at the price of another image", () => {
    const { scene } = begin(1);
    const stream = streamOf(key(0));
    const control = { x: 0, y: 0, dwellTimeS: 1.5, ...paperBeam };
    const step = (share: number) => {
      const { region } = scene;
      const centre = { ...region.centre, x: region.centre.x - share * region.width };
      const seen = { ...scene, region: { ...region, centre } };
      return stepPaperEpisode(seen, { map: still, controls: [control] }, stream);
    };
    expect(step(0.24).observation.elapsedTimeS).toBe(3.5);
    expect(step(0.26).observation.elapsedTimeS).toBe(5.5);
    expect(step(0.26).scene.region.centre).toEqual(scene.region.centre);
  });

  test("has 50 by 57 grid points a third of which are left out, and silicon does not leave it", () => {
    const { scene } = begin(2);
    const whole = {
      ...scene,
      region: { centre: scene.lattice.origin, width: 110, height: 110 },
    };
    const { observation } = stepPaperEpisode(whole, { map: still, controls: [] }, streamOf(key(0)));
    // a border's row more or less: 1/50 of either side
    expect(Math.abs(observation.atoms.length / ((50 * 57 * 2) / 3) - 1)).toBeLessThan(0.05);
  });

  test("its random agent stays within 1.42 Å of silicon on either axis for 1.5 s", () => {
    const [{ samples, observations }] = collectPaper(priorMap, {
      policy: paperPolicy,
      samples: 20,
      key: key(3),
    });
    expect(observations).toHaveLength(21);
    for (const { transition } of samples) {
      expect(Math.abs(transition.beamXAngstrom)).toBeLessThanOrEqual(1.42);
      expect(Math.abs(transition.beamYAngstrom)).toBeLessThanOrEqual(1.42);
      expect(transition.dwellTimeS).toBe(1.5);
      expect(transition.propensity).toBeCloseTo(1 / 2.84 ** 2, 12);
    }
  });
});

describe("its images", () => {
  const region = { centre: { x: 0, y: 0 }, width: 20, height: 20 };

  test("show an atom as a Gaussian of 1/2.15 Å, silicon brighter by (14/6)^g", () => {
    const { values, width } = cleanPaperImage(
      [
        { x: -5, y: 0, atomicNumber: 14 },
        { x: 5, y: 0, atomicNumber: 6 },
      ],
      { region, atomicExponent: 1.7 },
    );
    const at = (x: number, y: number) => {
      const col = Math.floor((x / 20 + 0.5) * 512);
      return values[Math.floor((0.5 - y / 20) * 512) * width + col];
    };
    expect(at(-5, 0)).toBe(1);
    expect(at(5, 0)).toBeCloseTo((6 / 14) ** 1.7, 4);
    const pixel = 20 / 512;
    const away = Math.round(0.465 / pixel) * pixel;
    expect(at(-5 + away, 0)).toBeCloseTo(Math.exp(-0.5 * (away * 2.15) ** 2), 2);
  });

  test("draw their noise from the published ranges", () => {
    const stream = streamOf(key(2));
    const drawn = Array.from({ length: 400 }, () => drawPaperImage("usual", stream));
    const range = (name: "atomicExponent" | "gamma" | "rowJitterPx" | "gaussianVariance") => {
      const values = drawn.map((parameters) => parameters[name]);
      return [Math.min(...values), Math.max(...values)];
    };
    for (const [name, low, high] of [
      ["atomicExponent", 1.4, 2],
      ["gamma", 0.7, 1.3],
      ["rowJitterPx", 0, 5],
      ["gaussianVariance", 0, 0.005],
    ] as const) {
      // the chance that 400 even draws leave 5 % at an end free is 1e-9
      const margin = 0.05 * (high - low);
      expect(range(name)[0]).toBeGreaterThanOrEqual(low);
      expect(range(name)[0]).toBeLessThan(low + margin);
      expect(range(name)[1]).toBeLessThanOrEqual(high);
      expect(range(name)[1]).toBeGreaterThan(high - margin);
    }
    const counts = drawn.map(({ poissonCounts }) => poissonCounts);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    // 1 + an exponential of mean 15; five standard errors of 0.75
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    expect(Math.abs(mean - 16)).toBeLessThan(3.75);
    const noisy = Array.from({ length: 100 }, () => drawPaperImage("noisy", stream));
    expect(Math.max(...noisy.map((p) => p.gaussianVariance))).toBeGreaterThan(0.2);
    expect(Math.max(...noisy.map((p) => p.blurPx))).toBeLessThan(0.25);
  });

  test("with noise are the same for the same stream, in [0, 1], and atoms stand out of them", () => {
    const { scene, observation } = begin(7);
    const parameters = {
      ...drawPaperImage("usual", streamOf(key(1))),
      poissonCounts: 60,
      rowJitterPx: 0,
      uniformScale: 0.02,
      exponentialScale: 0.02,
      gaussianVariance: 0,
      gamma: 1,
    };
    const options = { region: scene.region, parameters };
    const [one, two] = [1, 1].map((seed) =>
      paperImage(observation.atoms, options, streamOf(key(seed))),
    );
    expect(one.counts).toEqual(two.counts);
    expect(one.counts.every((value) => value >= 0 && value <= 1)).toBe(true);
    const overall = one.counts.reduce((a, b) => a + b, 0) / one.counts.length;
    const perAngstrom = 512 / scene.region.width;
    const inner = observation.atoms
      .map(({ x, y }) => inField(scene.region, { x, y }))
      .filter(({ x, y }) => x > 0.1 && x < 0.9 && y > 0.1 && y < 0.9);
    const atAtoms = inner.reduce(
      (sum, { x, y }) => sum + one.counts[Math.floor((1 - y) * 512) * 512 + Math.floor(x * 512)],
      0,
    );
    expect(atAtoms / inner.length).toBeGreaterThan(1.3 * overall);
    expect(one.pixelSizeAngstrom).toBeCloseTo(1 / perAngstrom, 12);
  });
});

describe("equalizeLocally", () => {
  test("without a limit a histogram becomes even, with one contrast is raised less", () => {
    const side = 64;
    const values = Float32Array.from({ length: side * side }, (_, p) => 0.4 + 0.1 * ((p % 7) / 6));
    const spread = (clipShare: number) => {
      const out = equalizeLocally({ values, width: side, height: side }, clipShare).values;
      return out.reduce((a, b) => Math.max(a, b)) - out.reduce((a, b) => Math.min(a, b));
    };
    expect(spread(1)).toBeGreaterThan(0.8);
    expect(spread(0.02)).toBeLessThan(0.3);
    // limited to one pixel a bin the mapping is the identity up to the bins that are filled
    expect(spread(0.02)).toBeGreaterThan(0.1);
  });
});
