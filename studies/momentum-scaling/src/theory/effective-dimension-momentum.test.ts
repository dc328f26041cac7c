import { hostArray } from "@quadrivium/core";
import { compile, type np } from "@quadrivium/engine";
import { arrayOps, stochasticMomentum, typedArrayOps } from "@quadrivium/nn";
import { describe, expect, test } from "vitest";
import { infiniteSpectrum } from "../model/simple-spectrum.js";
import { spectralProblem, trace } from "../model/spectral-problem.js";
import { effectiveDimensionMomentum } from "./effective-dimension-momentum.js";
import { generalMomentumSystem } from "./general-momentum.js";
import { effectiveDimension } from "./kernel-norm.js";
import { riskCurve } from "./risk-curve.js";
import { forecastStability } from "./stability.js";

const lambda = Float64Array.from({ length: 400 }, (_, j) => (j + 1) ** -2);
const problem = spectralProblem({ lambda, rho2: new Float64Array(400), sigma2: 0 });
const options = { gamma2: 0.2, delta: 4, batch: 1 };

describe("effectiveDimensionMomentum", () => {
  test("is its share of what gradient noise allows, never more than γ2", () => {
    const gamma3 = effectiveDimensionMomentum(problem, options);
    for (const t of [0, 3, 50, 1e3, 1e5, 1e8]) {
      const rule = (0.25 * 0.2) / effectiveDimension(problem, 4 / (4 + t) / 0.2);
      expect(Math.abs(gamma3(t) / Math.min(0.2, rule) - 1)).toBeLessThan(0.03);
    }
    expect(gamma3(1e12) * 400).toBeCloseTo(0.05, 6); // DANA-constant at the end
    const wide = effectiveDimensionMomentum(problem, { ...options, batch: 4000 });
    expect(wide(1e6)).toBeCloseTo(0.2, 14);
  });

  test("has DANA-decaying's exponent on a power law, and stays stable", () => {
    const infinite = infiniteSpectrum({ alpha: 1, beta: 0.3 });
    const gamma2 = 0.375 / trace(infinite);
    const gamma3 = effectiveDimensionMomentum(infinite, { gamma2, delta: 4, batch: 1 });
    const system = generalMomentumSystem(
      (t) => ({ gamma1: 1, gamma2, gamma3: gamma3(t), delta: 4 / (4 + t) }),
      1,
    );
    expect(forecastStability(infinite, system, 1e12).largest).toBeLessThan(0.5);
    const { risk } = riskCurve(infinite, system, { times: [10 ** 11.5, 1e12].map(Math.round) });
    // 2 − 1/2α times ζ = 1.5 · 0.8
    expect(Math.log10(risk[1]! / risk[0]!) / 0.5).toBeCloseTo(-1.2, 2);
  });

  test("gives the same numbers inside a traced program", async () => {
    const gamma3 = effectiveDimensionMomentum(problem, options);
    const traced = (step: np.Array): np.Array => gamma3(step, arrayOps.scalar) as np.Array;
    const program = await compile(traced, [{ dtype: "float32", shape: [] }]);
    for (const t of [0, 10, 1e4]) {
      const value = await program.run(hostArray(Float32Array.of(t), []));
      const number = Number((await value.read()).data[0]);
      value.dispose();
      expect(Math.abs(number / gamma3(t) - 1)).toBeLessThan(1e-5);
    }
    await program.dispose();
  });

  test("steps plain arrays by the rule", () => {
    const gamma3 = effectiveDimensionMomentum(problem, options);
    const rule = stochasticMomentum({ gamma1: 1, gamma2: 0.2, gamma3, delta: 0.5 });
    const optimizer = rule(typedArrayOps);
    const gradient = Float64Array.of(1, -2);
    let state = optimizer.init(new Float64Array(2));
    let y = 0;
    for (let t = 0; t < 5; t++) {
      const { updates, state: next } = optimizer.update(gradient, state, new Float64Array(2));
      state = next;
      y = 0.5 * y + 1;
      expect((updates as Float64Array)[0]).toBeCloseTo(-0.2 - gamma3(t) * y, 12);
      expect((updates as Float64Array)[1]).toBeCloseTo(2 * (0.2 + gamma3(t) * y), 12);
    }
  });
});
