import { describe, expect, test } from "vitest";
import { atariReferenceScores, humanNormalizedScore } from "./human-normalized.js";

describe("humanNormalizedScore", () => {
  test("a human has 1 and random play 0, on every game", () => {
    expect(Object.keys(atariReferenceScores)).toHaveLength(29);
    for (const [game, [random, human]] of Object.entries(atariReferenceScores)) {
      expect(humanNormalizedScore(game, human)).toBeCloseTo(1, 12);
      expect(humanNormalizedScore(game, random)).toBe(0);
      expect(human).toBeGreaterThan(random);
    }
  });

  test("spot checks, in either spelling", () => {
    // (5000 − 163.9) / (13455 − 163.9)
    expect(humanNormalizedScore("Qbert", 5000)).toBeCloseTo(0.36386, 5);
    expect(humanNormalizedScore("space_invaders", 148 + 1520.7 / 2)).toBeCloseTo(0.5, 12);
    expect(() => humanNormalizedScore("Tennis", 1)).toThrow(/Alien, Amidar.*got "Tennis"/);
  });
});
