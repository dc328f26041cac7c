import { describe, expect, test } from "vitest";
import { partsOfRing, type Steps } from "./blocks.js";
import { Replay } from "./replay.js";

const range = ({ first, end }: Steps): number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);

describe("partsOfRing", () => {
  test.each([
    [1, 1],
    [7, 3],
    [12, 4],
    [10, 100],
  ])("of %i slots in blocks of %i holds every step once, side by side", (capacity, length) => {
    for (let numAdded = 0; numAdded < 5 * capacity; numAdded++) {
      const { blocks, loose } = partsOfRing(numAdded, { capacity, length });
      const steps = [...blocks, ...loose].flatMap(range).sort((a, b) => a - b);
      expect(steps).toEqual(range({ first: Math.max(0, numAdded - capacity), end: numAdded }));
      for (const { first, end } of [...blocks, ...loose]) {
        expect((first % capacity) + (end - first)).toBeLessThanOrEqual(capacity);
      }
      for (const { first, end } of blocks) {
        expect(end - first).toBeLessThanOrEqual(length);
      }
      expect(loose.length).toBeLessThanOrEqual(2);
    }
  });

  test("by hand: seven slots, blocks of three, nine steps", () => {
    // Steps 2 to 8 are held; laps begin at 0 and 7, blocks at 0, 3, 6 (one step) and 7.
    expect(partsOfRing(9, { capacity: 7, length: 3 })).toEqual({
      blocks: [
        { first: 3, end: 6 },
        { first: 6, end: 7 },
      ],
      loose: [
        { first: 2, end: 3 },
        { first: 7, end: 9 },
      ],
    });
  });
});

test("a segment's name stands for the same bits as long as any checkpoint names it", async () => {
  const replay = new Replay({
    capacity: 20,
    frameSize: 2,
    frameStack: 1,
    nStep: 1,
    discount: 1,
    prioritized: false,
    blockBytes: 8 * 4,
  });
  const seen = new Map<string, string>();
  for (let t = 0; t < 100; t++) {
    const frame = Uint8Array.of(t, t + 1);
    replay.add({ frame, action: t % 3, reward: t, terminated: t % 7 === 0, truncated: false });
    const { names, read } = replay.save().segments;
    for (const name of names) {
      const { frames, rewards } = await read(name);
      const bits = `${[...frames.data].join()} ${[...rewards.data].join()}`;
      expect(seen.get(name) ?? bits).toBe(bits);
      seen.set(name, bits);
    }
  }
  expect(seen.size).toBe(25);
});
