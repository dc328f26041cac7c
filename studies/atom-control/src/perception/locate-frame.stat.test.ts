import { describe, expect, test } from "vitest";
import { drawn } from "./frames.test-helpers.js";
import { locateFrame } from "./locate-frame.js";
import { shapeOf } from "./placed-lattice.js";

const side = 256;
const pixel = 20 / side;
const doses = [0.1, 0.35, 0.7, 3] as const;

/** Scale ±5 %, any angle, strain to 1 %, scan noise of 0.1 Å: the scale is stated as if exact. */
function hardFrame(seed: number, counts: number, numSilicon: number) {
  const fovAngstrom = 20 * (0.95 + (0.1 * (seed % 11)) / 10);
  const options = { seed, counts, numSilicon, fovAngstrom, strain: 0.01, scanNoiseAngstrom: 0.1 };
  const scene = drawn(options);
  return { scene, found: locateFrame({ ...scene.frame, pixelSizeAngstrom: pixel }) };
}

/** Fixed seeds. Each share is over atoms or frames of independent drawings. */
describe("locateFrame on drawn frames of 0.1 to 3 counts", () => {
  test("atoms: precision and recall at least 0.99, 0.08 Å and all silicon from 0.35 counts on", () => {
    for (const counts of doses) {
      let [hits, missed, made, squares, silicon] = [0, 0, 0, 0, 0];
      const frames = 30;
      for (let seed = 1; seed <= frames; seed++) {
        const { scene, found } = hardFrame(seed, counts, 1);
        const { carbon, bondPx } = scene;
        const [atom] = scene.silicon;
        const away = (a: { x: number; y: number }, x: number, y: number): number =>
          Math.hypot(a.x - x, a.y - y);
        const inside = (x: number, y: number): boolean =>
          [x, y].every((v) => v > 0.3 * bondPx && v < side - 1 - 0.3 * bondPx);
        silicon += found.silicon.some((s) => away(atom, s.xPx, s.yPx) < 0.5 * bondPx) ? 1 : 0;
        const sites = found.sites.filter((site) => site.posterior.carbon > 0.5);
        for (const { xPx, yPx } of sites) {
          if (!inside(xPx, yPx)) continue;
          const off = Math.min(...carbon.map((c) => away(c, xPx, yPx)));
          if (off > 0.5 * bondPx) made++;
          // silicon pushes its neighbours; the lattice is where they would be without it
          else if (away(atom, xPx, yPx) > 1.3 * bondPx) squares += (off * pixel) ** 2;
        }
        for (const c of carbon) {
          if (!inside(c.x, c.y)) continue;
          if (sites.some((s) => away(c, s.xPx, s.yPx) < 0.5 * bondPx)) hits++;
          else missed++;
        }
      }
      expect(hits / (hits + made)).toBeGreaterThanOrEqual(0.99);
      expect(hits / (hits + missed)).toBeGreaterThanOrEqual(0.99);
      // at 0.1 counts the frame's own noise is known too poorly to be sure of every silicon atom
      expect(silicon).toBeGreaterThanOrEqual(counts < 0.35 ? frames - 2 : frames);
      const mostOff = counts < 0.35 ? 0.12 : 0.08;
      expect(Math.sqrt(squares / hits)).toBeLessThanOrEqual(mostOff);
    }
  });

  test("no silicon where there is none, at most a rare one at 0.1 counts", () => {
    // 150 frames without: a false alarm in 3 % of them would be seen with probability 0.99.
    const alarms = { faint: 0, other: 0 };
    for (let seed = 0; seed < 200; seed++) {
      const { found } = hardFrame(5000 + seed, doses[seed % doses.length], 0);
      if (found.silicon.length > 0) alarms[seed % doses.length === 0 ? "faint" : "other"]++;
    }
    expect(alarms.other).toBe(0);
    expect(alarms.faint).toBeLessThanOrEqual(2);
  });

  test("tells threefold from fourfold silicon in at least 95 % of frames from 0.35 counts on", () => {
    let right = 0;
    for (let seed = 0; seed < 60; seed++) {
      const fourfold = seed % 2 === 1;
      const { frame } = drawn({ seed, counts: 0.35, fourfold, strain: 0.01 });
      if (locateFrame(frame).silicon[0]?.coordination === (fourfold ? 4 : 3)) right++;
    }
    expect(right).toBeGreaterThanOrEqual(57);
  });
});

describe("frames with more than one lattice, or with dirt", () => {
  test("grain boundaries are refused wherever they run", () => {
    for (let k = 0; k < 6; k++) {
      const options = { side: 512, fovAngstrom: 40, counts: 0.7 };
      const left = drawn({ ...options, seed: 9000 + k, angleDeg: 5 });
      const right = drawn({ ...options, seed: 9100 + k, angleDeg: 15 + 3 * k, numSilicon: 0 });
      const cut = [0.3, 0.5, 0.7][k % 3] * 512;
      const counts = left.frame.counts.map((v, i) => (i % 512 < cut ? v : right.frame.counts[i]));
      const found = locateFrame({ ...left.frame, counts });
      expect(found.accepted).toBe(false);
      expect(found.reason).toMatch(/grain boundary|covers only/);
    }
  });

  test("beside disordered carbon the lattice is found, and dirt is not taken for silicon", () => {
    let [lattices, claims, hits] = [0, 0, 0];
    const frames = 24;
    for (let seed = 9300; seed < 9300 + frames; seed++) {
      const { frame, bondPx, silicon } = drawn({ seed, dirtShare: 0.2 });
      const found = locateFrame(frame);
      expect(found.accepted).toBe(false);
      const scale = found.lattice === null ? 0 : shapeOf(found.lattice).bondPx / bondPx;
      if (Math.abs(scale - 1) < 0.01) lattices++;
      const isThere = found.silicon.some(
        (s) => Math.hypot(s.xPx - silicon[0].x, s.yPx - silicon[0].y) < 0.3 * bondPx,
      );
      if (isThere) hits++;
      claims += found.silicon.length;
    }
    expect(lattices).toBe(frames);
    expect(hits).toBeGreaterThanOrEqual(frames - 4);
    // of some fifty bright spots a frame that are none
    expect(claims - hits).toBeLessThanOrEqual(2 * frames);
  });

  test("five rows of atoms in 128 pixels are enough, for either kind of silicon", () => {
    let [right, seen] = [0, 0];
    for (let seed = 9400; seed < 9430; seed++) {
      const fourfold = seed % 2 === 1;
      const { frame } = drawn({ seed, side: 128, fovAngstrom: 10, fourfold, strain: 0.01 });
      const found = locateFrame(frame);
      if (found.silicon.length === 1) seen++;
      if (found.silicon[0]?.coordination === (fourfold ? 4 : 3)) right++;
    }
    expect(seen).toBeGreaterThanOrEqual(29);
    expect(right).toBeGreaterThanOrEqual(29);
  });

  test("dirt over a third of the frame is refused", () => {
    for (let seed = 9200; seed < 9206; seed++) {
      const { frame } = drawn({ seed, counts: 0.7 });
      const counts = frame.counts.map((v, i) => {
        const x = i % side;
        const y = Math.floor(i / side);
        return x < 0.35 * side ? v + Math.round(2 + 2 * Math.sin(x / 6) * Math.sin(y / 7)) : v;
      });
      expect(locateFrame({ ...frame, counts }).accepted).toBe(false);
    }
  });
});
