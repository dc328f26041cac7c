import { describe, expect, test } from "vitest";
import { neighbours, sitePosition, type Site } from "../model/honeycomb.js";
import { drawn } from "./frames.test-helpers.js";
import { hopLog } from "./hop-log.js";
import { locateFrame } from "./locate-frame.js";
import { pairTransition } from "./pair-transition.js";
import { placedSite } from "./placed-lattice.js";
import { latticeAt, pixelAngstrom, seen, side } from "./tracking.test-helpers.js";

const start: Site = { i: 0, j: 0, sublattice: "A" };
const origin = { x: 120, y: 140 };

describe("hopLog", () => {
  test("names the neighbour silicon went to, counted from the lattice angle in the image's axes", () => {
    for (const k of [0, 1, 2] as const) {
      const lattice = latticeAt(0.3, origin);
      const to = neighbours(start)[k];
      const [record] = hopLog([seen(lattice, start), seen(lattice, to)]);
      expect(record.label).toBe(k + 1);
      expect(record.parityFlip).toBe(true);
      const from = placedSite(lattice, start);
      const there = placedSite(lattice, to);
      const expected = 0.3 + (k * 2 * Math.PI) / 3;
      const turned = Math.atan2(there.y - from.y, there.x - from.x) - expected;
      expect(Math.cos(turned)).toBeCloseTo(1, 9);
    }
  });

  test("sees that silicon stayed while the sheet drifted by 0.6 Å", () => {
    const after = { x: origin.x + 0.6 / pixelAngstrom, y: origin.y };
    const [record] = hopLog([
      seen(latticeAt(0.3, origin), start),
      seen(latticeAt(0.3, after), start),
    ]);
    expect(record.label).toBe(0);
    expect(record.parityFlip).toBe(false);
    expect(record.drift!.x).toBeCloseTo(0.6, 6);
    expect(record.drift!.y).toBeCloseTo(0, 6);
  });

  test("reads the parity across the wrap of the angle at 60°", () => {
    const [stayed] = hopLog([
      seen(latticeAt(Math.PI / 3 - 0.005, origin), start),
      seen(latticeAt(Math.PI / 3 + 0.005, origin), start),
    ]);
    expect(stayed.parityFlip).toBe(false);
    expect(stayed.label).toBe(0);
  });

  test("does not choose between neighbours when the sheet moved halfway between two of them", () => {
    // Two neighbours of the site are 2.46 Å apart: a drift of half of it fits both.
    const lattice = latticeAt(0, origin);
    const [first, second] = [1, 2].map((k) => placedSite(lattice, neighbours(start)[k]));
    const half = { x: (first.x - second.x) / 2, y: (first.y - second.y) / 2 };
    const moved = latticeAt(0, { x: origin.x + half.x, y: origin.y + half.y });
    const [record] = hopLog([seen(lattice, start), seen(moved, neighbours(start)[2])]);
    expect(record.parityFlip).toBe(true);
    expect(record.label).toBe("ambiguous");
  });

  test("lets a foreign atom decide what drift alone cannot", () => {
    const lattice = latticeAt(0, origin);
    const [first, second] = [1, 2].map((k) => placedSite(lattice, neighbours(start)[k]));
    const half = { x: (first.x - second.x) / 2, y: (first.y - second.y) / 2 };
    const moved = latticeAt(0, { x: origin.x + half.x, y: origin.y + half.y });
    const anchors = [
      { x: 40, y: 50 },
      { x: 200, y: 90 },
    ];
    const there = anchors.map(({ x, y }) => ({ x: x + half.x, y: y + half.y }));
    const [record] = hopLog([
      seen(lattice, start, anchors),
      seen(moved, neighbours(start)[2], there),
    ]);
    expect(record.label).toBe(3);
  });

  test("is lost on refused frames and goes on after them", () => {
    const good = seen(latticeAt(0.3, origin), start);
    const bad = { ...good, isLatticeSound: false, accepted: false, reason: "no graphene" };
    const records = hopLog([good, bad, good, good]);
    expect(records.map((record) => record.label)).toEqual(["lost", "lost", 0]);
    expect(records[0].reason).toBe("no graphene");
  });
});

describe("turned frames", () => {
  // Silicon lies 6.6 Å from the centre: turned frames have it 10 Å away or more.
  const { frame } = drawn({ seed: 28, counts: 0.7, angleDeg: 10 });
  const counted = (map: (x: number, y: number) => number) => ({
    ...frame,
    counts: Float32Array.from(
      frame.counts,
      (_, i) => frame.counts[map(i % side, Math.floor(i / side))],
    ),
  });
  const located = (of: typeof frame) => ({ ...locateFrame(of), width: side, height: side });
  const last = side - 1;
  const cases = [
    ["turned by 180°", (x: number, y: number) => (last - y) * side + last - x],
    ["transposed", (x: number, y: number) => x * side + y],
    ["mirrored left to right", (x: number, y: number) => y * side + last - x],
  ] as const;
  for (const [name, map] of cases) {
    test(`${name} against the one before: lost, no hop is made up`, () => {
      const [record] = hopLog([located(frame), located(counted(map))]);
      expect(record.label).toBe("lost");
      expect(record.reason).toMatch(/turned|transposed|mirrored/);
    });
  }
});

describe("pairTransition", () => {
  test("has silicon where the image has it, with y up", () => {
    const lattice = latticeAt(0.4, origin);
    for (const first of [start, { i: 1, j: -2, sublattice: "B" } as const]) {
      for (const to of neighbours(first)) {
        const before = seen(lattice, first);
        const [record] = hopLog([before, seen(lattice, to)]);
        const beam = { xPx: 150, yPx: 100, dwellTimeS: 2, currentNanoA: 0.1, voltageKv: 60 };
        const sample = pairTransition(before, record, beam, { trajectory: 0, step: 0 })!;
        const likely = sample.after.reduce((a, b) => (a.probability > b.probability ? a : b));
        const honeycomb = {
          origin: { x: 0, y: 0 },
          angle: sample.latticeAngle,
          bondLengthAngstrom: 1.42,
        };
        const from = sitePosition(honeycomb, { i: 0, j: 0, sublattice: sample.sublattice });
        const there = sitePosition(honeycomb, likely);
        const [imageFrom, imageTo] = [placedSite(lattice, first), placedSite(lattice, to)];
        expect(there.x - from.x).toBeCloseTo((imageTo.x - imageFrom.x) * pixelAngstrom, 6);
        expect(there.y - from.y).toBeCloseTo(-(imageTo.y - imageFrom.y) * pixelAngstrom, 6);
        expect(sample.beamXAngstrom).toBeCloseTo((150 - imageFrom.x) * pixelAngstrom, 9);
        expect(sample.beamYAngstrom).toBeCloseTo(-(100 - imageFrom.y) * pixelAngstrom, 9);
      }
    }
  });
});
