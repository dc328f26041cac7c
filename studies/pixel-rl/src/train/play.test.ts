import { key } from "@quadrivium/core";
import { expect, test } from "vitest";
import type { Agent } from "../agent/agent.js";
import { Play } from "./play.js";
import { batchSize, smallConfig } from "./train.test-helpers.js";

/** Frames and updates at which a configuration learns and copies, over its first 100 frames. */
async function scheduleOf(set: Parameters<typeof smallConfig>[0]) {
  const learned: number[] = [];
  const copied: number[] = [];
  const counts: number[] = [];
  const agent: Pick<Agent, "values" | "learn" | "syncTarget"> = {
    values: async () => new Float32Array(6),
    learn: async (_, count) => {
      learned.push(play.frame);
      counts.push(count);
      return new Float32Array(batchSize);
    },
    syncTarget: async () => void copied.push(counts.length),
  };
  const play: Play = new Play(smallConfig(set), agent as Agent, { key: key(0) });
  while (play.frame < 100) await play.advance();
  expect(counts).toEqual(counts.map((_, index) => index));
  return { learned, copied };
}

test("updates come at every period from the end of the start on", async () => {
  const { learned, copied } = await scheduleOf({ updatePeriod: 8, targetPeriod: 2 });
  // 60 frames fill the replay; the first of every eighth frame after that is 64.
  expect(learned).toEqual([64, 72, 80, 88, 96]);
  expect(copied).toEqual([2, 4]);
});

test("several updates in one step count one by one towards the next copy", async () => {
  const { learned, copied } = await scheduleOf({
    updatePeriod: 10,
    updatesPerStep: 3,
    targetPeriod: 4,
  });
  expect(learned).toEqual([60, 70, 80, 90, 100].flatMap((frame) => [frame, frame, frame]));
  expect(copied).toEqual([4, 8, 12]);
});
