import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, expect, test } from "vitest";
import { smallConfig, trained } from "./train.test-helpers.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

test("a run on levels tells its return on them and on held-out ones, the same when resumed", async () => {
  const set = { pixels: "sprite", levels: 3, heldOutLevels: 5, noisy: true } as const;
  const config = smallConfig({ ...set, frames: 150 });
  const whole = await trained(config);
  const half = await trained(config, { until: 100 });
  const rest = await trained(config, { checkpoint: half.checkpoint });
  expect(whole.result!.levels).toMatchObject({ numTraining: 3, numHeldOut: 5 });
  expect(whole.result!.levels!.heldOut).toBeGreaterThanOrEqual(0);
  expect(rest.result!.levels).toEqual(whole.result!.levels);
  expect((await trained(smallConfig({ frames: 80 }))).result!.levels).toBeNull();
});
