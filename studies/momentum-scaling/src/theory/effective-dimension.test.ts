import { effectiveDimensionMomentum } from "@quadrivium/nn/optimizers";
import { expect, test } from "vitest";
import { infiniteSpectrum } from "../model/simple-spectrum.js";
import { trace } from "../model/spectral-problem.js";
import { generalMomentumSystem } from "./general-momentum.js";
import { riskCurve } from "./risk-curve.js";
import { forecastStability } from "./stability.js";

test("momentum by effective dimension has DANA-decaying's exponent on a power law, and stays stable", () => {
  const infinite = infiniteSpectrum({ alpha: 1, beta: 0.3 });
  const gamma2 = 0.375 / trace(infinite);
  const gamma3 = effectiveDimensionMomentum(infinite, { gamma2, delta: 4 });
  const system = generalMomentumSystem(
    (t) => ({ gamma1: 1, gamma2, gamma3: gamma3(t), delta: 4 / (4 + t) }),
    1,
  );
  expect(forecastStability(infinite, system, 1e12).largest).toBeLessThan(0.5);
  const { risk } = riskCurve(infinite, system, { times: [10 ** 11.5, 1e12].map(Math.round) });
  // 2 − 1/2α times ζ = 1.5 · 0.8
  expect(Math.log10(risk[1]! / risk[0]!) / 0.5).toBeCloseTo(-1.2, 2);
});
