import { key } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentConfig } from "../config.js";
import type { Batch } from "../replay/batch.js";
import { batchSize as size, randomBatch, smallConfig } from "../train/train.test-helpers.js";
import { openAgent, type Agent, type SavedAgent } from "./agent.js";
import { greedyAction } from "./exploration.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

const observationSize = 400;
const open = (config: AgentConfig, saved?: SavedAgent): Promise<Agent> =>
  openAgent(config, {
    key: key(3),
    compute: { executor: "auto", threads: 1 },
    ...(saved === undefined ? {} : { saved }),
  });

const rowOf = (observations: Float32Array, i: number): Float32Array =>
  observations.slice(i * observationSize, (i + 1) * observationSize);

/** What each sample's loss must be, from the values that the two networks give when asked. */
async function expectedLosses(
  config: AgentConfig,
  { online, target, batch }: { online: Agent; target: Agent; batch: Batch },
): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < size; i++) {
    const now = await online.values(rowOf(batch.observationTm1, i), 0);
    const next = await target.values(rowOf(batch.observationT, i), 0);
    const judge = config.double ? await online.values(rowOf(batch.observationT, i), 0) : next;
    const goal = batch.rewardT[i] + batch.discountT[i] * next[greedyAction(judge)];
    const error = Math.abs(now[batch.actionTm1[i]] - goal);
    const isSmall = config.loss === "squared" || error <= 1;
    losses.push(isSmall ? (config.loss === "squared" ? 1 : 0.5) * error ** 2 : error - 0.5);
  }
  return losses;
}

describe("learn", () => {
  test.each([
    { double: false, loss: "huber" },
    { double: true, loss: "huber" },
    { double: true, dueling: true, loss: "squared" },
  ] as const)("reports the losses that the networks' values imply: %o", async (set) => {
    const config = smallConfig({ ...set, optimizer: "adam", learningRate: 3e-3 });
    const online = await open(config);
    // Some updates without a copy, so that the two networks and their choices differ.
    for (let i = 0; i < 30; i++) await online.learn(randomBatch(i), i);
    const saved = await online.save();
    const target = await open(config, { ...saved, params: saved.target });
    const batch = randomBatch(99);
    const expected = await expectedLosses(config, { online, target, batch });
    const swapped = { ...config, double: !config.double };
    const other = await expectedLosses(swapped, { online, target, batch });
    const found = await online.learn(batch, 30);
    expected.forEach((loss, i) => expect(found[i]).toBeCloseTo(loss, 4));
    expect(Math.max(...expected.map((loss, i) => Math.abs(loss - other[i])))).toBeGreaterThan(1e-3);
    await online.dispose();
    await target.dispose();
  });

  test.each([
    ["DQN", {}],
    ["atoms", { atoms: 21, valueMax: 5 }],
    ["noise", { noisy: true, dueling: true }],
  ] as const)("brings the losses of one batch down: %s", async (_, set) => {
    const agent = await open(smallConfig({ ...set, optimizer: "adam", learningRate: 1e-3 }));
    const batch = randomBatch(1);
    batch.discountT.fill(0);
    const mean = (losses: Float32Array): number => losses.reduce((a, b) => a + b, 0) / size;
    const first = mean(await agent.learn(batch, 0));
    let last = first;
    for (let i = 1; i < 120; i++) last = mean(await agent.learn(batch, i));
    expect(last).toBeLessThan(first / 2);
    await agent.dispose();
  });

  test("noise is drawn anew for every action, and not at all without noisy layers", async () => {
    const observation = rowOf(randomBatch(5).observationTm1, 0);
    for (const noisy of [true, false]) {
      const agent = await open(smallConfig({ noisy }));
      const [a, b, c] = [
        await agent.values(observation, 0),
        await agent.values(observation, 1),
        await agent.values(observation, 0),
      ];
      expect(c).toEqual(a);
      expect(b.some((value, action) => value !== a[action])).toBe(noisy);
      await agent.dispose();
    }
  });
});
