import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { emptyBatch } from "./batch.js";
import { Replay, replayBytes, type ReplayOptions } from "./replay.js";
import { SumTree } from "./sum-tree.js";

const options: ReplayOptions = {
  capacity: 16,
  frameSize: 1,
  frameStack: 1,
  nStep: 3,
  discount: 0.99,
  prioritized: false,
};

/** A replay of one episode with these rewards; frame t shows t + 1. */
function episode(rewards: readonly number[], ending: "terminated" | "truncated"): Replay {
  const replay = new Replay(options);
  rewards.forEach((reward, t) => {
    const isLast = t === rewards.length - 1;
    replay.add({
      frame: Uint8Array.of(t + 1),
      action: t,
      reward,
      terminated: isLast && ending === "terminated",
      truncated: isLast && ending === "truncated",
    });
  });
  return replay;
}

function readAll(replay: Replay, numSteps: number) {
  const batch = emptyBatch(numSteps, { observationSize: 1, pixelScale: 1 });
  const valid = Array.from({ length: numSteps }, (_, at) => replay.isValid(at));
  valid.forEach((ok, at) => {
    if (ok) replay.read(at, at, batch);
  });
  return { batch, valid };
}

const rewards = [1, 0, 0.5, -1, 2];

describe("Replay", () => {
  test("sums three rewards, and fewer up to a termination", () => {
    const { batch, valid } = readAll(episode(rewards, "terminated"), 5);
    expect(valid).toEqual([true, true, true, true, true]);
    [1.49005, -0.4851, 1.4702, 0.98, 2].forEach((sum, at) => {
      expect(batch.rewardT[at]).toBeCloseTo(sum, 6);
    });
    [0.970299, 0.970299, 0, 0, 0].forEach((factor, at) => {
      expect(batch.discountT[at]).toBeCloseTo(factor, 6);
    });
    expect([...batch.observationT]).toEqual([4, 5, 0, 0, 0]);
  });

  test("leaves out steps whose window reaches a truncation", () => {
    const { valid } = readAll(episode(rewards, "truncated"), 5);
    expect(valid).toEqual([true, true, false, false, false]);
  });

  test("stacks frames within an episode, zeros before its first", () => {
    const replay = new Replay({ ...options, frameStack: 3, nStep: 1 });
    for (let t = 1; t <= 6; t++) {
      const step = { frame: Uint8Array.of(t), action: 0, reward: 0, truncated: false };
      replay.add({ ...step, terminated: t === 3 });
    }
    const batch = emptyBatch(1, { observationSize: 3, pixelScale: 1 });
    const stacks = [0, 1, 2, 3, 4].map((at) => {
      replay.read(at, 0, batch);
      return [[...batch.observationTm1], [...batch.observationT]];
    });
    expect(stacks).toEqual([
      [
        [0, 0, 1],
        [0, 1, 2],
      ],
      [
        [0, 1, 2],
        [1, 2, 3],
      ],
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
      [
        [0, 0, 4],
        [0, 4, 5],
      ],
      [
        [0, 4, 5],
        [4, 5, 6],
      ],
    ]);
  });

  test("never samples what was overwritten, unfinished, or cut off from its stack", () => {
    const replay = new Replay({ ...options, capacity: 7, frameStack: 2, nStep: 2 });
    for (let t = 0; t < 40; t++) {
      const terminated = t % 11 === 10;
      replay.add({
        frame: Uint8Array.of(t),
        action: t % 6,
        reward: t,
        terminated,
        truncated: false,
      });
    }
    const batch = emptyBatch(400, { observationSize: 2, pixelScale: 1 });
    replay.sample(batch, streamOf(key(1)));
    const seen = new Set(Array.from(batch.actionTm1, (_, i) => batch.observationTm1[2 * i + 1]));
    // Steps 33 to 39 are held; what came before 33 is gone, 38 and 39 have no second successor yet.
    expect([...seen].sort()).toEqual([34, 35, 36, 37]);
    for (let i = 0; i < 400; i++) {
      const t = batch.observationTm1[2 * i + 1];
      expect(batch.observationTm1[2 * i]).toBe(t - 1);
      expect(batch.rewardT[i]).toBeCloseTo(t + 0.99 * (t + 1), 4);
      expect([...batch.observationT.subarray(2 * i, 2 * i + 2)]).toEqual([t + 1, t + 2]);
    }
  });

  test.each([
    ["one block", 2 ** 23],
    ["blocks of three steps", 21],
  ])("goes on from a saved state of %s with the same samples", async (_, blockBytes) => {
    const before = new Replay({ ...options, prioritized: true, blockBytes });
    for (let t = 0; t < 30; t++) {
      const frame = Uint8Array.of(t);
      before.add({ frame, action: 0, reward: t, terminated: t % 9 === 8, truncated: false });
    }
    const batch = emptyBatch(8, { observationSize: 1, pixelScale: 1 });
    before.sample(batch, streamOf(key(2)));
    before.updatePriorities(batch, [1, 2, 3, 4, 5, 6, 7, 8]);
    const after = new Replay({ ...options, prioritized: true, blockBytes });
    await after.restore(before.save());
    const [one, two] = [before, after].map((replay) => {
      const drawn = emptyBatch(64, { observationSize: 1, pixelScale: 1 });
      replay.sample(drawn, streamOf(key(3)));
      return drawn;
    });
    expect(two).toEqual(one);
    const [{ segments: from, ...rest }, { segments, ...expected }] = [after.save(), before.save()];
    expect(rest).toEqual(expected);
    expect(from.names).toEqual(segments.names);
    for (const name of from.names) expect(await from.read(name)).toEqual(await segments.read(name));
  });

  test("says that nothing can be sampled yet", () => {
    const batch = emptyBatch(1, { observationSize: 1, pixelScale: 1 });
    expect(() => new Replay(options).sample(batch, streamOf(key(0)))).toThrow(
      expect.objectContaining({ code: "E_REPLAY_EMPTY" }),
    );
  });

  test("draws by priority, weighs against it, and gives new steps the largest", () => {
    const replay = new Replay({ ...options, nStep: 1, prioritized: true });
    for (let t = 0; t < 4; t++) {
      const frame = Uint8Array.of(t);
      replay.add({ frame, action: t, reward: 0, terminated: true, truncated: false });
    }
    replay.updatePriorities({ slots: Int32Array.of(0, 1, 2, 3) }, [4, 1, 0.25, 9]);
    const batch = emptyBatch(100_000, { observationSize: 1, pixelScale: 1 });
    replay.sample(batch, streamOf(key(5)));
    const shares = [0, 1, 2, 3].map(
      (action) => batch.actionTm1.filter((drawn) => drawn === action).length / 100_000,
    );
    // Stratified: each share is off by at most one draw in 100000 at each of its two ends.
    [2 / 6.5, 1 / 6.5, 0.5 / 6.5, 3 / 6.5].forEach((share, i) => {
      expect(Math.abs(shares[i] - share)).toBeLessThan(3e-5);
    });
    const weights = [0, 1, 2, 3].map((action) => batch.weights[batch.actionTm1.indexOf(action)]);
    [0.5, Math.SQRT1_2, 1, 1 / Math.sqrt(6)].forEach((weight, i) => {
      expect(weights[i] * 100_000).toBeCloseTo(weight, 5);
    });
    replay.add({
      frame: Uint8Array.of(9),
      action: 4,
      reward: 0,
      terminated: true,
      truncated: false,
    });
    expect([...(replay.save().arrays.priorities!.data as Float64Array)][4]).toBeCloseTo(3, 9);
  });
});

