import { describe, expect, test } from "vitest";
import {
  bondLengthAngstrom,
  neighbours,
  sameSite,
  sitePosition,
  type Site,
} from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { filterObservations, type FilterRule } from "./filter-steps.js";
import type { Atom, GridObservation } from "./grid-step.js";

const angle = 0.3;
const lattice = { origin: { x: 5, y: -3 }, angle, bondLengthAngstrom };
const home: Site = { i: 0, j: 0, sublattice: "A" };
const sites = patchAbout("A", 4).sites;
const control = { x: 5.4, y: -2.6, dwellTimeS: 3, currentNanoA: 0.1, voltageKv: 60 };

/** A sheet with silicon at a site. */
function sheet(silicon: Site, shift = 0): Atom[] {
  return sites.map((site) => {
    const { x, y } = sitePosition(lattice, site);
    return { x: x + shift, y, atomicNumber: sameSite(site, silicon) ? 14 : 6 };
  });
}

function observed(atoms: readonly Atom[], controls = [control]): GridObservation {
  return { atoms, controls };
}

/** The rule that drops the step between two images, or the site after it. */
function verdict(before: GridObservation, after: readonly Atom[]): FilterRule | Site {
  const { transitions, counts } = filterObservations([[before, observed(after)]], {
    pairing: "with-before",
  });
  expect(counts.total).toBe(1);
  if (transitions.length === 1) {
    const { probability: _, ...site } = transitions[0].after[0];
    return site;
  }
  return (Object.keys(counts.dropped) as FilterRule[]).find((rule) => counts.dropped[rule] === 1)!;
}

/** The atom on a site moved towards silicon's home until it is so far from it. */
function pulled(atoms: readonly Atom[], site: Site, to: number): Atom[] {
  const [from, at] = [sitePosition(lattice, home), sitePosition(lattice, site)];
  const share = to / Math.hypot(at.x - from.x, at.y - from.y);
  return atoms.map((atom) =>
    Math.hypot(atom.x - at.x, atom.y - at.y) > 1e-9
      ? atom
      : { ...atom, x: from.x + share * (at.x - from.x), y: from.y + share * (at.y - from.y) },
  );
}

const second = sites[4]; // two hops away

describe("filterObservations", () => {
  test("keeps a dwell without a hop, with the beam relative to silicon", () => {
    const { transitions } = filterObservations([[observed(sheet(home)), observed(sheet(home))]], {
      pairing: "with-before",
    });
    const [{ beamXAngstrom, beamYAngstrom, latticeAngle, after }] = transitions;
    expect(beamXAngstrom).toBeCloseTo(0.4, 12);
    expect(beamYAngstrom).toBeCloseTo(0.4, 12);
    // the lattice's angle, but for the third of a turn that says which neighbour comes first
    expect(Math.cos(3 * (latticeAngle - angle))).toBeCloseTo(1, 12);
    expect(after).toEqual([{ ...home, probability: 1 }]);
  });

  test("labels a hop by the neighbour where silicon now is", () => {
    for (const site of neighbours(home)) {
      const { transitions } = filterObservations([[observed(sheet(home)), observed(sheet(site))]], {
        pairing: "with-before",
      });
      const [{ latticeAngle, after }] = transitions;
      const found = sitePosition({ ...lattice, angle: latticeAngle }, after[0]);
      const expected = sitePosition(lattice, site);
      expect(found.x).toBeCloseTo(expected.x, 9);
      expect(found.y).toBeCloseTo(expected.y, 9);
    }
  });

  test.each<[FilterRule, GridObservation, readonly Atom[]]>([
    ["one-control", observed(sheet(home), []), sheet(home)],
    ["one-control", observed(sheet(home), [control, control]), sheet(home)],
    ["one-silicon", observed(sheet(home)), [...sheet(home), { ...sheet(home)[0], x: 9 }]],
    ["one-silicon", observed(sheet({ ...home, i: 40 })), sheet(home)],
    ["nine-neighbours", observed(sheet(home).slice(0, 9)), sheet(home)],
    ["not-fourfold", observed(pulled(sheet(home), second, 1.8)), sheet(home)],
    ["threefold", observed(pulled(sheet(home), second, 1.95)), sheet(home)],
    ["single-hop", observed(sheet(home)), sheet(second)],
    ["aligned", observed(sheet(home)), sheet(home, 0.72)],
  ])("drops a step by the rule %s", (rule, before, after) => {
    expect(verdict(before, after)).toBe(rule);
  });

  test("pairs controls with the image before or after, as told", () => {
    const still = observed(sheet(home), []);
    const parked = observed(sheet(home));
    const kept = (pairing: "with-before" | "with-after") =>
      filterObservations([[still, parked, still]], { pairing }).transitions.map(({ step }) => step);
    expect(kept("with-before")).toEqual([1]);
    expect(kept("with-after")).toEqual([0]);
  });
});
