import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { generalizedAdvantages } from "./advantages.js";
import { drawAction } from "./draw-action.js";

/**
 * The definition as a sum over all later errors of the same episode, without recursion:
 * $A_t = \sum_l (\gamma\lambda)^l \delta_{t+l}$.
 */
function directSum(
  rollout: { [name in "rewards" | "values" | "nextValues" | "over"]: number[] },
  { numGames, discount, lambda }: { numGames: number; discount: number; lambda: number },
): number[] {
  const { rewards, values, nextValues, over } = rollout;
  return rewards.map((_, t) => {
    let sum = 0;
    for (let l = 0; t + l * numGames < rewards.length; l++) {
      const at = t + l * numGames;
      const error = rewards[at] + discount * nextValues[at] - values[at];
      sum += (discount * lambda) ** l * error;
      if (over[at] === 1) break;
    }
    return sum;
  });
}

describe("generalizedAdvantages", () => {
  test.each([
    [1, 0.99, 0.95],
    [3, 0.9, 0.5],
    [4, 0.99, 1],
    [2, 1, 0],
  ])("equals the sum of its definition: %i games, γ %d, λ %d", (numGames, discount, lambda) => {
    const stream = streamOf(key(numGames));
    const draw = (): number[] =>
      Array.from({ length: 24 * numGames }, () => stream.uniform() - 0.3);
    const over = draw().map((value) => (value > 0.5 ? 1 : 0));
    const rollout = { rewards: draw(), values: draw(), nextValues: draw(), over };
    const given = { numGames, discount, lambda };
    const found = generalizedAdvantages(rollout, given);
    directSum(rollout, given).forEach((sum, t) => expect(found[t]).toBeCloseTo(sum, 5));
    expect(over).toContain(1);
  });

  test("with λ = 1 is the discounted return less the value", () => {
    // By hand: 1 + ½·(2 + ½·(4 + ½·8)) = 4, then 6 and 8; the values are 1, 2 and 3.
    const rollout = {
      rewards: [1, 2, 4],
      values: [1, 2, 3],
      nextValues: [2, 3, 8],
      over: [0, 0, 0],
    };
    const given = { numGames: 1, discount: 0.5, lambda: 1 };
    expect([...generalizedAdvantages(rollout, given)]).toEqual([3, 4, 5]);
  });
});

describe("drawAction", () => {
  test("draws actions as often as their probabilities say", () => {
    const probabilities = [0.1, 0.6, 0, 0.3];
    const stream = streamOf(key(1));
    const counts = [0, 0, 0, 0];
    const draws = 20_000;
    for (let i = 0; i < draws; i++) counts[drawAction(probabilities.map(Math.log), stream)]++;
    // Five standard errors: one run in a million would fail.
    counts.forEach((count, action) => {
      const p = probabilities[action];
      const error = 5 * Math.sqrt((p * (1 - p)) / draws);
      expect(Math.abs(count / draws - p)).toBeLessThanOrEqual(error);
    });
  });
});
