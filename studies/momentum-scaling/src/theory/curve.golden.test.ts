import { describe, expect, test } from "vitest";
import { deterministicEquivalent } from "../model/deterministic-equivalent.js";
import { infiniteSpectrum, simpleSpectrum } from "../model/simple-spectrum.js";
import { spectralProblem } from "../model/spectral-problem.js";
import { exactMoments } from "./exact-moments.js";
import { generalMomentumSystem, simplifiedMomentumSystem } from "./general-momentum.js";
import { criticalLearningRate, kernelNorm, sgdKernelNorm } from "./kernel-norm.js";
import { methodRule, systemOf, type MethodName, type MethodRule } from "./methods.js";
import { logTimes, riskCurve } from "./risk-curve.js";
import { sgdSchedule } from "./coefficients.js";
import { forecastStability } from "./stability.js";

const relative = (a: number, b: number): number => Math.abs(a / b - 1);
const small = { alpha: 1, beta: 0.3, dim: 100, hiddenDim: 400 };

/**
 * oracle: external. The authors' scheme (implicit Euler in log(1+t), coefficients at the new time)
 * in an independent NumPy implementation; ten digits printed. Simple spectrum, full equations,
 * h = 0.01, after k steps.
 */
const eulerTable: [MethodName, number[]][] = [
  ["sgd", [0.8967997069, 0.1478664265, 0.0291023135, 0.007856750925, 0.003737286585]],
  ["dana-constant", [0.8964148219, 0.1472606778, 0.02802939895, 0.006605129074, 0.003341024254]],
  ["dana-decaying", [0.8787940651, 0.1358188951, 0.02177544071, 0.005286203309, 0.003344443458]],
];
const danaDecaying = methodRule(small, { method: "dana-decaying", batch: 1 }) as MethodRule & {
  readonly kind: "momentum";
};
const eulerTimes = [100, 300, 500, 700, 900].map((k) => Math.expm1(0.01 * k));

