import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "@quadrivium/config";
import { writeNpy } from "@quadrivium/io";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { transitionSchema } from "../data/transition.js";
import { drawn } from "../perception/frames.test-helpers.js";
import { locateCommand } from "./locate.js";
import { trackCommand } from "./track.js";

const dataFolder = process.env["QUADRIVIUM_DATA"];

function host(files: { readonly [path: string]: Uint8Array | string } = {}) {
  const written = new Map<string, string>();
  const context: CommandContext = {
    signal: new AbortController().signal,
    compute: { executor: "auto", threads: 1 },
    progress: () => {},
    readFile: async (path) => {
      const own = files[path];
      if (own === undefined) return new Uint8Array(readFileSync(path));
      return typeof own === "string" ? new TextEncoder().encode(own) : own;
    },
    writeFile: async (path, bytes) => {
      written.set(path, String(bytes));
    },
    map: async function* () {},
  };
  return { context, written };
}

function npyOf(seed: number, angleDeg = 12): Uint8Array {
  const { counts, height, width } = drawn({ seed, angleDeg }).frame;
  return writeNpy({ dtype: "float32", shape: [height, width], data: counts });
}

const newDocument = async (): Promise<Document> =>
  parseHTML("<!doctype html><html><body></body></html>").document;

/** The same scene with other counts. */
function changed(counts: Float32Array): Float32Array {
  return counts.map((count, i) => (i % 17 === 0 ? count + 1 : count));
}

const locate = (given: object) => locateCommand.input.parse(given);
const track = (given: object) => trackCommand.input.parse(given);

describe("locate", () => {
  test("reports each frame, draws an overlay, and refuses a damaged file without throwing", async () => {
    const { context, written } = host({ "a.npy": npyOf(1), "b.npy": npyOf(2).slice(0, 500) });
    const found = await locateCommand.run(
      locate({ files: ["a.npy", "b.npy"], fovAngstrom: 20, out: "o.html" }),
      context,
    );
    expect(found.frames.map((frame) => frame.accepted)).toEqual([true, false]);
    expect(found.frames[1].reason).toMatch(/unreadable/);
    expect(written.get("o.html")).toContain("Si 3-fold");
    expect(locateCommand.render!(found)).toMatch(/a\.npy \[0\] accepted/);
    expect(() => locateCommand.output.parse(found)).not.toThrow();
  });

  test("gives a single frame's fields at the top as well, and those of several in the list only", async () => {
    const { context } = host({ "a.npy": npyOf(1), "b.npy": npyOf(2) });
    const one = await locateCommand.run(locate({ files: ["a.npy"] }), context);
    expect({ ...one, frames: [] }).toEqual({ ...one.frames[0], frames: [] });
    expect(locateCommand.output.parse(one)).toEqual(one);
    const two = await locateCommand.run(locate({ files: ["a.npy", "b.npy"] }), context);
    expect(Object.keys(two)).toEqual(["frames"]);
  });

  // Written out by hand: no lattice code takes part in drawing, only directions in the image.
  test.each(["A", "B"] as const)(
    "angle and sublattice by hand: silicon on %s, a neighbour at 10° of an A site, y down",
    async (sublattice) => {
      const [side, bond, sigma] = [200, 14.2, 3.7];
      const silicon = { x: 93, y: 108 };
      const towards = sublattice === "A" ? 10 : 190;
      const direction = (degrees: number) => ({
        x: Math.cos((degrees * Math.PI) / 180),
        y: Math.sin((degrees * Math.PI) / 180),
      });
      // From the site: its neighbours, and whole steps between sites of one kind, √3 bonds long.
      const [first, second] = [direction(towards + 30), direction(towards - 30)];
      const counts = new Float32Array(side * side).fill(4);
      for (let n = -14; n <= 14; n++) {
        for (let m = -14; m <= 14; m++) {
          const x = silicon.x + Math.sqrt(3) * bond * (n * first.x + m * second.x);
          const y = silicon.y + Math.sqrt(3) * bond * (n * first.y + m * second.y);
          const beside = direction(towards);
          for (const [cx, cy, height] of [
            [x, y, n === 0 && m === 0 ? 50 : 10],
            [x + bond * beside.x, y + bond * beside.y, 10],
          ]) {
            for (let r = Math.max(0, Math.ceil(cy - 20)); r <= Math.min(side - 1, cy + 20); r++) {
              for (let c = Math.max(0, Math.ceil(cx - 20)); c <= Math.min(side - 1, cx + 20); c++) {
                const squared = (c - cx) ** 2 + (r - cy) ** 2;
                counts[r * side + c] += height * Math.exp(-squared / (2 * sigma * sigma));
              }
            }
          }
        }
      }
      const file = writeNpy({ dtype: "float32", shape: [side, side], data: counts });
      const { context } = host({ "hand.npy": file });
      const found = await locateCommand.run(locate({ files: ["hand.npy"] }), context);
      expect(found.latticeAngleDeg).toBeCloseTo(10, 1);
      expect(found.pixelSizeAngstrom).toBeCloseTo(0.1, 3);
      expect(found.silicon).toHaveLength(1);
      expect(found.silicon![0].sublattice).toBe(sublattice);
      expect(found.silicon![0].coordination).toBe(3);
      expect(found.silicon![0].xPx).toBeCloseTo(silicon.x, 1);
      expect(found.silicon![0].yPx).toBeCloseTo(silicon.y, 1);
    },
  );

  test("names the endings of an overlay", async () => {
    const { context } = host({ "a.npy": npyOf(1) });
    await expect(
      locateCommand.run(locate({ files: ["a.npy"], out: "o.png" }), context),
    ).rejects.toThrow('must end in .svg or .html; got "o.png"');
  });
});

