import { foldIn, key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { simpleSpectrum } from "../model/simple-spectrum.js";
import { sgdSchedule } from "../theory/coefficients.js";
import { systemOf, type MethodRule } from "../theory/methods.js";
import { deterministicEquivalent } from "../model/deterministic-equivalent.js";
import { initialRisk, spectralProblem, trace } from "../model/spectral-problem.js";
import { methodRule } from "../theory/methods.js";
import { riskCurve } from "../theory/risk-curve.js";
import { explicitRun } from "./explicit.test-helpers.js";
import { simulateRun } from "./simulate-run.js";
import { Simulation } from "./simulation.js";
import { dana, rules, scores, times, tiny, tinyModel } from "./tiny-model.test-helpers.js";
import { unitModes } from "./unit-modes.js";

// Fixed seeds; with fresh ones each comparison would fail by chance with probability 6·10^−5.
describe("Simulation", () => {
  test.each(rules)("has the exact expected risk of %s", (_, rule) => {
    const result = scores(
      rule,
      (replica) => simulateRun(tiny, rule, { times, key: foldIn(key(11), replica) }).risk,
      50_000,
    );
    for (const { z, relativeError } of result) {
      expect(Math.abs(z)).toBeLessThan(4);
      expect(relativeError).toBeLessThan(2e-3);
    }
  });

  test.each(rules.slice(0, 2))("agrees in mean with the explicit model: %s", (_, rule) => {
    const { schedule } = rule as MethodRule & { readonly kind: "momentum" };
    const result = scores(
      rule,
      (replica) => {
        const stream = streamOf(foldIn(key(12), replica));
        const risk = explicitRun(tinyModel, { schedule, batch: 2, steps: 20, stream });
        return times.map((t) => risk[t]!);
      },
      20_000,
    );
    for (const { z } of result) expect(Math.abs(z)).toBeLessThan(4);
  });

  test("scatters like the explicit model, not only its mean", () => {
    // spread of log-risk after ten steps; 20,000 runs each put ±1 % on a standard deviation
    const spread = (values: number[]): number => {
      const logs = values.map(Math.log);
      const mean = logs.reduce((a, b) => a + b) / logs.length;
      return Math.sqrt(logs.reduce((a, b) => a + (b - mean) ** 2, 0) / logs.length);
    };
    for (const batch of [1, 5, 40]) {
      const rule = { kind: "momentum", schedule: dana, batch } as const;
      const runs = Array.from({ length: 20_000 }, (_, i) => foldIn(key(13 + batch), i));
      const reduced = runs.map((k) => simulateRun(tiny, rule, { times: [10], key: k }).risk[0]!);
      const explicit = runs
        .slice(0, batch === 40 ? 4000 : 20_000)
        .map(
          (k) =>
            explicitRun(tinyModel, { schedule: dana, batch, steps: 10, stream: streamOf(k) })[10]!,
        );
      expect(Math.abs(spread(reduced) / spread(explicit) - 1)).toBeLessThan(0.06);
    }
  });

  test("gives other runs for other keys and the same run for the same key", () => {
    const run = (seed: number): Float64Array =>
      simulateRun(tiny, rules[1]![1], { times, key: key(seed) }).risk;
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  test("goes on from its state bit for bit", () => {
    for (const [, rule] of rules) {
      const whole = new Simulation(tiny, rule, streamOf(key(3)));
      for (let t = 0; t < 50; t++) whole.step();
      const first = new Simulation(tiny, rule, streamOf(key(3)));
      for (let t = 0; t < 20; t++) first.step();
      const second = new Simulation(tiny, rule, first.state());
      while (second.time < 50) second.step();
      expect(second.state()).toEqual(whole.state());
      expect(second.risk).toBe(whole.risk);
    }
  });

  test("refuses nodes that stand for several modes", () => {
    const joined = spectralProblem({ lambda: [1], rho2: [1], sigma2: 0, weight: [2] });
    expect(() => new Simulation(joined, rules[0]![1], streamOf(key(0)))).toThrow(/use unitModes/);
  });
});

describe("simulateRun", () => {
  test("reports divergence with its step and numbers only before it", () => {
    const rule = { kind: "momentum", schedule: sgdSchedule(3), batch: 8 } as const;
    const { risk, divergedAt } = simulateRun(tiny, rule, {
      times: [0, 1, 10_000],
      key: key(1),
    });
    expect(divergedAt).toBeGreaterThan(1);
    expect(divergedAt).toBeLessThan(1000);
    expect(risk[0]).toBeCloseTo(1.15942507308644, 12);
    expect(risk[1]).toBeGreaterThan(0);
    expect(risk[2]).toBeNaN();
  });
});

describe("unitModes", () => {
  test.each([
    { alpha: 1, beta: 0.3, dim: 1600, hiddenDim: 6400 },
    { alpha: 0.7, beta: 0.9, dim: 400, hiddenDim: 1600 },
  ])("keeps the number of modes, the trace, the risk and the curve at ($alpha, $beta)", (shape) => {
    const nodes = deterministicEquivalent(shape);
    const modes = unitModes(nodes);
    expect(modes.lambda).toHaveLength(shape.dim);
    expect(trace(modes)).toBeCloseTo(trace(nodes), 12);
    expect(initialRisk(modes)).toBeCloseTo(initialRisk(nodes), 12);
    const system = systemOf(methodRule(shape, { method: "dana-decaying", batch: 1 }));
    const options = { times: [1, 10, 100, 1000, 10_000] };
    const [coarse, fine] = [nodes, modes].map((p) => riskCurve(p, system, options).risk);
    fine!.forEach((x, i) => expect(Math.abs(x / coarse![i]! - 1)).toBeLessThan(2e-3));
  });

  test("splits off modes of eigenvalue 0", () => {
    const nodes = spectralProblem({ lambda: [1, 0], rho2: [2, 5], sigma2: 0.1, weight: [2, 3] });
    const modes = unitModes(nodes);
    expect([...modes.lambda]).toEqual([1, 1, 0, 0, 0]);
    expect(initialRisk(modes)).toBe(4.1);
  });

  test("leaves a problem of single modes alone", () => {
    const problem = simpleSpectrum({ alpha: 1, beta: 0.3, dim: 20, hiddenDim: 80 });
    expect(unitModes(problem)).toBe(problem);
  });
});
