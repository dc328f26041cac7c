import { describe, expect, test } from "vitest";
import {
  adam,
  adamW,
  adana,
  applyUpdates,
  centredRmsProp,
  danaConstant,
  danaDecaying,
  danaEffectiveDimension,
  danaStar,
  evaluationParams,
  heavyBall,
  nesterov,
  type Optimizer,
  type PlainArray,
  type Rule,
  scheduleFreeAdamW,
  scheduleFreeSgd,
  sgd,
  stochasticMomentum,
  typedArrayOps,
} from "./index.js";
import { readGolden } from "./optimizers.test-helpers.js";

type Update = ReturnType<Optimizer<PlainArray>["update"]> & { readonly updates: PlainArray };
type Values = { readonly [step: string]: readonly [number, number] };

/**
 * The largest error of a rule on $f = ½(x_1^2 + 0.1 x_2^2)$ from (1, −2) over the recorded steps,
 * relative where values exceed 1.
 */
function worstError(
  rule: Rule,
  values: Values,
  options: { readonly dtype: "float32" | "float64"; readonly averaged?: boolean },
): number {
  const optimizer = rule(typedArrayOps);
  const Storage = options.dtype === "float64" ? Float64Array : Float32Array;
  let x: PlainArray = Storage.of(1, -2);
  let state = optimizer.init(x);
  let worst = 0;
  const last = Math.max(...Object.keys(values).map(Number));
  for (let step = 1; step <= last; step++) {
    const result: Update = optimizer.update(Storage.of(x[0], 0.1 * x[1]), state, x);
    x = applyUpdates(typedArrayOps, x, result.updates);
    state = result.state;
    const point = options.averaged ? (evaluationParams(state) as PlainArray) : x;
    values[step]?.forEach((expected, i) => {
      worst = Math.max(worst, Math.abs(point[i] - expected) / Math.max(1, Math.abs(expected)));
    });
  }
  return worst;
}

const torch = readGolden<{
  readonly cases: { readonly [name: string]: { readonly values: Values } };
}>("torch-optimizers.golden.json").cases;

describe("PyTorch's optimizers", () => {
  test.each<[string, Rule]>([
    ["sgd", sgd({ learningRate: 0.1 })],
    ["heavyBall", heavyBall({ learningRate: 0.1, momentum: 0.9 })],
    ["nesterov", nesterov({ learningRate: 0.1, momentum: 0.9 })],
    ["adam", adam({ learningRate: 0.1 })],
    ["adamW", adamW({ learningRate: 0.1, beta2: 0.98, weightDecay: 0.05 })],
    ["adamWSlow", adamW({ learningRate: 0.1 })],
    [
      "centredRmsProp",
      centredRmsProp({ learningRate: 0.01, decay: 0.95, epsilon: 0.01, epsilonInRoot: false }),
    ],
  ])("%s takes the same 100 steps", (name, rule) => {
    expect(worstError(rule, torch[name].values, { dtype: "float64" })).toBeLessThan(1e-12);
  });
});

const published = readGolden<{ readonly cases: { readonly [name: string]: Values } }>(
  "published-rules.golden.json",
).cases;

