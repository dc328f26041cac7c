import { describe, expect, test } from "vitest";
import type { Frame } from "./frame.js";
import { drawn, noiseFrame } from "./frames.test-helpers.js";
import { locateFrame } from "./locate-frame.js";
import { nearestPlacedSite, placedSite, shapeOf } from "./placed-lattice.js";

const clean = drawn({ seed: 3, counts: 1, angleDeg: 20 });

function changed(frame: Frame, change: (counts: Float32Array) => void): Frame {
  const counts = frame.counts.slice();
  change(counts);
  return { ...frame, counts };
}

describe("locateFrame", () => {
  test("finds one silicon atom as well as its counts allow, its sublattice and its neighbours", () => {
    let squares = 0;
    const seeds = Array.from({ length: 16 }, (_, n) => n + 1);
    for (const seed of seeds) {
      const { frame, silicon, lattice, bondPx } = drawn({ seed, counts: 0.7, strain: 0.01 });
      const found = locateFrame(frame);
      expect(found.accepted).toBe(true);
      const [only] = found.silicon;
      const off = Math.hypot(only.xPx - silicon[0].x, only.yPx - silicon[0].y) * (1.42 / bondPx);
      squares += off * off;
      expect(only.coordination).toBe(3);
      // The sublattice, checked from its definition: A has a neighbour at the angle reported.
      const turn = (found.latticeAngleDeg! * Math.PI) / 180;
      const sign = only.sublattice === "A" ? 1 : -1;
      const { site } = nearestPlacedSite(lattice, { x: only.xPx, y: only.yPx });
      const here = placedSite(lattice, site);
      const there = {
        x: here.x + sign * bondPx * Math.cos(turn),
        y: here.y + sign * bondPx * Math.sin(turn),
      };
      expect(nearestPlacedSite(lattice, there).distancePx).toBeLessThan(0.1 * bondPx);
    }
    // The Cramér–Rao bound of such a spot on such a background is 0.036 Å.
    expect(Math.sqrt(squares / seeds.length)).toBeLessThan(0.05);
  });

  test("measures the angle in the image's own axes: from x right towards y down", () => {
    for (const angleDeg of [0.5, 17, 33, 59]) {
      const { frame } = drawn({ seed: 7, counts: 1, angleDeg });
      expect(locateFrame(frame).latticeAngleDeg).toBeCloseTo(angleDeg, 0);
    }
  });

  test("corrects a field of view stated 3 % wrong to within 0.5 %", () => {
    const { frame, lattice } = clean;
    const found = locateFrame(frame, { fovAngstrom: 20 * 1.03 });
    expect(found.accepted).toBe(true);
    expect(found.reason).toMatch(/field of view corrected by −[23]\.\d %/);
    expect(found.pixelSizeAngstrom! / (1.42 / shapeOf(lattice).bondPx)).toBeCloseTo(1, 2);
  });

  test("finds the scale when none is stated", () => {
    const { frame, lattice } = drawn({ seed: 5, counts: 1, fovAngstrom: 31 });
    const found = locateFrame({ ...frame, pixelSizeAngstrom: null });
    expect(found.pixelSizeAngstrom! / (1.42 / shapeOf(lattice).bondPx)).toBeCloseTo(1, 2);
  });

  test("tells fourfold silicon, which replaces two atoms and has no sublattice", () => {
    const found = locateFrame(drawn({ seed: 8, fourfold: true }).frame);
    expect(found.silicon).toHaveLength(1);
    expect(found.silicon[0].coordination).toBe(4);
    expect(found.silicon[0].sublattice).toBeNull();
  });

  test("counts the atoms in view to 2 %", () => {
    const { frame, carbon } = clean;
    const expected = carbon.length + 1;
    expect(Math.abs(locateFrame(frame).numAtoms / expected - 1)).toBeLessThan(0.02);
  });
});

describe("frames that cannot be trusted", () => {
  const { frame } = clean;
  const side = frame.width;
  const cases: readonly (readonly [string, Frame, RegExp])[] = [
    ["black", changed(frame, (c) => c.fill(0)), /black/],
    ["NaN", changed(frame, (c) => c.fill(NaN, 50, 53)), /3 pixels are not finite/],
    [
      "saturated",
      changed(frame, (c) => c.forEach((v, i) => (c[i] = Math.min(v, 1) * 255))),
      /saturated/,
    ],
    ["half", changed(frame, (c) => c.fill(0, (side * side) / 2)), /128 of 256 rows are constant/],
    ["missing rows", changed(frame, (c) => c.fill(0, 40 * side, 42 * side)), /2 of 256 rows/],
    [
      "repeated rows",
      changed(frame, (c) => c.copyWithin(41 * side, 40 * side, 41 * side)),
      /1 of 256 rows repeat/,
    ],
    ["noise", noiseFrame(4, 256), /no graphene lattice/],
    [
      "few pixels",
      { ...frame, counts: frame.counts.slice(0, 1024), width: 32, height: 32 },
      /too few/,
    ],
    ["values short of its size", { ...frame, counts: frame.counts.slice(1) }, /need 65536 values/],
    ["wrong field of view", { ...frame, pixelSizeAngstrom: 0.12 }, /wrong field of view/],
    ["two dopants", drawn({ seed: 4, numSilicon: 2 }).frame, /2 silicon atoms/],
    ["no dopant", drawn({ seed: 4, numSilicon: 0 }).frame, /no silicon/],
    [
      "inverted",
      changed(frame, (c) => c.forEach((v, i) => (c[i] = 20 - v))),
      /inverted|no graphene/,
    ],
  ];
  for (const [name, bad, reason] of cases) {
    test(`${name}: refused, and the reason says so`, () => {
      const found = locateFrame(bad);
      expect(found.accepted).toBe(false);
      expect(found.reason).toMatch(reason);
    });
  }

  test("ten times the noise: refused", () => {
    // ten times the relative noise is a hundredth of the counts
    expect(locateFrame(drawn({ seed: 3, counts: 0.007 }).frame).accepted).toBe(false);
  });
});
