import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { curveCommand } from "./curve.js";
import { loopContext } from "./command-context.test-helpers.js";
import { exploreCommand } from "./explore.js";

const explore = (set: object, context = loopContext()) =>
  exploreCommand.run(exploreCommand.input.parse({ dim: 500, tMax: 1e4, ...set }), context);

describe("explore", () => {
  test.each(["sgd", "dana-constant", "dana-decaying"] as const)(
    "finds in the family of %s the method itself, above and below 2α = 1",
    async (family) => {
      for (const [alpha, beta] of [
        [1, 0.3],
        [0.4, 0.7],
      ]) {
        const { families } = await explore({ family, alpha, beta });
        const set = { alpha, beta, dim: 500, tMax: 1e4, method: family };
        const { risk } = await curveCommand.run(curveCommand.input.parse(set), loopContext());
        expect(families[0]!.risk! / risk.at(-1)!).toBeCloseTo(1, 12);
      }
    },
  );

  test("spans ranges and lists, and marks what gradient noise forbids", async () => {
    const { families } = await explore({ kappa2: "0,1", kappa3: "0..0.5..0.25", tMax: 1e6 });
    expect(families.map(({ kappa2, kappa3 }) => [kappa2, kappa3])).toEqual([
      [0, 0],
      [0, 0.25],
      [0, 0.5],
      [1, 0],
      [1, 0.25],
      [1, 0.5],
    ]);
    // α = 1: stable from κ3 = 1/2α = 0.5 on, or with momentum of order 1/d
    expect(families.map(({ theory }) => theory.stable)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    const [constant] = families;
    expect(constant).toMatchObject({ risk: null });
    expect(constant!.divergedAt).toBeLessThan(1e6);
    expect(constant!.largestNorm ?? Infinity).toBeGreaterThan(1);
    expect(constant!.warnings[0]).toMatch(/momentum outgrows/);
  });

  test("measures the exponents that the balance of terms predicts, for a κ3 between", async () => {
    const set = { kappa3: "0.6", dims: "200..102400", alpha: 1, beta: 0.3 };
    const [row] = (await explore(set)).families;
    const { computeExponent, parameterExponent } = row!.measured!;
    expect(Math.abs(computeExponent.value - row!.theory.computeExponent)).toBeLessThan(0.02);
    expect(Math.abs(parameterExponent.value - row!.theory.parameterExponent)).toBeLessThan(0.03);
    // between DANA-decaying (κ3 = 0.5) and SGD
    expect(computeExponent.value).toBeGreaterThan(0.54);
    expect(computeExponent.value).toBeLessThan(0.68);
  });

  test("takes ADANA's momentum schedule, and batches that grow with size", async () => {
    const [adana] = (await explore({ family: "adana" })).families;
    expect(adana).toMatchObject({ kappa2: 0, kappa3: 0.85, batch: 1 });
    const [batched] = (await explore({ kappaB: "0.5" })).families;
    expect(batched!.batch).toBe(22);
  });

  test("says that a divergent family has no exponent", async () => {
    const [row] = (await explore({ kappa3: "0", dims: "200,400,800" })).families;
    expect(row!.measured).toBeNull();
    expect(row!.warnings.join()).toMatch(/diverges at 3 of 3 sizes: an exponent is meaningless/);
  });

  test("draws risks over κ2 and κ3", async () => {
    const written: { [path: string]: string } = {};
    const context = {
      ...loopContext(),
      newDocument: async () => parseHTML("<!doctype html><html><body></body></html>").document,
      writeFile: async (path: string, bytes: Uint8Array | string) => {
        written[path] = String(bytes);
      },
    };
    await explore({ kappa2: "0,1", kappa3: "0,0.5,1", figure: "risks.svg" }, context);
    expect(written["risks.svg"]).toMatch(/^<svg[^>]* xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(written["risks.svg"]!.match(/<rect/g)!.length).toBeGreaterThanOrEqual(5);
    await expect(explore({ figure: "risks.svg" })).rejects.toMatchObject({ code: "E_DOCUMENT" });
  });

  test.each([
    [
      { kappa3: "fast" },
      /kappa3 must be a number, a list 0,0.5,1 or a range 0..1..0.1; got "fast"/,
    ],
    [{ kappaB: "-1" }, /kappaB must be a number ≥ 0/],
    [{ kappa2: "0..1..0.01", kappa3: "0..1..0.01" }, /at most 2000 families at once; got 10201/],
    [{ alpha: 0.2, beta: 0.2 }, /2·alpha \+ 2·beta must exceed 1/],
  ])("refuses %j", async (set, message) => {
    await expect(explore(set)).rejects.toThrow(message);
  });
});
