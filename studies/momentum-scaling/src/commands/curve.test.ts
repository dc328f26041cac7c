import { key } from "@quadrivium/core";
import type { z } from "zod";
import { describe, expect, test } from "vitest";
import { loopContext } from "./command-context.test-helpers.js";
import { curveCommand } from "./curve.js";
import { spectrumOf } from "../model/spectrum.js";
import { exponentsCommand } from "./exponents.js";

type Input = Parameters<typeof curveCommand.run>[0];

const run = (given: Partial<z.input<typeof curveCommand.input>> & object) =>
  curveCommand.run(curveCommand.input.parse(given) as Input, loopContext());

describe("curve", () => {
  test("gives expected risk, slopes and kernel norms on a logarithmic grid", async () => {
    const output = await run({ method: "sgd", dim: 3200, tMax: 1e6 });
    expect(output.times[0]).toBe(0);
    expect(output.times.at(-1)).toBe(1e6);
    expect(output.risk).toHaveLength(output.times.length);
    const at = output.times.findIndex((t) => t > 1000);
    expect(output.localSlope[at]).toBeCloseTo(-0.79, 1);
    expect(output.kernelNorm[at]).toBeGreaterThan(0.1);
    expect(output.kernelNorm[at]).toBeLessThan(0.5);
    expect(output.risk.at(-1)).toBeGreaterThan(output.floor);
    expect(output).toMatchObject({ status: "stable", divergedAt: null });
  });

  test("simulates the same modes beside the theory", async () => {
    const output = await run({
      dim: 60,
      tMax: 300,
      batch: 8,
      method: "dana-constant",
      simulate: 200,
      seed: 4,
    });
    const { mean, standardError, runs } = output.simulated!;
    expect(runs).toBe(200);
    output.times.forEach((_, i) => {
      const off = Math.abs(mean[i]! - output.risk[i]!);
      expect(off).toBeLessThanOrEqual(4 * standardError[i]! + 1e-12);
    });
    const other = await run({ dim: 60, tMax: 300, simulate: 2, seed: 5 });
    const same = await run({ dim: 60, tMax: 300, simulate: 2, seed: 4 });
    expect(other.simulated!.mean).not.toEqual(same.simulated!.mean);
  });

  test("is gradient descent at an infinite batch", async () => {
    const given = { dim: 40, hiddenDim: 160, method: "sgd", batch: "inf", tMax: 300 } as const;
    const output = await run({ ...given, spectrum: "exact", preset: "optax-style" });
    const { lambda, rho2, sigma2 } = spectrumOf(
      { alpha: 1, beta: 0.3, dim: 40, hiddenDim: 160 },
      "exact",
      key(0),
    );
    output.times.forEach((t, i) => {
      let risk = sigma2;
      lambda.forEach((x, j) => (risk += x * rho2[j]! * (1 - 0.5 * x) ** (2 * t)));
      expect(output.risk[i]! / risk).toBeCloseTo(1, 9);
    });
    expect(Math.max(...output.kernelNorm.map(Number))).toBe(0);
  });

  test("draws its own features for the exact spectrum", async () => {
    const first = await run({ dim: 50, spectrum: "exact", seed: 1, tMax: 10 });
    const second = await run({ dim: 50, spectrum: "exact", seed: 2, tMax: 10 });
    expect(first.floor).not.toBe(second.floor);
    expect(first.risk[0]).toBeCloseTo(second.risk[0]!, 10);
  });

  test.each([
    [{ alpha: 0.2, beta: 0.3 }, /2·alpha \+ 2·beta must exceed 1/],
    [{ dim: 100, hiddenDim: 50 }, /the 100 parameters \(dim\) cannot outnumber/],
    [{ dim: 5000, spectrum: "exact" }, /at most 4096.*got 5000; use the spectrum "det-eq"/],
    [{ alpha: 0.4, beta: 0.8, spectrum: "infinite" }, /need 2·alpha > 1/],
    [{ batch: "inf" }, /rate of ode-example falls.*take --preset optax-style/],
    [{ batch: "inf", preset: "optax-style", simulate: 2 }, /every run is the theory's curve/],
    [{ simulate: 10 }, /which takes many hours/],
    [{ simulate: 10, spectrum: "infinite" }, /finitely many parameters/],
    [{ simulate: 1, dim: 10, tMax: 10 }, /runs must be a whole number ≥ 2/],
  ] as const)("refuses %j and says why", async (given, message) => {
    await expect(run(given)).rejects.toThrow(message);
  });

  test("shows a table to a human", async () => {
    const text = curveCommand.render!(await run({ dim: 50, tMax: 100, simulate: 3 }));
    expect(text).toMatch(/^t +risk +slope/);
    expect(text).toMatch(/stable; floor/);
  });
});

describe("exponents", () => {
  test("names the phase and every method's exponents", async () => {
    const output = await exponentsCommand.run({ alpha: 1, beta: 0.3 }, loopContext());
    expect(output.phase).toBe("Ia");
    expect(output.methods["dana-decaying"]).toMatchObject({
      lossExponents: { Fac: null },
      parameterExponent: 3 / 7,
    });
    // SGD's until t ≍ d, so that the limit of infinite d depends on which grows first
    expect(output.methods["dana-constant"].earlyLossExponent).toBeCloseTo(0.8, 12);
    expect(output.methods["dana-constant"].lossExponent).toBeCloseTo(1.6, 12);
    expect(exponentsCommand.output.parse(output)).toEqual(output);
    expect(exponentsCommand.render!(output)).toMatch(/dana-decaying +1\.2000 +0\.6857 +0\.4286/);
  });
});
