import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  adam,
  applyUpdates,
  clipByGlobalNorm,
  danaConstant,
  danaDecaying,
  danaEffectiveDimension,
  globalNorm,
  heavyBall,
  nesterov,
  type PlainArray,
  type Rule,
  scheduleFreeSgd,
  sgd,
  stochasticMomentum,
  typedArrayOps,
} from "./index.js";

const settings = { seed: 20_251, numRuns: 60 };
const number = fc.double({ min: -3, max: 3, noNaN: true });

/** Where `numSteps` steps lead on a quadratic with curvatures 1 and 0.2 along rotated axes. */
function endPoint(rule: Rule, start: readonly [number, number], angle: number): [number, number] {
  const optimizer = rule(typedArrayOps);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  let x: Float64Array = Float64Array.of(c * start[0] - s * start[1], s * start[0] + c * start[1]);
  let state = optimizer.init(x);
  for (let step = 0; step < 15; step++) {
    const along = [c * x[0] + s * x[1], 0.2 * (-s * x[0] + c * x[1])];
    const grad = Float64Array.of(c * along[0] - s * along[1], s * along[0] + c * along[1]);
    const result = optimizer.update<PlainArray>(grad, state, x);
    x = applyUpdates<PlainArray, number, PlainArray>(
      typedArrayOps,
      x,
      result.updates,
    ) as Float64Array;
    state = result.state;
  }
  return [c * x[0] + s * x[1], -s * x[0] + c * x[1]];
}

describe("rotation of the parameters", () => {
  test.each<[string, Rule]>([
    ["sgd", sgd({ learningRate: 0.2 })],
    ["heavyBall", heavyBall({ learningRate: 0.1, momentum: 0.8 })],
    ["nesterov", nesterov({ learningRate: 0.1, momentum: 0.8 })],
    ["danaConstant", danaConstant({ gamma2: 0.2, gamma3: 0.02 })],
    ["danaDecaying", danaDecaying({ gamma2: 0.2, gamma3: 0.1, kappa3: 0.5 })],
    [
      "danaEffectiveDimension",
      danaEffectiveDimension({ gamma2: 0.2, spectrum: { lambda: [1, 0.2] } }),
    ],
    ["scheduleFreeSgd", scheduleFreeSgd({ learningRate: 0.3 })],
  ])("rotates the path of %s and nothing else", (_, rule) => {
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 6.3, noNaN: true }), (a, b, angle) => {
        const straight = endPoint(rule, [a, b], 0);
        const rotated = endPoint(rule, [a, b], angle);
        expect(rotated[0]).toBeCloseTo(straight[0], 12);
        expect(rotated[1]).toBeCloseTo(straight[1], 12);
      }),
      settings,
    );
  });

  test("changes the path of adam, which follows the axes", () => {
    const rule = adam({ learningRate: 0.1 });
    const [straight, rotated] = [endPoint(rule, [1, -2], 0), endPoint(rule, [1, -2], 0.7)];
    expect(Math.abs(straight[0] - rotated[0])).toBeGreaterThan(0.01);
  });
});

describe("stochasticMomentum", () => {
  test("is sgd without γ3, whatever it remembers", () => {
    const plain = endPoint(sgd({ learningRate: 0.15 }), [1, -2], 0);
    fc.assert(
      fc.property(number, number, (gamma1, delta) => {
        const rule = stochasticMomentum({ gamma1, gamma2: 0.15, gamma3: 0, delta });
        expect(endPoint(rule, [1, -2], 0)).toEqual(plain);
      }),
      settings,
    );
  });

  test("is heavy ball and Nesterov at their coefficients", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.3, noNaN: true }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        (learningRate, momentum) => {
          const delta = 1 - momentum;
          const pairs: readonly (readonly [Rule, Rule])[] = [
            [
              heavyBall({ learningRate, momentum }),
              stochasticMomentum({ gamma1: 1, gamma2: 0, gamma3: learningRate, delta }),
            ],
            [
              nesterov({ learningRate, momentum }),
              stochasticMomentum({
                gamma1: 1,
                gamma2: learningRate,
                gamma3: learningRate * momentum,
                delta,
              }),
            ],
          ];
          for (const [named, general] of pairs) {
            const [a, b] = [endPoint(named, [1, -2], 0), endPoint(general, [1, -2], 0)];
            expect(b[0]).toBeCloseTo(a[0], 11);
            expect(b[1]).toBeCloseTo(a[1], 11);
          }
        },
      ),
      settings,
    );
  });
});

describe("clipByGlobalNorm", () => {
  test("bounds the norm and keeps the direction", () => {
    const vector = fc.array(number, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(vector, vector, fc.double({ min: 0.1, max: 5, noNaN: true }), (a, b, bound) => {
        const grads = { a: Float64Array.from(a), b: [Float64Array.from(b)] };
        const { updates } = clipByGlobalNorm(bound)(typedArrayOps).update(grads, {}, grads);
        const [before, after] = [grads, updates].map((tree) => globalNorm(typedArrayOps, tree));
        expect(after).toBeLessThanOrEqual(bound * (1 + 1e-15) + 1e-15);
        expect(after).toBeCloseTo(Math.min(before, bound), 12);
        updates.a.forEach((value, i) => expect(value * before).toBeCloseTo(a[i] * after, 10));
      }),
      settings,
    );
  });
});