describe("riskCurve", () => {
  const problem = simpleSpectrum(small);

  test.each(eulerTable)(
    "reproduces the authors' implicit Euler curve of %s",
    (method, expected) => {
      const curve = riskCurve(problem, systemOf(methodRule(small, { method, batch: 1 })), {
        times: eulerTimes,
        exactUntil: 0,
        logTimeStep: 0.01,
        method: "implicit-euler",
      });
      expected.forEach((value, i) => expect(relative(curve.risk[i]!, value)).toBeLessThan(1e-9));
    },
  );

  test("reproduces the SDIRK2 curve of SGD", () => {
    const curve = riskCurve(problem, systemOf(methodRule(small, { method: "sgd", batch: 1 })), {
      times: eulerTimes,
      exactUntil: 0,
      logTimeStep: 0.01,
    });
    [0.8975804035, 0.147810595, 0.02911030862, 0.00785867555, 0.003737409369].forEach((value, i) =>
      expect(relative(curve.risk[i]!, value)).toBeLessThan(1e-9),
    );
  });

  test.each(["sgd", "dana-constant", "dana-decaying", "schedule-free"] as const)(
    "converges with order two for %s",
    (method) => {
      const at = (logTimeStep: number): number =>
        riskCurve(problem, systemOf(methodRule(small, { method, batch: 1 })), {
          times: [2000],
          exactUntil: 0,
          logTimeStep,
        }).risk[0]!;
      const [coarse, middle, fine] = [at(0.04), at(0.02), at(0.01)];
      expect(relative(middle, fine)).toBeLessThan(1e-4);
      expect(Math.log2(Math.abs((coarse - middle) / (middle - fine)))).toBeGreaterThan(1.8);
    },
  );

  test.each(["sgd", "sgd-m", "dana-constant", "dana-decaying", "schedule-free"] as const)(
    "stays within 0.1 % of the exact recursion after the switch: %s",
    (method) => {
      const shape = { alpha: 1, beta: 0.3, dim: 1000, hiddenDim: 4000 };
      const spectrum = simpleSpectrum(shape, { maxNodes: 300 });
      const system = systemOf(methodRule(shape, { method, batch: 1 }));
      const times = [1000, 3000, 10_000, 30_000];
      const curve = riskCurve(spectrum, system, { times });
      const { risk } = exactMoments(spectrum, system, 30_000);
      times.forEach((t, i) => expect(relative(curve.risk[i]!, risk[t]!)).toBeLessThan(1e-3));
    },
  );

  test.each(["sgd", "dana-constant", "dana-decaying", "schedule-free"] as const)(
    "stays within 4 %% of itself at the coarse settings for dragging: %s",
    (method) => {
      const shape = { alpha: 1, beta: 0.3, dim: 51_200, hiddenDim: 204_800 };
      const system = systemOf(methodRule(shape, { method, batch: 1 }));
      const times = logTimes(1e12, 1.35);
      const coarse = riskCurve(simpleSpectrum(shape, { maxNodes: 100 }), system, {
        times,
        exactUntil: 30,
        logTimeStep: 0.1,
      });
      const fine = riskCurve(simpleSpectrum(shape, { maxNodes: 400 }), system, { times });
      const ratios = Array.from(coarse.risk, (x, i) => relative(x, fine.risk[i]!));
      expect(Math.max(...ratios)).toBeLessThan(0.04);
    },
  );

  test("gives the right slope but the wrong level with the simplified equations", () => {
    const { schedule } = danaDecaying;
    const options = { times: [10, 100, 1000, 10_000], exactUntil: 0 };
    const full = riskCurve(problem, generalMomentumSystem(schedule, 1), options);
    const simplified = riskCurve(problem, simplifiedMomentumSystem(schedule, 1), options);
    const ratios = [...full.risk].map((x, i) => simplified.risk[i]! / x);
    expect(Math.max(...ratios)).toBeLessThan(0.96);
    expect(Math.min(...ratios)).toBeGreaterThan(0.65);
    expect(relative(ratios[3]!, ratios[2]!)).toBeLessThan(0.05); // over a decade of late times
  });

  /**
   * oracle: external, rounded: levels at a million parameters from an independent deterministic
   * equivalent, whose coarser bins leave up to 3 % (ours moves by 0.06 % when its bins double).
   */
  test.each([
    ["sgd", [0.036294, 8.834e-4, 2.2273e-5, 5.675e-7, 1.8234e-8, 1.905e-9]],
    ["dana-constant", [0.036294, 8.831e-4, 2.1533e-5, 1.5617e-7, 1.533e-9, 1.529e-9]],
    ["dana-decaying", [0.027548, 2.1397e-4, 9.96e-7, 6.857e-9, 1.554e-9, 1.532e-9]],
  ] as const)(
    "gives the levels of %s up to 10^12 steps at a million parameters",
    (method, expected) => {
      const shape = { alpha: 1, beta: 0.3, dim: 1e6, hiddenDim: 4e6 };
      const spectrum = deterministicEquivalent(shape);
      const curve = riskCurve(spectrum, systemOf(methodRule(shape, { method, batch: 1 })), {
        times: [1e2, 1e4, 1e6, 1e8, 1e10, 1e12],
      });
      expected.forEach((value, i) => expect(relative(curve.risk[i]!, value)).toBeLessThan(0.03));
      // what is left of the difference is not ours: finer bins give the same levels
      const fine = deterministicEquivalent(shape, { bins: 400 });
      const finer = riskCurve(fine, systemOf(methodRule(shape, { method, batch: 1 })), {
        times: [1e2, 1e4, 1e6, 1e8, 1e10, 1e12],
      });
      finer.risk.forEach((value, i) => expect(relative(curve.risk[i]!, value)).toBeLessThan(1e-3));
    },
  );

  test.each([
    [[0, 2, 1], /got 1 at index 2/],
    [[-1], /got -1 at index 0/],
    [[0.5], /be whole up to 1000; got 0.5/],
  ])("refuses times that make no sense", (times, message) => {
    expect(() =>
      riskCurve(problem, systemOf(methodRule(small, { method: "sgd", batch: 1 })), { times }),
    ).toThrow(message);
  });
});

const squares = Float64Array.from({ length: 1000 }, (_, i) => (i + 1) ** -2);
const inverseSquares = spectralProblem({
  lambda: squares,
  rho2: new Float64Array(1000).fill(1),
  sigma2: 1e-6,
});
const rate = 0.228111268903466; // 0.375 / trace