const cases: readonly [string, Rule, boolean?][] = [
  ["danaDecaying", danaDecaying({ gamma2: 0.1, gamma3: 0.05, kappa3: 0.5 })],
  ["danaConstant", danaConstant({ gamma2: 0.1, gamma3: 0.01 })],
  [
    "danaEffectiveDimension",
    danaEffectiveDimension({ gamma2: 0.1, share: 0.02, spectrum: { lambda: [1, 0.1] } }),
  ],
  [
    "danaEffectiveDimensionPaperForgetting",
    danaEffectiveDimension({
      gamma2: 0.1,
      forgettingForm: "paper",
      batchSize: 4,
      share: 0.005,
      spectrum: { lambda: [1, 0, 0.1], weight: [1, 7, 3] },
    }),
  ],
  [
    "danaPaperForgetting",
    danaConstant({ gamma2: 0.1, gamma3: 0.01, forgettingForm: "paper", delta: 8 }),
  ],
  [
    "heavyBallAsGeneralMomentum",
    stochasticMomentum({ gamma1: 1, gamma2: 0, gamma3: 0.1, delta: 0.1 }),
  ],
  [
    "nesterovAsGeneralMomentum",
    stochasticMomentum({ gamma1: 1, gamma2: 0.1, gamma3: 0.09, delta: 0.1 }),
  ],
  ["heavyBallAsGeneralMomentum", heavyBall({ learningRate: 0.1, momentum: 0.9 })],
  ["nesterovAsGeneralMomentum", nesterov({ learningRate: 0.1, momentum: 0.9 })],
  ["scheduleFreeSgdX", scheduleFreeSgd({ learningRate: 0.1 }), true],
  ["scheduleFreeSgdY", scheduleFreeSgd({ learningRate: 0.1 })],
  [
    "scheduleFreeAdamWX",
    scheduleFreeAdamW({ learningRate: 0.1, beta2: 0.99, weightDecay: 0.05 }),
    true,
  ],
  ["adana", adana({ learningRate: 0.01 })],
  ["adanaDecayingWeightDecay", adana({ learningRate: 0.01, weightDecay: 0.01, decayTimescale: 1 })],
  ["danaMk4", adana({ learningRate: 0.01, snrClip: 1 })],
  ["danaStar", danaStar({ learningRate: 0.01 })],
  ["danaStarMk4", danaStar({ learningRate: 0.01, snrClip: 1 })],
  ["centredRmsPropEpsilonInRoot", centredRmsProp({ learningRate: 0.01, epsilon: 0.01 })],
];

describe("published rules", () => {
  test.each(cases)("%s follows its definition", (name, rule, averaged = false) => {
    expect(worstError(rule, published[name], { dtype: "float64", averaged })).toBeLessThan(1e-12);
  });

  test.each(cases)("%s follows its definition in float32", (name, rule, averaged = false) => {
    // 10 steps, a dozen roundings of 2⁻²⁴ each.
    const error = worstError(rule, published[name], { dtype: "float32", averaged });
    expect(error).toBeLessThan(120 * 2 ** -24);
  });

  test("every recorded rule is checked", () => {
    expect(new Set(cases.map(([name]) => name))).toEqual(new Set(Object.keys(published)));
  });
});

describe("scheduleFreeSgd", () => {
  test("prints what optax's documentation prints on f = Σx²", () => {
    // optax.contrib.schedule_free_sgd, docstring: x0 = (1, 2, 3), rate 1, b1 0.9.
    const printed = ["14.00", "0.00", "1.00", "0.81", "0.24"];
    const optimizer = scheduleFreeSgd({ learningRate: 1 })(typedArrayOps);
    let y: PlainArray = Float64Array.of(1, 2, 3);
    let state = optimizer.init(y);
    const objective = printed.map(() => {
      const result: Update = optimizer.update(
        y.map((value) => 2 * value),
        state,
        y,
      );
      y = applyUpdates(typedArrayOps, y, result.updates);
      state = result.state;
      const x = evaluationParams(state) as PlainArray;
      return typedArrayOps.sum(typedArrayOps.mul(x, x)).toFixed(2);
    });
    expect(objective).toEqual(printed);
  });
});

describe("adam", () => {
  test("moves by the closed form of a constant gradient", () => {
    // With g constant, m̂ = g and v̂ = g²: each step is η g/(g + ε).
    const optimizer = adam({ learningRate: 6.25e-5, epsilon: 1.5e-4 })(typedArrayOps);
    let x: PlainArray = Float64Array.of(1);
    let state = optimizer.init(x);
    for (let step = 1; step <= 10; step++) {
      const result: Update = optimizer.update(Float64Array.of(1e-3) as PlainArray, state, x);
      x = applyUpdates(typedArrayOps, x, result.updates);
      state = result.state;
      expect(x[0]).toBeCloseTo(1 - (step * 6.25e-5) / 1.15, 13);
    }
  });

  test("corrects its bias in float32 to float32's resolution from the first step on", () => {
    // 1 − 0.999¹ formed in float32 is off by 1.3e-5; the update would show half of that.
    const optimizer = adam({ learningRate: 1 })(typedArrayOps);
    const x = Float32Array.of(0);
    const { updates } = optimizer.update(Float32Array.of(0.37), optimizer.init(x), x);
    expect(Math.abs(updates[0] + 1)).toBeLessThan(4 * 2 ** -24);
  });
});
