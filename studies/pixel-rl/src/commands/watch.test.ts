import type { CommandContext, StoredRun } from "@quadrivium/config";
import type { Json } from "@quadrivium/core";
import { liveArrayCount } from "@quadrivium/engine";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentConfig } from "../config.js";
import { smallConfig, trained } from "../train/train.test-helpers.js";
import { anatomyCommand } from "./anatomy.js";
import { watchCommand } from "./watch.js";

afterEach(() => {
  expect(liveArrayCount()).toBe(0);
});

/** A host with one run, which keeps files in memory. */
async function hostOf(study = "pixel-rl", set: Partial<AgentConfig> = {}) {
  const config = smallConfig({ frames: 100, ...set });
  const { checkpoint } = await trained(config);
  const files = new Map<string, Uint8Array>();
  const run: StoredRun = {
    id: "a-run",
    study,
    config: config as unknown as Json,
    seed: 0,
    checkpoint: async () => checkpoint,
  };
  const context = {
    signal: new AbortController().signal,
    compute: { executor: "auto", threads: 1 },
    progress: () => {},
    openRun: async () => run,
    writeFile: async (path: string, bytes: Uint8Array) => void files.set(path, bytes),
  } as unknown as CommandContext;
  return { context, files };
}

const input = (set: object) => ({
  ...({ run: "a-run", episodes: 1, out: "e.gif", seed: 3, epsilon: 0.5 } as const),
  ...({ maxFrames: 40, framesPerSecond: 10, ...set } as const),
});

/** Size, images and delays of a GIF, read block by block. */
function readGif(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + tableBytes(bytes[10]);
  let images = 0;
  const delays: number[] = [];
  const skipBlocks = (): void => {
    while (bytes[at] !== 0) at += bytes[at] + 1;
    at++;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delays.push(view.getUint16(at + 4, true));
      at += 2;
      skipBlocks();
    } else {
      if (bytes[at] !== 0x2c) throw new Error(`no block begins with ${bytes[at]}`);
      images++;
      at += 10 + tableBytes(bytes[at + 9]) + 1;
      skipBlocks();
    }
  }
  expect(at).toBe(bytes.length - 1);
  const size = [view.getUint16(6, true), view.getUint16(8, true)];
  return { head: String.fromCharCode(...bytes.subarray(0, 6)), size, images, delays };
}

describe("watch", () => {
  test("films every frame of the episodes that it plays", async () => {
    const { context, files } = await hostOf();
    const told = await watchCommand.run(input({ episodes: 2 }), context);
    const gif = readGif(files.get("e.gif")!);
    expect(gif.head).toBe("GIF89a");
    // Two boards of 160, bars of 120, margins of 8; two layers of 4 pixels below.
    expect(gif.size).toEqual([472, 192]);
    expect(gif.images).toBe(told.frames);
    expect(gif.delays).toEqual(Array(told.frames).fill(10));
    expect(told.episodeReturns).toHaveLength(2);
    expect(Object.keys(told.dormantByLayer)).toEqual(["conv1", "hidden"]);
    expect(told.focusArea).toBeGreaterThan(0.2);
    const again = await watchCommand.run(input({ episodes: 2 }), context);
    expect(again).toEqual(told);
  });

  test("draws a strip of eight frames", async () => {
    const { context, files } = await hostOf();
    const told = await watchCommand.run(input({ out: "strip.png", epsilon: 1 }), context);
    const bytes = files.get("strip.png")!;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([472, 192 * Math.min(8, told.frames)]);
  });

  test("refuses other formats and other studies' runs", async () => {
    const { context } = await hostOf("modular-addition");
    await expect(watchCommand.run(input({ out: "e.mp4" }), context)).rejects.toMatchObject({
      code: "E_PICTURE_FORMAT",
    });
    await expect(watchCommand.run(input({}), context)).rejects.toMatchObject({
      code: "E_RUN_STUDY",
    });
  });
});

describe("anatomy", () => {
  const set = { run: "a-run", episodes: 2, reach: 1, images: 3, seed: 1 };

  test("takes a flattened bottleneck apart, plays it pooled and moves its images", async () => {
    const { context } = await hostOf();
    const told = await anatomyCommand.run(set, context);
    expect(told.map).toEqual([8, 8, 16]);
    expect(told.energyByPlace).toHaveLength(64);
    // Weights drawn apart from each other: hardly aligned, and pooling loses nearly all of them.
    expect(Math.abs(told.placeAlignment!)).toBeLessThan(0.2);
    expect(told.lostByPooling).toBeGreaterThan(0.7);
    expect(told.pooledMeanReturn).toBeGreaterThanOrEqual(0);
    expect(told.translationSensitivity).toHaveLength(9);
    expect(told.translationSensitivity[4]).toBe(0);
    expect(told.translationSensitivity[0]).toBeGreaterThan(0);
  });

  test("says nothing about the places of a pooled bottleneck", async () => {
    const { context } = await hostOf("pixel-rl", { bottleneck: "gap" });
    const told = await anatomyCommand.run(set, context);
    expect(told).toMatchObject({
      energyByPlace: null,
      lostByPooling: null,
      pooledMeanReturn: null,
    });
  });
});
