import { hostArray } from "@quadrivium/core";
import { readTfRecords, writeNpy, writeZip } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import { readTransitions, writeTransitions } from "../data/read-transitions.js";
import { filterSteps } from "../data/filter-steps.js";
import { readDuneSteps } from "../formats/dune-sessions.js";
import { readDuneRecords, writeDuneRecords } from "../formats/putting-dune.js";
import { drawTransitions } from "../learn/learn.test-helpers.js";
import { sitePosition, type Honeycomb, type Site } from "../model/honeycomb.js";
import { simpleMap } from "../model/maps/fixed-maps.js";
import { patchAbout } from "../model/patch.js";
import { paperBeam } from "../model/rate-map.js";
import { memoryContext } from "./command-context.test-helpers.js";
import { exportCommand } from "./export.js";
import { importCommand } from "./import.js";
import { simulateCommand } from "./simulate.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where a sample's beam and silicon lie, told from the neighbours' directions alone. */
function told(bytes: Uint8Array) {
  return readTransitions(bytes, "data.jsonl").map((t) => {
    const lattice: Honeycomb = {
      origin: { x: 0, y: 0 },
      angle: t.latticeAngle,
      bondLengthAngstrom: 1.42,
    };
    const own = sitePosition(lattice, { i: 0, j: 0, sublattice: t.sublattice });
    const now = sitePosition(lattice, t.after[0]);
    return [t.beamXAngstrom, t.beamYAngstrom, t.dwellTimeS, now.x - own.x, now.y - own.y];
  });
}

