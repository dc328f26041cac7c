import type { CommandContext } from "@quadrivium/config";
import { describe, expect, test } from "vitest";
import { transitionSchema } from "../data/transition.js";
import { simulationTruthSchema } from "../simulate/truth-file.js";
import { readFrames } from "@quadrivium/io";
import { readDuneRecords } from "../formats/putting-dune.js";
import { memoryContext } from "./command-context.test-helpers.js";
import { controlCommand } from "./control.js";
import { simulateCommand } from "./simulate.js";

function memory(): { readonly context: CommandContext; readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  const context: CommandContext = {
    signal: new AbortController().signal,
    compute: { executor: "auto", threads: 1 },
    progress: () => {},
    readFile: async (path) => new TextEncoder().encode(files.get(path)),
    writeFile: async (path, bytes) => {
      files.set(path, String(bytes));
    },
    map: async function* () {},
  };
  return { context, files };
}

const simulation = (given: object) => simulateCommand.input.parse(given);

describe("simulate", () => {
  test("writes transitions of the published schema, equal for equal seeds", async () => {
    const { context, files } = memory();
    const given = simulation({ samples: 60, truth: "truth.json" });
    const found = await simulateCommand.run(given, context);
    const lines = files.get("data.jsonl")!.trimEnd().split("\n");
    const transitions = lines.map((line) => transitionSchema.parse(JSON.parse(line)));
    expect(transitions).toHaveLength(60);
    expect(new Set(transitions.map(({ trajectory }) => trajectory)).size).toBe(3);
    const truth = simulationTruthSchema.parse(JSON.parse(files.get("truth.json")!));
    expect(truth).toMatchObject({ map: "prior", seed: 0, samples: 60 });
    expect(truth.trueNllPerSample).toBe(found.trueNllPerSample);
    const first = files.get("data.jsonl");
    await simulateCommand.run(given, context);
    expect(files.get("data.jsonl")).toBe(first);
    await simulateCommand.run({ ...given, seed: 1 }, context);
    expect(files.get("data.jsonl")).not.toBe(first);
  });

  test("the prior map's loss is 0.435 nats a sample", async () => {
    // External: a prototype's mean over 6000 samples; sd of one sample 0.75, here 4000: 5 s.e. = 0.08.
    const { context } = memory();
    const found = await simulateCommand.run(simulation({ samples: 4000 }), context);
    expect(Math.abs(found.trueNllPerSample - 0.435)).toBeLessThan(0.06);
  });

  test("the published simulator's sessions and images, on the same samples", async () => {
    const context = memoryContext();
    const preset = { preset: "pd-compat", samples: 4, trajectorySteps: 2 };
    const found = await simulateCommand.run(
      simulation({ ...preset, records: "session.tfrecords", frames: "frames.npy" }),
      context,
    );
    expect(found.numFrames).toBe(6);
    const lines = new TextDecoder().decode(context.files.get("data.jsonl")).trimEnd().split("\n");
    const samples = lines.map((line) => transitionSchema.parse(JSON.parse(line)));
    expect(samples.map(({ dwellTimeS }) => dwellTimeS)).toEqual([1.5, 1.5, 1.5, 1.5]);
    const records = readDuneRecords(context.files.get("session.tfrecords")!, "trajectory");
    expect(records.map(({ observations }) => (observations as unknown[]).length)).toEqual([3, 3]);
    const frames = readFrames(context.files.get("frames.npy")!, "frames.npy");
    expect(frames.map(({ width, height }) => [width, height])).toEqual(
      Array.from({ length: 6 }, () => [512, 512]),
    );
    const plain = memoryContext();
    await simulateCommand.run(simulation(preset), plain);
    expect(plain.files.get("data.jsonl")).toEqual(context.files.get("data.jsonl"));
  });

  test("refuses records without the published simulator, and more images than memory holds", async () => {
    const { context } = memory();
    await expect(
      simulateCommand.run(simulation({ records: "session.tfrecords" }), context),
    ).rejects.toThrow("add --preset pd-compat");
    await expect(
      simulateCommand.run(simulation({ preset: "pd-compat", frames: "frames.npy" }), context),
    ).rejects.toThrow("at most 500 images; got 1050");
  });

  test("refuses dwells that end before they begin", async () => {
    const { context } = memory();
    const given = simulation({ minDwellS: 5, maxDwellS: 1 });
    await expect(simulateCommand.run(given, context)).rejects.toThrow("got 5 and 1");
  });
});

describe("control", () => {
  test("reports time with its interval, hops and dose", async () => {
    const { context } = memory();
    const given = controlCommand.input.parse({ controller: "oracle", hops: 2, episodes: 20 });
    const found = await controlCommand.run(given, context);
    expect(found.successRate).toBe(1);
    expect(found.interval![0]).toBeLessThan(found.meanSeconds);
    expect(found.interval![1]).toBeGreaterThan(found.meanSeconds);
    expect(found.meanHops).toBeGreaterThanOrEqual(2);
    expect(found.maxDose).toBeGreaterThan(0);
    expect(controlCommand.render!(found)).toContain("success 100.0 %");
  });

  test("tells why walks were refused: dose, and a keep-out about the goal", async () => {
    const { context } = memory();
    const run = (given: object) =>
      controlCommand.run(controlCommand.input.parse({ hops: 2, episodes: 5, ...given }), context);
    const bound = await run({ maxDose: 1e9 });
    expect(bound.ends).toEqual({ goal: 0, time: 0, noWay: 0, dose: 5, keepOut: 0 });
    expect(bound.maxDose).toBeLessThanOrEqual(1e9);
    expect(controlCommand.render!(bound)).toContain("refused: 5 would have gone over the dose");
    // two hops are 2.46 Å: the goal lies inside
    const keepOut = "1.6,-2 4,-2 4,2 1.6,2";
    const closed = await run({ keepOut });
    expect(closed.ends.noWay).toBe(5);
    expect((await run({ keepOut, controller: "greedy-on" })).successRate).toBeLessThan(1);
    await expect(run({ keepOut: "1,2 3,4" })).rejects.toThrow("needs 3 or more points");
    await expect(run({ obstacles: "left" })).rejects.toThrow('got "left"');
  });

  test("walks around obstacles, in more time", async () => {
    const { context } = memory();
    const given = { hops: 4, episodes: 5, controller: "oracle" };
    const run = (more: object) =>
      controlCommand.run(controlCommand.input.parse({ ...given, ...more }), context);
    const blocked = await run({ obstacles: "2.4,0" });
    expect(blocked.successRate).toBe(1);
    expect(blocked.meanSeconds).toBeGreaterThan((await run({})).meanSeconds);
  });
});