describe("track", () => {
  const files = { "a.npy": npyOf(1), "b.npy": npyOf(1) };

  test("refuses a frame that repeats the one before", async () => {
    const { context } = host(files);
    const found = await trackCommand.run(track({ files: ["a.npy", "b.npy"] }), context);
    expect(found.pairs[0].label).toBe("lost");
    expect(found.pairs[0].reason).toMatch(/repeats/);
    const { numFlips: _, numTransitions: __, pairs, ...top } = found;
    expect(top).toEqual(pairs[0]);
  });

  test("writes samples that the learner reads", async () => {
    // The same scene with other counts: silicon stays, the sheet does not drift.
    const thinned = changed(drawn({ seed: 1, angleDeg: 12 }).frame.counts);
    const second = writeNpy({ dtype: "float32", shape: [256, 256], data: thinned });
    const beam = JSON.stringify([{ xPx: 130, yPx: 120, dwellTimeS: 3 }]);
    const { context, written } = host({ ...files, "c.npy": second, "beam.json": beam });
    const given = track({ files: ["a.npy", "c.npy"], beam: "beam.json", out: "d.jsonl" });
    const found = await trackCommand.run(given, context);
    expect(found.pairs[0].label).toBe(0);
    expect(found.numTransitions).toBe(1);
    const sample = transitionSchema.parse(JSON.parse(written.get("d.jsonl")!.trim()));
    expect(sample.dwellTimeS).toBe(3);
  });

  test("draws drift and sublattice by frame, with a gap where silicon was lost", async () => {
    const again = changed(drawn({ seed: 1, angleDeg: 12 }).frame.counts);
    const { context, written } = host({
      ...files,
      "c.npy": writeNpy({ dtype: "float32", shape: [256, 256], data: again }),
      "black.npy": writeNpy({ dtype: "float32", shape: [256, 256], data: new Float32Array(65536) }),
    });
    const given = track({
      files: ["a.npy", "c.npy", "black.npy", "a.npy", "c.npy"],
      figure: "h.svg",
    });
    await trackCommand.run(given, { ...context, newDocument });
    const { document } = parseHTML(written.get("h.svg")!);
    const labels = [...document.querySelectorAll("text")].map((text) => text.textContent);
    expect(labels.filter((label) => label === "lost")).toHaveLength(2);
    // two pairs, each with a drift to the right and down; four frames with silicon
    expect(document.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(2 * 2 + 4);
    await expect(trackCommand.run(given, context)).rejects.toMatchObject({ code: "E_DOCUMENT" });
  });

  test("asks for one beam a pair, and for two frames", async () => {
    const { context } = host({ ...files, "beam.json": "[]" });
    const given = track({ files: ["a.npy", "b.npy"], beam: "beam.json", out: "d.jsonl" });
    await expect(trackCommand.run(given, context)).rejects.toThrow(
      "one entry for each of 1 pairs; got 0",
    );
    await expect(trackCommand.run(track({ files: ["a.npy"] }), context)).rejects.toThrow(
      "needs two frames or more; got 1",
    );
  });
});

const folder = dataFolder === undefined ? undefined : join(dataFolder, "stem", "frames");
const names = folder === undefined ? [] : present(folder);

function present(path: string): readonly string[] {
  try {
    return readdirSync(path).filter((name) => name.endsWith(".hdf5"));
  } catch {
    return [];
  }
}

const has = (name: string): boolean => names.includes(name);

describe("real 60 kV frames (skipped unless QUADRIVIUM_DATA has stem/frames)", () => {
  const path = (name: string): string => join(folder ?? "", name);
  // Places are the labels published with the frames (a network's): hints to 0.15 Å.
  const published = [
    ["Si1C3-10.hdf5", 147.38, 208.62],
    ["Si1C3-11.hdf5", 172.56, 207.33],
    ["Si1C3-12.hdf5", 181.3, 225.7],
  ] as const;

  test.skipIf(!has("Si1C3-10.hdf5"))(
    "one threefold silicon atom at its published place",
    async () => {
      const { context } = host();
      const files = published.map(([name]) => path(name));
      const found = await locateCommand.run(locate({ files }), context);
      found.frames.forEach((frame, n) => {
        const [name, x, y] = published[n];
        expect([name, frame.accepted, frame.silicon.length]).toEqual([name, true, 1]);
        const away = Math.hypot(frame.silicon[0].xPx - x, frame.silicon[0].yPx - y);
        expect(away * frame.pixelSizeAngstrom!).toBeLessThan(0.15);
        expect(frame.silicon[0].coordination).toBe(3);
        expect(frame.reason).toMatch(/corrected by −[12]\.\d %/);
      });
    },
  );

  test.skipIf(!has("Si1C3-10.hdf5"))("successive frames change the sublattice", async () => {
    const { context, written } = host();
    const files = published.map(([name]) => path(name));
    const given = track({ files, figure: "hops.svg" });
    const found = await trackCommand.run(given, { ...context, newDocument });
    expect(found.pairs.map((pair) => pair.parityFlip)).toEqual([true, true]);
    const { document } = parseHTML(written.get("hops.svg")!);
    expect(document.querySelectorAll('g[aria-label="dot"] circle')).toHaveLength(2 * 2 + 3);
  });

  test.skipIf(!has("Si3C6-10.hdf5"))("clusters are not taken for one atom", async () => {
    const { context } = host();
    const files = ["Si3C6-10.hdf5", "Si1C3-102.hdf5"].map(path);
    const found = await locateCommand.run(locate({ files }), context);
    expect(found.frames.map((frame) => frame.silicon.length)).toEqual([3, 2]);
    expect(found.frames.map((frame) => frame.accepted)).toEqual([false, false]);
  });
});
