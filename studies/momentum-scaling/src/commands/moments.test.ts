import type { CommandContext } from "@quadrivium/config";
import { describe, expect, test } from "vitest";
import { momentsCommand } from "./moments.js";

const good = {
  lambda: [1, 0.5],
  rho2: [1, 2],
  sigma2: 0.1,
  batch: 1,
  gamma1: 1,
  gamma2: 0.1,
  gamma3: [0.1, 0.05],
  delta: [2.5, 0.5],
  steps: 2,
};

async function run(problem: unknown): ReturnType<typeof momentsCommand.run> {
  const text = typeof problem === "string" ? problem : JSON.stringify(problem);
  const context = { readFile: async () => new TextEncoder().encode(text) };
  return momentsCommand.run({ in: "problem.json" }, context as unknown as CommandContext);
}

describe("moments", () => {
  test("starts at P(0) and gives one risk for each step", async () => {
    const { risk, status } = await run(good);
    expect(risk).toHaveLength(3);
    expect(risk[0]).toBeCloseTo(2.1, 14);
    expect(status).toBe("finite");
  });
  test("treats a scalar and a constant list alike", async () => {
    expect(await run({ ...good, gamma2: [0.1, 0.1] })).toEqual(await run(good));
  });
  test("keeps a mode of eigenvalue 0 where it is, unseen in the risk", async () => {
    const blind = { ...good, lambda: [1, 0, 0.5], rho2: [1, 1e6, 2] };
    expect(await run(blind)).toEqual(await run(good));
    const { risk } = await run({ ...good, lambda: [0, 0] });
    expect(risk).toEqual([0.1, 0.1, 0.1]);
  });
  test("takes full gradients where the batch is infinite, as other languages write it", async () => {
    const exact = { ...good, sigma2: 0, lambda: [1], rho2: [1], gamma3: 0 };
    const text = JSON.stringify(exact).replace('"batch":1', '"batch":[Infinity,Infinity]');
    const { risk } = await run(text);
    [1, 0.9 ** 2, 0.9 ** 4].forEach((value, t) => expect(risk[t]).toBeCloseTo(value, 15));
  });
  test("reports divergence with its step instead of a number", async () => {
    const output = await run({ ...good, gamma2: 1e80, gamma3: 0, delta: 1 });
    expect(output).toMatchObject({ status: "diverged", divergedAt: 2 });
    expect(output.risk[2]).toBeNull();
  });
  test.each([
    [{ ...good, gamma2: -0.1 }, /gamma2 must be a finite rate ≥ 0; got -0.1 at step 0/],
    [{ ...good, delta: [1] }, /delta must be one number or one for each of the 2 steps; got 1/],
    [{ ...good, batch: 0 }, /batch must be a batch size ≥ 1; got 0/],
    [{ ...good, batch: [1, "many"] }, /batch/],
    [JSON.stringify(good).replace('"batch":1', '"batch":-Infinity'), /batch.*got -Infinity/],
    [JSON.stringify(good).replace('"gamma2":0.1', '"gamma2":Infinity'), /gamma2.*got Infinity/],
    [{ ...good, steps: undefined }, /steps: /],
    [{ ...good, lambda: [1, -1] }, /every lambda must be a finite number ≥ 0; got -1/],
    ["{", /the file must be JSON/],
    [
      JSON.stringify(good).replace("[1,0.5]", "[1, NaN]"),
      /lambda must hold finite numbers; got NaN at index 1, with which no risk can be computed/,
    ],
    [
      JSON.stringify(good).replace('"sigma2":0.1', '"sigma2":-Infinity'),
      /sigma2 must hold finite numbers; got -Infinity,/,
    ],
    [{ ...good, rho2: [null, 1] }, /rho2 must hold finite numbers; got nothing at index 0/],
  ])("refuses a problem that makes no sense", async (problem, message) => {
    await expect(run(problem)).rejects.toThrow(message);
  });
});
