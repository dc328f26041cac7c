import { describe, expect, test } from "vitest";
import { lossAt } from "../fit/loss-surface.js";
import { noisy, truth } from "../fit/runs.test-helpers.js";
import { loopContext } from "./command-context.test-helpers.js";
import { fitCommand } from "./fit.js";

const fit = (text: string, set: object = {}) =>
  fitCommand.run(
    fitCommand.input.parse({ file: "runs", draws: 60, ...set }),
    loopContext({ runs: text }),
  );
const csv = (rows: readonly (readonly (number | string)[])[], header: string): string =>
  [header, ...rows.map((row) => row.join(","))].join("\n");

describe("fit", () => {
  test("fits the surface to a table of sizes, data and losses", async () => {
    const rows = noisy(5, 0.003).map((r) => [r.numParams, r.numTokens, r.loss]);
    const result = await fit(csv(rows, "N,D,loss"));
    expect(result).toMatchObject({ model: "surface", runs: 30, losses: 30, curve: null });
    const { value, interval } = result.surface!.paramsExponent;
    expect(Math.abs(value - truth.paramsExponent)).toBeLessThan(0.05);
    expect(interval![0]).toBeLessThan(value);
    expect(interval![1]).toBeGreaterThan(value);
    expect(result.scatter).toBeGreaterThan(0.0015);
    expect(result.scatter).toBeLessThan(0.006);
    // the same numbers from size and compute = 6 N D
    const priced = rows.map(([n, d, loss]) => [n!, 6 * n! * d!, loss!]);
    const other = await fit(csv(priced, "params,flops,val_loss"));
    expect(other.surface!.paramsExponent.value).toBeCloseTo(value, 6);
  });

  test("fits one variable over a floor, fitted or known", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => [
      10 ** (3 + i / 2),
      1.5 + 40 * 10 ** (-0.4 * (3 + i / 2)),
    ]);
    const free = await fit(csv(rows, "C,loss"));
    expect(free.curve).toMatchObject({ against: "compute" });
    expect(free.curve!.exponent.value).toBeCloseTo(0.4, 2);
    expect(free.curve!.floor.value).toBeCloseTo(1.5, 2);
    const known = await fit(csv(rows, "C,loss"), { floor: 1.5 });
    expect(known.curve!.exponent.value).toBeCloseTo(0.4, 9);
    expect(known.curve!.exponent.interval![0]).toBeCloseTo(0.4, 8);
    expect(known.warnings).toEqual([]);
    const off = await fit(csv(rows, "C,loss"), { floor: 1.2 });
    expect(off.warnings.join()).toMatch(/drifts from .*: a single exponent is meaningless/);
  });

  test("finds the valleys of runs of equal compute and their power law", async () => {
    // N* = 2 C^0.5 by construction, parabolas in log N
    const rows = [1e6, 1e7, 1e8, 1e9].flatMap((compute) =>
      [-2, -1, 0, 1, 2].map((step) => {
        const size = 2 * Math.sqrt(compute) * 2 ** (step + 0.3);
        return [
          size,
          compute,
          3 * compute ** -0.1 * Math.exp(0.05 * ((step + 0.3) * Math.LN2) ** 2),
        ];
      }),
    );
    const { isoFlops } = await fit(csv(rows, "N,C,loss"), { against: "compute" });
    expect(isoFlops!.valleys.map(({ compute }) => Math.round(Math.log10(compute)))).toEqual([
      6, 7, 8, 9,
    ]);
    expect(isoFlops!.valleys[0]!.numParams.value).toBeCloseTo(2000, 6);
    expect(isoFlops!.valleys[0]!.loss).toBeCloseTo(3 * 1e6 ** -0.1, 9);
    expect(isoFlops!.sizeExponent!.value).toBeCloseTo(0.5, 9);
  });

  test("reads results of text runs, knows their floor, keeps runs together", async () => {
    const run = (width: number) => {
      const numTokens = Array.from({ length: 16 }, (_, i) => 1000 * 2 ** i);
      const numParams = 16 * width ** 2;
      const surface = { ...truth, floor: 1.2, paramsFactor: 30, tokensFactor: 90 };
      return {
        experiment: "text",
        status: "stable",
        entropyRate: 1.2,
        numParams,
        curve: {
          numTokens,
          validationLoss: numTokens.map((tokens) =>
            lossAt(surface, { numParams, numTokens: tokens }),
          ),
        },
      };
    };
    const lines = [16, 24, 32, 48, 64].map((width) => JSON.stringify(run(width)));
    const result = await fit(lines.join("\n"));
    expect(result).toMatchObject({ model: "surface", runs: 5, losses: 40 });
    expect(result.surface!.floor.value).toBe(1.2);
    expect(result.surface!.tokensExponent.value).toBeCloseTo(truth.tokensExponent, 3);
    const one = await fit(lines[0]!, { against: "numTokens" });
    expect(one).toMatchObject({ model: "curve", runs: 1, losses: 8 });
  });

  test.each([
    ["a,b\n1,2", {}, /needs a column "loss" and one of "N".*got a, b/],
    ["N,loss\n1,-2", {}, /every loss must be a finite number above 0; got -2 in row 1/],
    ["N,loss\n1,x", {}, /every loss must be a finite number above 0; got "x" in row 1/],
    ["N,loss\n1,2\n2,1", {}, /needs ≥ 6 losses at ≥ 4 values of numParams; got 2 at 2/],
    [
      "N,loss\n1,2",
      { loss: "perplexity" },
      /no column is called "perplexity"; the file has N, loss/,
    ],
    ["N,loss\n1,2", { against: "compute" }, /--against compute needs that column/],
    ['{"a":1}', {}, /line 1 must be the result of a text run/],
    ["{", {}, /line 1 must be JSON/],
  ])("refuses what cannot be fitted, in one sentence: %s", async (text, set, message) => {
    await expect(fit(text, set)).rejects.toThrow(message);
    await expect(fit(text, set)).rejects.toMatchObject({ code: "E_FIT_RUNS" });
  });
});
