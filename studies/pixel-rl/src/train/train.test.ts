import { hashTree, hostArray, type Checkpoint, type HostArray } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { agentConfig } from "../config.js";
import type { NetworkParams } from "../network/network.js";
import { smallConfig, trained } from "./train.test-helpers.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const rainbow = {
  double: true,
  dueling: true,
  noisy: true,
  atoms: 11,
  nStep: 3,
  prioritized: true,
  optimizer: "adam",
} as const;

describe("train", () => {
  test.each([
    ["DQN", {}],
    ["Rainbow on a stack of frames", { ...rainbow, frameStack: 2, env: "minatar/seaquest" }],
  ])("%s interrupted and resumed ends like one that never stopped", async (_, set) => {
    const config = smallConfig(set);
    const whole = await trained(config);
    const half = await trained(config, { until: 200 });
    expect(half.result).toBeUndefined();
    const rest = await trained(config, { checkpoint: half.checkpoint });
    expect(hashTree(rest.checkpoint.tree)).toBe(hashTree(whole.checkpoint.tree));
    expect(rest.checkpoint.json).toEqual(whole.checkpoint.json);
    expect(rest.result?.meanReturn).toBe(whole.result?.meanReturn);
    expect(whole.result?.updates).toBe(341);
    expect(rest.result?.examination).toEqual(whole.result?.examination);
    expect(whole.result?.examination?.featureNorm).toBeGreaterThan(0);
  });

  test("looks into the network on the way, and changes nothing by it", async () => {
    const set = { frames: 200, optimizer: "adam", augment: "shift", updatesPerStep: 2 } as const;
    const blind = await trained(smallConfig({ ...set, examineEvery: 0 }));
    const watched = await trained(smallConfig({ ...set, examineEvery: 50 }));
    expect(hashTree(watched.checkpoint.tree)).toBe(hashTree(blind.checkpoint.tree));
    expect(watched.result?.updates).toBe(2 * 141);
    const names = [...new Set(watched.metrics.map(({ name }) => name))].sort();
    expect(blind.metrics).toEqual([]);
    const looks = "dormantBottleneck dormantEncoder effectiveRank featureNorm stillFeatures";
    const lengths = "gradientNorm.bottleneck gradientNorm.encoder gradientNorm.head";
    const kernel = "diagonalMean diagonalSpread effectiveRank largestShare negativeShare"
      .concat(" offDiagonalMean positiveShare")
      .replace(/\w+/g, "tangentKernel.$&");
    const expected = `${looks} ${lengths} ${kernel} thresholdRank valueMean valueSpread`;
    expect(names).toEqual(expected.split(" ").sort());
    expect([...new Set(watched.metrics.map(({ n }) => n))]).toEqual([100, 150, 200]);
    expect(watched.metrics.every(({ value }) => Number.isFinite(value))).toBe(true);
  });

  test("a network that diverged ends with null and says so", async () => {
    const config = smallConfig({ frames: 120, examineEvery: 0 });
    const whole = await trained(config);
    expect(whole.result?.examination?.status).toBe("finite");
    // The finished run goes on for no frame, with a bias that is not finite.
    const { params, ...others } = whole.checkpoint.tree as { params: NetworkParams<HostArray> };
    const bottleneck = params.bottleneck as { hidden: { kernel: HostArray; bias: HostArray } };
    const bias = hostArray(new Float32Array(16).fill(Infinity), [16]);
    const broken = { ...params, bottleneck: { hidden: { ...bottleneck.hidden, bias } } };
    const tree = { ...others, params: broken } as unknown as Checkpoint["tree"];
    const { result } = await trained(config, { checkpoint: { ...whole.checkpoint, tree } });
    expect(result?.examination).toMatchObject({
      status: "diverged",
      effectiveRank: null,
      thresholdRank: null,
      featureNorm: null,
      valueMean: null,
    });
  });

  test("another seed gives another run, the same seed the same", async () => {
    const config = smallConfig({ frames: 120 });
    const [a, b, c] = [
      await trained(config, { seed: 1 }),
      await trained(config, { seed: 1 }),
      await trained(config, { seed: 2 }),
    ].map(({ checkpoint }) => hashTree(checkpoint.tree));
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  test("parameters move only where there is a step size", async () => {
    const still = await trained(smallConfig({ frames: 100, learningRate: 1e-30 }));
    const moving = await trained(smallConfig({ frames: 100 }));
    const { params, target } = still.checkpoint.tree;
    expect(hashTree(params)).toBe(hashTree(target));
    expect(hashTree(moving.checkpoint.tree.params)).not.toBe(hashTree(params));
  });
});

describe("agentConfig", () => {
  test("refuses a replay that would not fit, with one that would", () => {
    const atari = { pixels: "grid", cellSize: 8, frames: 10_000_000, replayCapacity: 1_000_000 };
    expect(() => agentConfig.parse(atari)).toThrow(
      /19\.72 GiB.*limit of 4 GiB.*replayCapacity 2028\d\d/s,
    );
  });

  test.each([
    [{ env: "minatar/pong" }, /minatar\/asterix.*minatar\/pong/s],
    [{ distractor: "noise" }, /needs pixels grid or sprite; got planes/],
    [{ learningStarts: 10 }, /batchSize \+ nStep \+ frameStack/],
    [{ learningStarts: 5000, replayCapacity: 1000 }, /must not exceed replayCapacity/],
  ])("refuses %o", (set, message) => {
    expect(() => agentConfig.parse(set)).toThrow(message);
  });
});
