import { key, streamOf, type HostArray } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import { openAgent } from "../agent/agent.js";
import { networkOf } from "../config.js";
import { initNetwork, type NetworkParams } from "../network/network.js";
import { emptyBatch } from "../replay/batch.js";
import { smallConfig } from "../train/train.test-helpers.js";
import { enlarge, focusOn, gradCam, slopeUnevenness } from "./grad-cam.js";
import { openLooker } from "./look.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

describe("gradCam", () => {
  test("weighs channels by their mean slope and keeps what is positive", () => {
    // Channel weights (1+1+1+1)/4 = 1 and (0−8+0+0)/4 = −2.
    const map = [1, 2, 3, 4, 0, 2, 1, 1];
    const slope = [1, 1, 1, 1, 0, -8, 0, 0];
    const cam = gradCam(map, slope, { height: 2, width: 2 });
    expect([...cam.data]).toEqual([1, 0, 1, 2]);
    expect(() => gradCam(map, slope, { height: 3, width: 2 })).toThrow(/3 · 2; got 8 and 8/);
  });

  test("an even slope is as even as can be, one that cancels as uneven", () => {
    expect(slopeUnevenness([3, 3, -1, -1], 2)).toBe(0);
    expect(slopeUnevenness([3, -3, 1, -1], 2)).toBe(1);
    // Within: 2 · 1²; squares: 4 + 0 → 2/4.
    expect(slopeUnevenness([2, 0], 2)).toBe(0.5);
    expect(slopeUnevenness([0, 0], 2)).toBe(0);
  });
});

describe("enlarge", () => {
  test("keeps a level map level, and a slope straight between the outer centres", () => {
    const level = enlarge({ data: Float64Array.of(7, 7, 7, 7), height: 2, width: 2 }, 5, 3);
    expect([...level.data].every((value) => value === 7)).toBe(true);
    const ramp = enlarge({ data: Float64Array.of(0, 4), height: 1, width: 2 }, 1, 8);
    // Old centres lie at 2 and 6 of 8, new ones at ½, 1½, …
    [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4].forEach((v, i) => expect(ramp.data[i]).toBeCloseTo(v, 12));
  });
});

test("focusOn says which share of the mass lies inside, and of the places", () => {
  const map = { data: Float64Array.of(1, 0, 2, 1), height: 2, width: 2 };
  expect(focusOn(map, [0, 0, 1, 0])).toEqual({ inside: 0.5, area: 0.25 });
  const nothing = { data: new Float64Array(4), height: 2, width: 2 };
  expect(focusOn(nothing, [1, 0, 0, 0]).inside).toBeNull();
});

const side = 10;
const config = smallConfig({
  encoder: "shallow",
  bottleneck: "gap",
  batchSize: 16,
  learningStarts: 60,
  optimizer: "adam",
  learningRate: 3e-3,
  optimizerEpsilon: 1e-6,
});

/** Images with one cell of the first channel, or none, among cells of two others. */
function drawImage(stream: ReturnType<typeof streamOf>, out: Float32Array, isThere: boolean) {
  out.fill(0);
  const at = stream.below(side * side);
  if (isThere) out[at] = 1;
  for (let i = 0; i < 6; i++) out[(1 + (i % 2)) * 100 + stream.below(side * side)] = 1;
  return at;
}

/** Mean share of the map's mass on the one cell and its eight neighbours. */
async function meanFocus(params: NetworkParams<HostArray>): Promise<number> {
  const looker = await openLooker(config, networkOf(config), {
    params,
    compute: { executor: "auto", threads: 1 },
  });
  const stream = streamOf(key(77));
  const image = new Float32Array(400);
  let sum = 0;
  const count = 20;
  for (let i = 0; i < count; i++) {
    const at = drawImage(stream, image, true);
    const { map, slope } = await looker.look(image);
    const cam = enlarge(gradCam(map, slope, { height: side, width: side }), side, side);
    const mask = Uint8Array.from({ length: 100 }, (_, cell) => {
      const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1;
      return isNear(cell % 10, at % 10) && isNear(Math.floor(cell / 10), Math.floor(at / 10))
        ? 1
        : 0;
    });
    sum += (focusOn(cam, mask).inside ?? 0) / count;
  }
  await looker.dispose();
  return sum;
}

test("a network that learned to tell one object looks at it; one with random weights does not", async () => {
  const agent = await openAgent(config, {
    key: key(5),
    compute: { executor: "auto", threads: 1 },
  });
  const stream = streamOf(key(6));
  const batch = emptyBatch(config.batchSize, { observationSize: 400, pixelScale: 1 });
  batch.weights.fill(1 / config.batchSize);
  for (let update = 0; update < 250; update++) {
    for (let i = 0; i < config.batchSize; i++) {
      const isThere = i % 2 === 0;
      drawImage(stream, batch.observationTm1.subarray(i * 400, (i + 1) * 400), isThere);
      batch.actionTm1[i] = stream.below(6);
      batch.rewardT[i] = isThere ? 1 : 0;
    }
    await agent.learn(batch, update);
  }
  const { params } = await agent.save();
  await agent.dispose();
  // The cell with its neighbours, which the convolutions see it from, is 9 of 100 places or fewer.
  expect(await meanFocus(params)).toBeGreaterThan(2 * 0.09);
  expect(await meanFocus(initNetwork(key(8), networkOf(config)))).toBeLessThan(2 * 0.09);
});

test("behind pooling the slope is even, behind flattening it is not", async () => {
  const image = Float32Array.from({ length: 400 }, (_, i) => Math.abs(Math.sin(1.7 * i)));
  const unevenness = async (bottleneck: "gap" | "flatten"): Promise<number> => {
    const own = smallConfig({ encoder: "shallow", bottleneck });
    const looker = await openLooker(own, networkOf(own), {
      params: initNetwork(key(1), networkOf(own)),
      compute: { executor: "auto", threads: 1 },
    });
    const { slope } = await looker.look(image);
    await looker.dispose();
    return slopeUnevenness(slope, 100);
  };
  expect(await unevenness("gap")).toBeLessThan(1e-9);
  expect(await unevenness("flatten")).toBeGreaterThan(0.5);
});