describe("import and export", () => {
  test("samples come back from records bit by bit, posteriors and propensities too", async () => {
    const context = memoryContext();
    const drawn = drawTransitions(simpleMap, { count: 40, seed: 3, dwellTimesS: [3, 9] });
    const [first, ...rest] = drawn;
    const doubted = {
      ...first,
      propensity: 1 / 3,
      after: [
        { i: 0, j: 0, sublattice: "A" as const, probability: 0.7 },
        { i: 0, j: 0, sublattice: "B" as const, probability: 0.3 },
      ],
    };
    const text = writeTransitions([doubted, ...rest]);
    context.files.set("data.jsonl", encode(text));
    const exported = exportCommand.input.parse({ data: "data.jsonl", out: "data.tfrecords" });
    await exportCommand.run(exported, context);
    const imported = importCommand.input.parse({ source: "data.tfrecords", out: "back.jsonl" });
    const { total, kept } = await importCommand.run(imported, context);
    expect(new TextDecoder().decode(context.files.get("back.jsonl"))).toBe(text);
    expect([total, kept]).toEqual([40, 40]);
  });

  test("readers that know only the published fields find the same samples in them", async () => {
    const context = memoryContext();
    const drawn = drawTransitions(simpleMap, { count: 40, seed: 3, dwellTimesS: [3, 9] });
    context.files.set("data.jsonl", encode(writeTransitions(drawn)));
    const given = exportCommand.input.parse({ data: "data.jsonl" });
    await exportCommand.run(given, context);
    const bytes = context.files.get("data.tfrecords")!;
    expect(readTfRecords(bytes)).toHaveLength(40);
    const published = writeDuneRecords(readDuneRecords(bytes, "transition"), "transition");
    const { sessions } = readDuneSteps(published, { beam: paperBeam });
    const { transitions, counts } = filterSteps(sessions, { multiHop: "keep" });
    expect(counts.kept).toBe(40);
    const [again, before] = [transitions, drawn].map((list) =>
      told(encode(writeTransitions(list))),
    );
    again.forEach((row, at) => {
      row.forEach((value, column) => expect(value).toBeCloseTo(before[at][column], 4));
    });
  });

  test("simulated sessions of records give the samples that were simulated", async () => {
    const context = memoryContext();
    const simulated = simulateCommand.input.parse({
      preset: "pd-compat",
      map: "simple",
      samples: 100,
      records: "session.tfrecords",
    });
    await simulateCommand.run(simulated, context);
    const given = importCommand.input.parse({ source: "session.tfrecords", out: "back.jsonl" });
    const found = await importCommand.run(given, context);
    expect(importCommand.output.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      total: 100,
      kept: 100,
      pairing: "with-after",
      beamFrame: "field",
    });
    const [back, before] = ["back.jsonl", "data.jsonl"].map((name) =>
      told(context.files.get(name)!),
    );
    back.forEach((row, at) => {
      row.forEach((value, column) => expect(value).toBeCloseTo(before[at][column], 4));
    });
    const paper = await importCommand.run({ ...given, multiHop: "drop" }, context);
    expect(paper.dropped["single-hop"]).toBeGreaterThan(0);
    expect(paper.kept + paper.dropped["single-hop"]).toBe(100);
    expect(importCommand.render!(paper)).toContain('dropped by the rule "single-hop"');
  });

  test("records whose pairing cannot be told are refused until it is said", async () => {
    const context = memoryContext();
    const simulated = simulateCommand.input.parse({
      preset: "pd-compat",
      samples: 3,
      records: "session.tfrecords",
    });
    await simulateCommand.run(simulated, context);
    const [{ observations }] = readDuneRecords(
      context.files.get("session.tfrecords")!,
      "trajectory",
    );
    const cut = [{ observations: (observations as readonly object[]).slice(1) }];
    context.files.set("cut.tfrecords", writeDuneRecords(cut as never, "trajectory"));
    const given = importCommand.input.parse({ source: "cut.tfrecords" });
    await expect(importCommand.run(given, context)).rejects.toThrow("got neither; say --pairing");
    const found = await importCommand.run({ ...given, pairing: "with-after" }, context);
    expect(found.total).toBe(2);
  });

  test("a folder of Oak Ridge gives samples whose y runs up", async () => {
    const [side, fov] = [128, 24];
    const perAngstrom = side / fov;
    const lattice: Honeycomb = { origin: { x: 0, y: 0 }, angle: 0.2, bondLengthAngstrom: 1.42 };
    const home: Site = { i: 0, j: 0, sublattice: "A" };
    const [, neighbour] = patchAbout("A", 1).sites;
    // from the centre of the image, y up
    const pixel = ({ x, y }: { readonly x: number; readonly y: number }): [number, number] => [
      63.5 + x * perAngstrom,
      63.5 - y * perAngstrom,
    ];
    const sites = patchAbout("A", 4).sites;
    const counts = new Float32Array(2 * side * side).fill(1);
    for (const site of sites) {
      const [x, y] = pixel(sitePosition(lattice, site)).map(Math.round);
      for (const f of [0, 1]) counts[(f * side + y) * side + x] = 9;
    }
    const beam = { x: 0.6, y: 1.1 };
    const entry = (silicon: Site): object => ({
      "All coordinates": { "0": sites.map((site) => pixel(sitePosition(lattice, site))) },
      "Blast coordinates": { Dopants: [pixel(sitePosition(lattice, silicon))] },
      "Beam location": pixel(beam),
      "Beam dwelltime": 2.5,
      "All parameters": { image_parameters: [fov / 10, side] },
    });
    const pack = (array: Float32Array, metadata: object): Uint8Array =>
      writeZip({
        "data.npy": writeNpy(hostArray(array, [2, side, side])),
        "metadata.json": encode(JSON.stringify(metadata)),
      });
    const context = memoryContext();
    context.files.set("night/ADF-stack-000.ndata1", pack(counts, {}));
    context.files.set(
      "night/Label-stack-000.ndata1",
      pack(counts, { metadata: { "0": entry(home), "1": entry(neighbour) } }),
    );
    const given = importCommand.input.parse({ source: "night" });
    const found = await importCommand.run(given, context);
    expect(found).toMatchObject({ total: 1, kept: 1, pairing: "with-before" });
    const [[x, y, dwell, toX, toY]] = told(context.files.get("data.jsonl")!);
    const expected = sitePosition(lattice, neighbour);
    expect(x).toBeCloseTo(beam.x, 6);
    expect(y).toBeCloseTo(beam.y, 6);
    expect(dwell).toBe(2.5);
    expect(toX).toBeCloseTo(expected.x, 6);
    expect(toY).toBeCloseTo(expected.y, 6);
  });
});
