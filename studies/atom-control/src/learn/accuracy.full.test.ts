import { hostArray, key } from "@quadrivium/core";
import { np } from "@quadrivium/engine";
import { adam, schedules } from "@quadrivium/nn";
import { describe, expect, test } from "vitest";
import { priorMap, simpleMap } from "../model/maps/fixed-maps.js";
import { excessNll } from "./evaluate.js";
import { fitMembers } from "./fit-members.js";
import { learnRates } from "./learn-rates.js";
import { drawTransitions } from "./learn.test-helpers.js";
import { learningSet } from "./learning-set.js";
import { objective, type Likelihood } from "./objective.js";
import type { RateForm } from "./rate-form.js";
import { propagationFor } from "./traced-outcomes.js";

const compute = { executor: "native", threads: 1 } as const;

describe("a two-parameter fit of the simple map, 1500 dwells of 5 s", () => {
  /** g = R / (1 + d²/w²) at distance d from the neighbour; the truth has R = 1 and w = 1/4. */
  const lorentzian: RateForm = {
    rate: ({ logRate, logWidth }, { along, across }) => {
      const squared = np.square(along.ref.sub(1)).add(np.square(across.ref));
      const width = np.exp(logWidth.ref.mul(2));
      return np.exp(logRate.ref).div(squared.div(width).add(1));
    },
  };

  /** The fitted R w², relative to the true one. */
  async function relativeStrength(likelihood: Likelihood, keepFar: boolean): Promise<number> {
    const drawn = drawTransitions(simpleMap, { count: 1500, seed: 8, dwellTimesS: [5, 5] });
    const all = learningSet(drawn, 4);
    const isNear = (row: number): boolean =>
      all.outcome
        .subarray(row * (all.numSites + 1), row * (all.numSites + 1) + 4)
        .some((p) => p > 0);
    const kept = keepFar ? drawn : drawn.filter((_, row) => isNear(row));
    const set = learningSet(kept, 4);
    const { params } = await fitMembers(
      {
        logRate: hostArray(Float32Array.of(-1), [1]),
        logWidth: hostArray(Float32Array.of(-1), [1]),
      },
      {
        set,
        settings: hostArray(new Float32Array(2 * set.size), [set.size, 2]),
        relativeCurrent: new Float64Array(set.size).fill(1),
        weights: hostArray(new Float32Array(set.size).fill(1), [1, set.size]),
        anchors: hostArray(new Float32Array(1), [1, 1]),
      },
      {
        objective: objective(lorentzian, { likelihood, maxHops: 4, robust: false }),
        optimizer: adam({ learningRate: schedules.cosine({ init: 0.05, numSteps: 300 }) }),
        steps: 300,
        batchSize: 256,
        key: key(1),
        compute,
      },
    );
    const { logRate, logWidth } = params;
    return Math.exp(logRate.data[0] + 2 * logWidth.data[0]) * 16;
  }

  test("finds R w² within 10 % when any number of hops counts", async () => {
    const found = await relativeStrength({ kind: "exact", propagation: propagationFor(12) }, true);
    expect(Math.abs(found - 1)).toBeLessThan(0.1);
  });

  test("finds it at least 20 % too small when one hop counts and farther ones are dropped", async () => {
    expect(await relativeStrength({ kind: "first-hop" }, false)).toBeLessThan(0.8);
  });
});

describe("wrong labels, one in ten, 1000 samples of the prior map", () => {
  async function excessOf(robust: boolean): Promise<number> {
    const data = drawTransitions(priorMap, { count: 1000, seed: 12, wrongShare: 0.1 });
    const { model } = await learnRates(data, { key: key(2), compute, robust, heldOutShare: 0 });
    return excessNll(model, priorMap, drawTransitions(priorMap, { count: 1000, seed: 13 }));
  }

  test("cost at most 0.02 nats with the robust likelihood", async () => {
    expect(await excessOf(true)).toBeLessThan(0.02);
  });

  test("cost at least 0.04 nats when every label is believed", async () => {
    expect(await excessOf(false)).toBeGreaterThan(0.04);
  });
});

describe("the learning curve on the prior map", () => {
  test("falls with the samples: 300, 1000 and 10,000", async () => {
    const fresh = drawTransitions(priorMap, { count: 3000, seed: 99 });
    const excess: number[] = [];
    for (const count of [300, 1000, 10_000]) {
      const data = drawTransitions(priorMap, { count, seed: 1 });
      const { model } = await learnRates(data, { key: key(1), compute, heldOutShare: 0 });
      excess.push(excessNll(model, priorMap, fresh));
    }
    const [few, some, many] = excess;
    expect(few).toBeLessThan(0.03);
    expect(some).toBeLessThan(0.012);
    expect(many).toBeLessThan(0.004);
    expect(some).toBeLessThan(few);
    expect(many).toBeLessThan(some);
  }, 600_000);
});
