import {
  flattenTree,
  hashTree,
  hostArray,
  isHostArray,
  key,
  mapTree,
  streamOf,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { agentConfig, type AgentConfig } from "../config.js";
import { bottleneckNames } from "../network/bottleneck/bottleneck.js";
import { trained } from "../train/train.test-helpers.js";
import { openActorCritic, type ActorCritic, type PolicySamples } from "./actor-critic.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const size = 8;
const numActions = 6;
const compute = { executor: "auto", threads: 1 } as const;

/** A policy of seconds. */
const smallPolicy = (set: Partial<AgentConfig> = {}): AgentConfig =>
  agentConfig.parse({
    algorithm: "ppo",
    frames: 400,
    denseUnits: 16,
    numEnvs: 4,
    rolloutFrames: 16,
    batchSize: 16,
    optimizer: "adam",
    learningRate: 1e-3,
    optimizerEpsilon: 1e-5,
    maxGradNorm: 0.5,
    annealLearningRate: true,
    ...set,
  });

function randomSamples(seed: number, observationSize: number): PolicySamples {
  const stream = streamOf(key(seed));
  const draw = (length: number, low: number, high: number): Float32Array =>
    new Float32Array(length).map(() => low + (high - low) * stream.uniform());
  return {
    observation: new Float32Array(size * observationSize).map(() => stream.below(2)),
    action: new Int32Array(size).map(() => stream.below(numActions)),
    // Far from uniform for some, so that some ratios are clipped.
    logProbability: draw(size, -2.4, -1.2),
    advantage: draw(size, -1, 2),
    goal: draw(size, -1, 3),
  };
}

/** The loss by its definition, in float64, from what the network says of each state. */
async function lossOf(
  config: AgentConfig,
  agent: ActorCritic,
  samples: PolicySamples,
): Promise<number> {
  const { logPolicy, values } = await agent.judge(samples.observation);
  const rows = Array.from(samples.action, (_, i) =>
    Array.from(logPolicy.subarray(i * numActions, (i + 1) * numActions)),
  );
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const centre = mean([...samples.advantage]);
  const deviation = Math.sqrt(mean([...samples.advantage].map((a) => (a - centre) ** 2)));
  const { clipRange, valueWeight, entropyWeight } = config;
  const gains = rows.map((row, i) => {
    const ratio = Math.exp(row[samples.action[i]] - samples.logProbability[i]);
    const advantage = (samples.advantage[i] - centre) / deviation;
    const bounded = Math.min(Math.max(ratio, 1 - clipRange), 1 + clipRange);
    return Math.min(ratio * advantage, bounded * advantage);
  });
  const errors = [...values].map((value, i) => (value - samples.goal[i]) ** 2);
  const entropies = rows.map((row) => -row.reduce((sum, log) => sum + Math.exp(log) * log, 0));
  return -mean(gains) + (valueWeight / 2) * mean(errors) - entropyWeight * mean(entropies);
}

describe("the surrogate's gradient", () => {
  test.each(["flatten", "gap", "soft-moe"] as const)(
    "is that of the loss's definition by central differences: %s",
    async (bottleneck) => {
      const config = smallPolicy({
        bottleneck,
        numEnvs: size,
        batchSize: size,
        rolloutFrames: 4,
        entropyWeight: 0.3,
        clipRange: 0.1,
        denseUnits: 8,
      });
      const agent = await openActorCritic(config, { key: key(2), compute });
      const { channels, height, width } = agent.network.input;
      const samples = randomSamples(7, channels * height * width);
      const slope = await agent.gradient(samples);
      const saved = await agent.save();
      await agent.dispose();
      const stream = streamOf(key(4));
      // Along random directions within one part of the network at a time.
      for (const part of ["encoder", "bottleneck", "head"] as const) {
        const direction = mapTree<HostArray, HostArray>(
          saved.params as Tree<HostArray>,
          isHostArray,
          (leaf, path) =>
            hostArray(
              (leaf.data as Float32Array).map(() =>
                path.startsWith(part) ? stream.uniform() - 0.5 : 0,
              ),
              leaf.shape,
            ),
        ) as typeof saved.params;
        const along = flattenTree(direction as Tree<HostArray>, isHostArray);
        const expected = flattenTree(slope as Tree<HostArray>, isHostArray).reduce(
          (sum, { leaf }, i) =>
            sum +
            (leaf.data as Float32Array).reduce(
              (s, g, j) => s + g * Number(along[i].leaf.data[j]),
              0,
            ),
          0,
        );
        const step = 1e-3;
        const lossAt = async (shift: number): Promise<number> => {
          let index = 0;
          const params = mapTree<HostArray, HostArray>(
            saved.params as Tree<HostArray>,
            isHostArray,
            (leaf) => {
              const move = along[index++].leaf.data as Float32Array;
              const data = (leaf.data as Float32Array).map((value, i) => value + shift * move[i]);
              return hostArray(data, leaf.shape);
            },
          ) as typeof saved.params;
          const moved = await openActorCritic(config, {
            key: key(2),
            compute,
            saved: { ...saved, params },
          });
          const loss = await lossOf(config, moved, samples);
          await moved.dispose();
          return loss;
        };
        const found = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
        expect(Math.abs(found - expected)).toBeLessThan(0.02 * Math.abs(expected) + 1e-3);
        expect(Math.abs(expected)).toBeGreaterThan(0.01);
      }
    },
    30_000,
  );
});

describe("train", () => {
  test.each([
    ["flattened", {}],
    [
      "pooled, sparse, cut short",
      { bottleneck: "gap", sparsify: "rigl", maskPeriod: 5, maxEpisodeFrames: 9 },
    ],
  ] as const)("interrupted within a rollout ends like one that never was: %s", async (_, set) => {
    const config = smallPolicy(set);
    const whole = await trained(config);
    const half = await trained(config, { until: 200 });
    expect(half.result).toBeUndefined();
    const rest = await trained(config, { checkpoint: half.checkpoint });
    expect(hashTree(rest.checkpoint.tree)).toBe(hashTree(whole.checkpoint.tree));
    expect(rest.checkpoint.json).toEqual(whole.checkpoint.json);
    expect(rest.result?.examination).toEqual(whole.result?.examination);
    // Six rollouts of 64 frames fit into 400; each is passed over four times in four batches.
    expect(whole.result?.updates).toBe(6 * 4 * 4);
  });

  test.each(bottleneckNames)("learns through every bottleneck: %s", async (bottleneck) => {
    const { result } = await trained(smallPolicy({ bottleneck, frames: 64, examineEvery: 0 }));
    expect(result?.updates).toBe(16);
    expect(result?.examination?.status).toBe("finite");
  });

  test("tells of the network on the way, and changes nothing by it", async () => {
    const blind = await trained(smallPolicy({ frames: 200, examineEvery: 0 }));
    const watched = await trained(smallPolicy({ frames: 200, examineEvery: 70 }));
    expect(hashTree(watched.checkpoint.tree)).toBe(hashTree(blind.checkpoint.tree));
    const lengths = watched.metrics.filter(({ name }) => name === "gradientNorm.bottleneck");
    expect(lengths.map(({ n }) => n)).toEqual([72, 140]);
  });
});

describe("agentConfig", () => {
  test.each([
    [{ double: true }, /double.*is of q-learning; got true with algorithm ppo/s],
    [{ atoms: 51 }, /is of q-learning; got 51/],
    [{ redo: 1000 }, /redo.*is of q-learning; got 1000 with algorithm ppo/s],
    [{ redoTau: 0.1 }, /redoTau.*is of q-learning; got 0\.1/s],
    [{ batchSize: 7 }, /must divide numEnvs · rolloutFrames = 64; got 7/],
  ])("refuses %o", (set, message) => {
    expect(() => smallPolicy(set as never)).toThrow(message);
  });
});