describe("SumTree", () => {
  test.each([1, 7, 64, 1000])("with %i leaves finds what a linear scan finds", (capacity) => {
    const stream = streamOf(key(capacity));
    const tree = new SumTree(capacity);
    // Whole priorities: their sums are exact, so that both must agree on every boundary.
    const plain = Array.from({ length: capacity }, () => 0);
    for (let i = 0; i < 3000; i++) {
      const index = stream.below(capacity);
      plain[index] = stream.below(5);
      tree.set(index, plain[index]);
      const total = plain.reduce((sum, priority) => sum + priority, 0);
      expect(tree.total).toBe(total);
      if (total === 0) continue;
      const target = stream.uniform() * total;
      let rest = target;
      expect(tree.find(target)).toBe(plain.findIndex((priority) => (rest -= priority) < 0));
    }
  });

  test("refuses priorities that are no weights", () => {
    expect(() => new SumTree(2).set(0, -1)).toThrow(/at least 0; got -1/);
    expect(() => new SumTree(2).set(0, NaN)).toThrow(/got NaN/);
  });
});

test("replayBytes counts a million Atari frames as 7.06 GB", () => {
  const bytes = replayBytes({ capacity: 1_000_000, frameSize: 84 * 84, prioritized: false });
  expect(bytes / 1e9).toBeCloseTo(7.06, 2);
});

describe("one bit a pixel", () => {
  const frameSize = 13;
  const filled = (bitsPerPixel: 1 | 8): Replay => {
    const replay = new Replay({ ...options, frameSize, bitsPerPixel, frameStack: 2 });
    const stream = streamOf(key(9));
    for (let t = 0; t < 40; t++) {
      const frame = Uint8Array.from({ length: frameSize }, () => stream.below(2));
      const step = { frame, action: t % 6, reward: t, truncated: false };
      replay.add({ ...step, terminated: t % 9 === 8 });
    }
    return replay;
  };
  const drawn = (replay: Replay) => {
    const batch = emptyBatch(64, { observationSize: 2 * frameSize, pixelScale: 1 });
    replay.sample(batch, streamOf(key(2)));
    return batch;
  };

  test("gives the samples that a byte a pixel gives, also after it was saved", async () => {
    const expected = drawn(filled(8));
    expect(drawn(filled(1))).toEqual(expected);
    expect(expected.observationTm1.reduce((sum, x) => sum + x, 0)).toBeGreaterThan(100);
    const restored = new Replay({ ...options, frameSize, bitsPerPixel: 1, frameStack: 2 });
    await restored.restore(filled(1).save());
    expect(drawn(restored)).toEqual(expected);
  });

  test("takes two bytes for thirteen pixels", () => {
    const { loose } = filled(1).save().arrays;
    expect(loose.map(({ frames }) => frames.shape)).toEqual([
      [8, 2],
      [8, 2],
    ]);
    const given = { capacity: 1000, frameSize: 400, prioritized: false } as const;
    expect(replayBytes({ ...given, bitsPerPixel: 1 })).toBe(1000 * 56);
    expect(replayBytes(given)).toBe(1000 * 406);
  });
});
