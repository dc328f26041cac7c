import { describe, expect, test } from "vitest";
import { neighbours, sameSite, siteKey, type Site } from "../model/honeycomb.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { hopRates, paperBeam } from "../model/rate-map.js";
import { fromCanonical, type NeighbourIndex } from "../model/site-symmetry.js";
import { bondLengthAngstrom, neighbourAngles, sitePosition } from "../model/honeycomb.js";
import { minus } from "../model/vector.js";
import { kernelSource, type ActionKernel } from "./action-kernels.js";
import { candidateOffsets } from "./offsets.js";
import { sitesAround, solvePolicy } from "./policy.js";

const goal: Site = { i: 0, j: 0, sublattice: "B" };

describe("solvePolicy", () => {
  test.each(["prior", "simple", "random:103"])("no action at any site is better: %s", (name) => {
    const kernels = kernelSource(mapByName(name), { beam: paperBeam, watch: false })();
    const { decide } = solvePolicy({
      goal,
      radius: 6,
      kernelsAt: () => kernels,
      overheadS: 2,
      failureTimeS: 600,
    });
    const value = (site: Site): number =>
      sameSite(site, goal) ? 0 : (decide(site)?.expectedTimeS ?? 600);
    // Bellman's equation, written out site by site
    const timeOf = (site: Site, aim: NeighbourIndex, kernel: ActionKernel): number => {
      let time = 2 + kernel.expectedDwellS;
      let stays = 0;
      for (const { site: canonical, probability } of kernel.outcomes) {
        const to = fromCanonical(canonical, site, aim);
        if (sameSite(to, site)) stays += probability;
        else time += probability * value(to);
      }
      return time / (1 - stays);
    };
    const gaps = sitesAround(goal, 6)
      .slice(1)
      .map((site) => {
        const times = ([0, 1, 2] as const).flatMap((aim) =>
          kernels.map((kernel) => timeOf(site, aim, kernel)),
        );
        return Math.abs(Math.min(600, ...times) - value(site));
      });
    expect(Math.max(...gaps)).toBeLessThan(0.01);
  });

  test("plans from where a wall stands open, and nowhere behind it", () => {
    const kernels = kernelSource(mapByName("prior"), { beam: paperBeam, watch: false })();
    const wall = new Set(neighbours(goal).map(siteKey));
    const { decide } = solvePolicy({
      goal,
      radius: 5,
      kernelsAt: () => kernels,
      overheadS: 2,
      failureTimeS: 600,
      isForbidden: (site) => wall.has(siteKey(site)),
    });
    const around = sitesAround(goal, 5).slice(1);
    const behind = around.filter((site) => !wall.has(siteKey(site)));
    expect(around.filter((site) => wall.has(siteKey(site))).map(decide)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const times = behind.map((site) => decide(site)?.expectedTimeS ?? 600);
    expect(Math.min(...times)).toBeGreaterThan(100);
  });
});

describe("candidateOffsets", () => {
  test.each(["prior", "far", "random:103", "random:109", "asymmetric"])(
    "hold a sure place for every speed: %s",
    (name) => {
      const map = mapByName(name);
      const place = (along: number, across: number) => {
        const at = { x: along * bondLengthAngstrom, y: across * bondLengthAngstrom };
        const lattice = { origin: { x: 0, y: 0 }, angle: 0, bondLengthAngstrom };
        const [aimed, ...others] = hopRates(map, at, neighbourAngles(lattice, "A"), paperBeam);
        return { aimed, share: aimed / (aimed + others[0] + others[1]) };
      };
      const chosen = candidateOffsets(map, paperBeam).map((o) => place(o.along, o.across));
      const fastest = Math.max(...chosen.map(({ aimed }) => aimed));
      for (let along = -2; along <= 3; along += 0.17) {
        for (let across = -1.5; across <= 1.5; across += 0.17) {
          const { aimed, share } = place(along, across);
          expect(aimed).toBeLessThan(1.02 * fastest);
          // one of half its speed or more is about as sure
          const alike = chosen.filter((other) => other.aimed > 0.5 * aimed);
          const surest = Math.max(...alike.map((other) => other.share));
          expect(aimed < 0.05 * fastest || surest > share - 0.06).toBe(true);
        }
      }
    },
  );
});

describe("kernelSource", () => {
  test("watched stays end before silicon hops twice unseen, where they can", () => {
    const map = mapByName("simple");
    const lattice = { origin: { x: 0, y: 0 }, angle: 0, bondLengthAngstrom };
    const home: Site = { i: 0, j: 0, sublattice: "A" };
    const watched = kernelSource(map, { beam: paperBeam, watch: true })().filter(
      ({ action }) => action.stopOnArrival,
    );
    expect(watched.length).toBeGreaterThan(0);
    for (const { action } of watched) {
      const beam = { x: action.along * bondLengthAngstrom, y: action.across * bondLengthAngstrom };
      const ratesFrom = (site: Site) =>
        hopRates(
          map,
          minus(beam, sitePosition(lattice, site)),
          neighbourAngles(lattice, site.sublattice),
          paperBeam,
        );
      // at home, at each of the two other neighbours, and beyond: small steps of time
      const [aimed, ...others] = ratesFrom(home);
      const onward = neighbours(home)
        .slice(1)
        .map((site) => ratesFrom(site).reduce((a, b) => a + b, 0));
      let [here, beyond] = [1, 0];
      const there = [0, 0];
      const steps = 4000;
      const dt = action.dwellTimeS / steps;
      for (let n = 0; n < steps; n++) {
        for (const k of [0, 1]) {
          beyond += dt * onward[k] * there[k];
          there[k] += dt * (others[k] * here - onward[k] * there[k]);
        }
        here -= dt * (aimed + others[0] + others[1]) * here;
      }
      expect(beyond).toBeLessThan(0.0105);
    }
  });
});