describe("kernelNorm", () => {
  // oracle: external, printed to 8–14 digits
  test("reproduces SGD's closed form", () => {
    const norm = (learningRate: number, batch: number): number =>
      sgdKernelNorm(inverseSquares, { learningRate, batch });
    expect(norm(rate, 1)).toBeCloseTo(0.22345673022731, 13);
    expect(norm(rate / 0.375, 1)).toBeCloseTo(0.98983860104642, 13);
    expect(norm(rate / 0.375, 8)).toBeCloseTo(0.083429948064655, 13);
  });

  test("is SGD's closed form where momentum is off, for any buffer", () => {
    for (const batch of [1, 4]) {
      const buffered = generalMomentumSystem(
        () => ({ gamma1: 0.7, gamma2: rate, gamma3: 0, delta: 0.2 }),
        batch,
      );
      expect(kernelNorm(inverseSquares, buffered, 5)).toBeCloseTo(
        sgdKernelNorm(inverseSquares, { learningRate: rate, batch }),
        12,
      );
    }
  });

  test("does not feel modes of eigenvalue 0, and neither does the risk", () => {
    const blind = spectralProblem({
      lambda: [0, ...squares],
      rho2: [3, ...inverseSquares.rho2],
      sigma2: 1e-6,
    });
    for (const method of ["sgd", "sgd-m", "dana-decaying", "schedule-free"] as const) {
      const system = systemOf(methodRule(small, { method, batch: 1 }));
      const norms = [blind, inverseSquares].map((problem) => kernelNorm(problem, system, 5));
      expect(norms[0]).toBe(norms[1]);
      const [with0, without] = [blind, inverseSquares].map(
        (problem) => riskCurve(problem, system, { times: [1, 1e3, 1e6] }).risk,
      );
      expect(with0).toEqual(without);
    }
    const only = spectralProblem({ lambda: [0], rho2: [1], sigma2: 1 });
    expect(criticalLearningRate(only, 1)).toBe(Infinity);
  });

  test("reproduces DANA's norms", () => {
    const system = generalMomentumSystem(
      (t) => ({ gamma1: 1, gamma2: rate, gamma3: (1.5 * rate) / 1000, delta: 4 / (4 + t) }),
      1,
    );
    expect(kernelNorm(inverseSquares, system, 1e3)).toBeCloseTo(0.23264412, 8);
    expect(kernelNorm(inverseSquares, system, 1e6)).toBeCloseTo(0.46329735, 8);
    expect(kernelNorm(inverseSquares, system, 1e9)).toBeCloseTo(0.97040914, 8);
  });
});

describe("criticalLearningRate", () => {
  test.each([
    [1, 0.61106843],
    [2, 0.95140137],
    [8, 1.58751231],
    [64, 1.93905769],
  ])("at batch %s is where risks stop being bounded", (batch, expected) => {
    const critical = criticalLearningRate(inverseSquares, batch);
    expect(Math.abs(critical - expected)).toBeLessThan(1e-6);
    const curve = (factor: number): ReturnType<typeof riskCurve> =>
      riskCurve(inverseSquares, generalMomentumSystem(sgdSchedule(factor * critical), batch), {
        times: logTimes(1e10),
      });
    expect(curve(0.97).divergedAt).toBeNull();
    const above = curve(1.03);
    expect(above.divergedAt).toBeGreaterThan(1);
    expect(above.risk.at(-1)).toBeNaN();
  });
});

describe("forecastStability", () => {
  test("tells DANA-constant's threshold before running", () => {
    const at = (c: number): ReturnType<typeof generalMomentumSystem> =>
      generalMomentumSystem(
        (t) => ({ gamma1: 1, gamma2: rate, gamma3: (c * rate) / 1000, delta: 4 / (4 + t) }),
        1,
      );
    const run = (c: number): number | null =>
      riskCurve(inverseSquares, at(c), { times: logTimes(1e13) }).divergedAt;
    expect(forecastStability(inverseSquares, at(1.5), 1e13).divergesAt).toBeNull();
    expect(run(1.5)).toBeNull();
    expect(forecastStability(inverseSquares, at(1.6), 1e13).divergesAt).not.toBeNull();
    expect(run(1.6)).toBeGreaterThan(1e7);
  });

  test("predicts when momentum that decays too slowly turns the risk around", () => {
    const problem = infiniteSpectrum({ alpha: 1, beta: 0.3 });
    const gamma2 = 0.375 / (Math.PI ** 2 / 6);
    const system = (kappa3: number): ReturnType<typeof generalMomentumSystem> =>
      generalMomentumSystem(
        (t) => ({
          gamma1: 1,
          gamma2,
          gamma3: 0.25 * gamma2 * (1 + t) ** -kappa3,
          delta: 4 / (4 + t),
        }),
        1,
      );
    const forecast = forecastStability(problem, system(0.25), 1e10);
    expect(relative(forecast.divergesAt!, 7.26e4)).toBeLessThan(0.01); // oracle: external
    const curve = riskCurve(problem, system(0.25), { times: logTimes(1e10) });
    expect(curve.divergedAt).not.toBeNull();
    const turn = curve.times[curve.risk.indexOf(Math.min(...curve.risk.filter((x) => x > 0)))]!;
    expect(relative(turn, 6.8e4)).toBeLessThan(0.1);
    expect(forecastStability(problem, system(0.5), 1e10).divergesAt).toBeNull();
    expect(forecastStability(problem, system(0.4), 1e10).largest).toBeCloseTo(0.69, 2);
  });
});
