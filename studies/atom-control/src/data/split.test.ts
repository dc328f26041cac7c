import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { drawTransitions } from "../learn/learn.test-helpers.js";
import { priorMap } from "../model/maps/fixed-maps.js";
import { bootstrapWeights, holdOut, independentGroups } from "./split.js";

const many = drawTransitions(priorMap, { count: 800, seed: 1 }); // 40 trajectories
const groups = independentGroups(many);

describe("independentGroups", () => {
  test("takes trajectories whole where there are enough, else blocks of successive samples", () => {
    expect(new Set(groups).size).toBe(40);
    many.forEach(({ trajectory }, row) => expect(groups[row]).toBe(groups[20 * trajectory]));
    const one = independentGroups(many.map((t, step) => ({ ...t, trajectory: 0, step })));
    expect(new Set(one).size).toBe(20);
    expect([...one]).toEqual([...one].toSorted((a, b) => a - b));
  });
});

describe("holdOut", () => {
  test("never parts a trajectory, and loses no sample", () => {
    const { train, heldOut } = holdOut(groups, 0.25, key(2));
    const inTrain = new Set(Array.from(train, (row) => groups[row]));
    expect(heldOut).toHaveLength(200);
    expect(heldOut.every((row) => !inTrain.has(groups[row]))).toBe(true);
    expect([...train, ...heldOut].toSorted((a, b) => a - b)).toEqual([...many.keys()]);
  });
});

describe("bootstrapWeights", () => {
  test("draws trajectories whole, as many as there are", () => {
    const weights = bootstrapWeights(groups, 3, key(3));
    for (let member = 0; member < 3; member++) {
      const own = weights.subarray(800 * member, 800 * (member + 1));
      expect(own.reduce((sum, weight) => sum + weight, 0)).toBe(800);
      own.forEach((weight, row) => expect(weight).toBe(own[20 * Math.floor(row / 20)]));
      // A bootstrap of 40 leaves out 40 (1 − 1/40)^40 = 14.5 on average, sd about 2.
      const unseen = own.filter((weight) => weight === 0).length / 20;
      expect(unseen).toBeGreaterThan(4);
      expect(unseen).toBeLessThan(25);
    }
  });
});
