import {
  flattenTree,
  hashTree,
  isHostArray,
  key,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { openAgent, type SavedAgent } from "../agent/agent.js";
import { agentConfig, networkOf, type AgentConfig } from "../config.js";
import { initNetwork } from "../network/network.js";
import { randomBatch, smallConfig, trained } from "../train/train.test-helpers.js";
import { recyclableLayers } from "./recyclable-layers.js";
import { dormantUnits, recycle } from "./recycle.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const open = (config: AgentConfig, saved?: SavedAgent) =>
  openAgent(config, {
    key: key(3),
    compute: { executor: "auto", threads: 1 },
    ...(saved === undefined ? {} : { saved }),
  });
const leavesOf = (tree: unknown): Map<string, HostArray> =>
  new Map(flattenTree(tree as Tree<HostArray>, isHostArray).map(({ path, leaf }) => [path, leaf]));

describe("recyclableLayers", () => {
  test("are the dense layer and what one layer alone reads", () => {
    const namesOf = (set: Partial<AgentConfig>): string[] => {
      const config = smallConfig(set);
      return recyclableLayers(networkOf(config), config).map(({ name }) => name);
    };
    expect(namesOf({})).toEqual(["conv1", "hidden"]);
    expect(namesOf({ encoder: "shallow" })).toEqual(["conv1", "conv2", "conv3", "hidden"]);
    const impala = namesOf({ encoder: "impala" });
    expect(impala).toHaveLength(7);
    expect(impala[0]).toBe("stage1.block1.conv2.input");
    const tokens = { bottleneck: "tokens-mean", encoder: "shallow" } as const;
    expect(namesOf({ ...tokens, tokens: "per-feature" })).toEqual(["conv1", "conv2", "hidden"]);
  });
});

describe("recycle", () => {
  const config = smallConfig({ denseUnits: 4 });
  const network = networkOf(config);
  const layers = recyclableLayers(network, config);
  const params = initNetwork(key(1), network) as unknown as Tree<HostArray>;
  const fresh = initNetwork(key(2), network) as unknown as Tree<HostArray>;

  test("draws the incoming weights of the units anew, zeroes the outgoing, and nothing else", () => {
    const optimizer = { m: params } as unknown as Tree<HostArray>;
    const dormant = layers.map((layer) => ({ layer, units: layer.name === "hidden" ? [2] : [5] }));
    const after = recycle({ params, optimizer }, dormant, fresh);
    const [old, now, drawn] = [leavesOf(params), leavesOf(after.params), leavesOf(fresh)];
    const moments = leavesOf(after.optimizer);
    const places = 64;
    /** Whether an index of an array belongs to a recycled unit, by where it comes in or goes out. */
    const part: { [path: string]: (i: number) => "drawn" | "zero" | "old" } = {
      "encoder/conv1/kernel": (i) => (i % 16 === 5 ? "drawn" : "old"),
      "encoder/conv1/bias": (i) => (i === 5 ? "drawn" : "old"),
      "bottleneck/hidden/kernel": (i) =>
        Math.floor(i / 4 / places) === 5 ? "zero" : i % 4 === 2 ? "drawn" : "old",
      "bottleneck/hidden/bias": (i) => (i === 2 ? "drawn" : "old"),
      "head/output/kernel": (i) => (Math.floor(i / 6) === 2 ? "zero" : "old"),
      "head/output/bias": () => "old",
    };
    expect([...old.keys()].sort()).toEqual(Object.keys(part).sort());
    for (const [path, { data, shape }] of old) {
      const kinds = Array.from(data as Float32Array, (_, i) => part[path](i));
      const expected = kinds.map((kind, i) =>
        kind === "drawn" ? drawn.get(path)!.data[i] : kind === "zero" ? 0 : data[i],
      );
      expect([path, shape, ...(now.get(path)!.data as Float32Array)]).toEqual([
        path,
        shape,
        ...expected,
      ]);
      const cleared = kinds.map((kind, i) => (kind === "old" ? data[i] : 0));
      expect([...(moments.get(`m/${path}`)!.data as Float32Array)]).toEqual(cleared);
    }
  });

  test("finds the units whose activity is at most τ of their layer's mean", () => {
    const active = {
      conv1: { data: new Float32Array(16).fill(1), shape: [1, 16, 1, 1] },
      hidden: { data: Float32Array.of(0, 4, 0.02, 3.98), shape: [1, 4] },
    } as unknown as { readonly [name: string]: HostArray };
    const unitsAt = (tau: number) => dormantUnits(layers, active, tau).map(({ units }) => units);
    expect(unitsAt(0)).toEqual([[], [0]]);
    expect(unitsAt(0.01)).toEqual([[], [0, 2]]);
    expect(unitsAt(1)[0]).toHaveLength(16);
  });
});

describe("redo", () => {
  const still = { learningRate: 1e-30, optimizer: "adam" } as const;

  test.each([
    {},
    { encoder: "impala", bottleneck: "gap" },
    { encoder: "shallow", bottleneck: "attention", noisy: true, dueling: true },
    { bottleneck: "pool", atoms: 5 },
  ] as const)("of silent units changes no value: %o", async (set) => {
    const config = smallConfig({ ...still, ...set, redo: 1, redoTau: 0 });
    const agent = await open(config);
    const silenced = await agent.save();
    await agent.dispose();
    // A unit of the dense layer and a channel that no input wakes.
    const hush = (path: string, unit: number): void => {
      const leaves = [...leavesOf(silenced.params)].filter(([at]) => at.startsWith(`${path}/`));
      for (const [at, { data, shape }] of leaves) {
        const units = shape[shape.length - 1];
        for (let i = unit; i < data.length; i += units) {
          (data as Float32Array)[i] = /bias(Mean)?$/.test(at) ? -1 : 0;
        }
      }
    };
    hush("bottleneck/hidden", 3);
    hush(
      "encoder" in set && set.encoder === "impala"
        ? "encoder/stage2.block1.conv1"
        : "encoder/conv1",
      1,
    );
    const quiet = await open(config, silenced);
    const batch = randomBatch(4);
    const image = batch.observationTm1.slice(0, 400);
    const before = await quiet.values(image, 0);
    await quiet.learn(batch, 0);
    const after = await quiet.save();
    (await quiet.values(image, 0)).forEach((value, i) => expect(value).toBeCloseTo(before[i], 5));
    const kernel = leavesOf(after.params).get("bottleneck/hidden/kernel");
    const mean = kernel ?? leavesOf(after.params).get("bottleneck/hidden/kernelMean")!;
    const column = (mean.data as Float32Array).filter((_, i) => i % mean.shape[1] === 3);
    expect(column.some((value) => value !== 0)).toBe(true);
    await quiet.dispose();
  });

  test("with τ = 0 and no silent unit changes nothing", async () => {
    const set = { frames: 120, learningRate: 1e-30, denseUnits: 4, batchSize: 32 };
    const bare = await trained(smallConfig(set), { seed: 1 });
    const redone = await trained(smallConfig({ ...set, redo: 7, redoTau: 0 }), { seed: 1 });
    expect(hashTree(redone.checkpoint.tree)).toBe(hashTree(bare.checkpoint.tree));
  });

  test("changes a run, which interrupted and resumed ends like one that never stopped", async () => {
    const set = { frames: 300, optimizer: "adam" } as const;
    const config = smallConfig({ ...set, redo: 40, redoTau: 0.3 });
    const whole = await trained(config);
    const half = await trained(config, { until: 200 });
    const rest = await trained(config, { checkpoint: half.checkpoint });
    expect(hashTree(rest.checkpoint.tree)).toBe(hashTree(whole.checkpoint.tree));
    const bare = await trained(smallConfig(set));
    expect(hashTree(bare.checkpoint.tree)).not.toBe(hashTree(whole.checkpoint.tree));
  });

  test("leaves masked weights at 0", async () => {
    const config = smallConfig({ redo: 1, redoTau: 1, sparsify: "static", sparsity: 0.5 });
    const agent = await open(config);
    await agent.learn(randomBatch(2), 0);
    const { params, masks } = await agent.save();
    const [path, mask] = Object.entries(masks)[0];
    const { data } = leavesOf(params).get(path)!;
    const dropped = [...mask.data.keys()].filter((i) => mask.data[i] === 0);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.filter((i) => data[i] !== 0)).toEqual([]);
    await agent.dispose();
  });

  test("is refused where units have no layer of their own", () => {
    expect(() => agentConfig.parse({ redo: 100, bottleneck: "soft-moe" })).toThrow(
      /needs a bottleneck with one dense layer; got soft-moe/,
    );
  });
});
