import type { Json } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { environmentNames, makeEnvironment } from "./environment.js";
import { levelsOf } from "./levels.js";
import { drawLook } from "./look.js";
import { MinAtarEnvironment, minAtarGames } from "./minatar/environment.js";

const options = { seed: 5, pixels: "sprite", cellSize: 4, ramping: true } as const;
const make = (name: string, levels: ReturnType<typeof levelsOf>, pixels = options.pixels) =>
  makeEnvironment(name, { ...options, stickyActionProbability: 0.1, pixels, levels });

/** All that is seen of some steps: frames, rewards and ends. */
function play(environment: ReturnType<typeof make>, steps: number): string {
  const frame = new Uint8Array(environment.frameShape.reduce((a, b) => a * b, 1));
  const seen: string[] = [];
  for (let step = 0; step < steps; step++) {
    seen.push(String(environment.step((step * 7 + (step >> 3)) % 6)));
    environment.observe(frame);
    seen.push(frame.join(""));
    if (environment.terminated) environment.reset();
  }
  return seen.join();
}

describe("levelsOf", () => {
  test("gives disjoint parts, the same for a seed, each a beginning of a longer one", () => {
    const words = (part: "training" | "held-out", count: number, seed = 0) =>
      levelsOf(part, { seed, count }).map((level) => level.words.join());
    const [training, heldOut] = [words("training", 1000), words("held-out", 1000)];
    expect(new Set([...training, ...heldOut]).size).toBe(2000);
    expect(words("training", 10)).toEqual(training.slice(0, 10));
    expect(words("held-out", 10)).toEqual(heldOut.slice(0, 10));
    expect(words("training", 10, 1)).not.toEqual(training.slice(0, 10));
  });
});

describe.each(environmentNames)("levels of %s", (name) => {
  const [first, second] = levelsOf("training", { seed: 0, count: 2 });
  const [other] = levelsOf("held-out", { seed: 0, count: 1 });

  test("play and look the same for the same level, and differ otherwise", () => {
    const seen = play(make(name, [first]), 150);
    expect(play(make(name, [first]), 150)).toBe(seen);
    const others = [[second], [other], []].map((levels) => play(make(name, levels), 150));
    expect(new Set([seen, ...others]).size).toBe(4);
  });

  test("of a set are all played, and a saved one goes on as it is", () => {
    const levels = levelsOf("training", { seed: 3, count: 4 });
    const whole = make(name, levels);
    play(whole, 400);
    const resumed = make(name, levels);
    resumed.restore(JSON.parse(JSON.stringify(whole.save())) as Json);
    const rest = play(whole, 300);
    expect(play(resumed, 300)).toBe(rest);
  });
});

describe("MinAtarEnvironment", () => {
  test.each(minAtarGames)("plays levels of %s by rules of their own", (game) => {
    const levels = levelsOf("training", { seed: 1, count: 6 });
    const boards = levels.map((level) => {
      const environment = new MinAtarEnvironment(game, { seed: 2, levels: [level] });
      const cells = new Uint8Array(environment.observationShape.reduce((a, b) => a * b, 1));
      let seen = "";
      for (let step = 0; step < 60 && !environment.terminated; step++) {
        environment.step(0);
        environment.observe(cells);
        seen += cells.join("");
      }
      return seen;
    });
    expect(new Set(boards).size).toBeGreaterThan(3);
  });

  test("draws a level for every episode, each about as often", () => {
    const levels = levelsOf("training", { seed: 0, count: 4 });
    const environment = new MinAtarEnvironment("breakout", { seed: 0, levels });
    const counts = levels.map(() => 0);
    for (let episode = 0; episode < 4000; episode++) {
      environment.reset();
      counts[levels.indexOf(environment.level!)]++;
    }
    // Standard deviation 27; five of them.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(137);
  });
});

test("looks have a colour of its own for every channel, and glyphs of half a cell or more", () => {
  for (const level of levelsOf("training", { seed: 0, count: 50 })) {
    const { palette, background, glyphs } = drawLook(level, { numChannels: 10, cellSize: 8 });
    expect(new Set([...palette, background].map((colour) => colour.join())).size).toBe(11);
    expect(Math.max(...background)).toBeLessThan(Math.min(...palette.map((c) => Math.max(...c))));
    for (const glyph of glyphs!) {
      expect(glyph).toHaveLength(64);
      expect(glyph.reduce((sum, dot) => sum + dot, 0)).toBeGreaterThanOrEqual(32);
    }
  }
});
