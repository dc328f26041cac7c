import { readFileSync } from "node:fs";
import { hostArray, key } from "@quadrivium/core";
import { writeNpy, writeNpz, writeSafetensors } from "@quadrivium/io";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { loopContext } from "../commands/command-context.test-helpers.js";
import { estimateCommand } from "../commands/estimate.js";
import { estimateFigures } from "../figures/estimate-figures.js";
import { dataOf } from "./data.js";
import { estimate, type Estimate } from "./estimate.js";
import { powerLawData } from "./power-law-data.test-helpers.js";
import { readArrays } from "./read-data.js";
import { fitTail } from "./tail-fit.js";

const run = (
  given: Parameters<typeof powerLawData>[0],
  options: { readonly kernel?: boolean; readonly numFeatures?: number } = {},
): Estimate => {
  const { values, shape, targets } = powerLawData(given);
  if (options.kernel !== true) return estimate(dataOf({ shape, values }, targets), { key: key(0) });
  const [n, p] = shape as [number, number];
  const kernel = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += values[i * p + k]! * values[j * p + k]!;
      kernel[i * n + j] = kernel[j * n + i] = sum;
    }
  }
  const array = { shape: [n, n], values: kernel };
  return estimate(dataOf(array, targets, { numFeatures: options.numFeatures }), { key: key(0) });
};
const base = { alpha: 1, beta: 0.3, samples: 600, features: 300, noise: 0, seed: 1 };

describe("estimate", () => {
  test("finds the exponents of a feature matrix and recommends DANA", () => {
    const result = run(base);
    expect(result.kind).toBe("features");
    expect(Math.abs(result.alpha! - 1)).toBeLessThan(0.04);
    expect(Math.abs(result.beta! - 0.3)).toBeLessThan(0.15);
    expect(result.intervals.beta![0]).toBeLessThan(result.beta!);
    expect(result.refusal).toBeNull();
    const { recommendation } = result;
    expect(recommendation!.method).toBe("dana-decaying");
    expect(recommendation!.kappa3).toBeCloseTo(1 / (2 * result.alpha!), 12);
    // 0.375 of the critical rate of λ = j^−2, which is 0.611
    expect(recommendation!.gamma2).toBeGreaterThan(0.18);
    expect(recommendation!.gamma2).toBeLessThan(0.28);
    expect(Math.max(...recommendation!.kernelNorms)).toBeLessThan(0.8);
  });

  test("finds the same from a kernel, and from a spectrum without sampling noise", () => {
    const kernel = run({ ...base, samples: 400 }, { kernel: true, numFeatures: 300 });
    expect(kernel.kind).toBe("kernel");
    expect(Math.abs(kernel.alpha! - run({ ...base, samples: 400 }).alpha!)).toBeLessThan(1e-6);
    const eigenvalues = Float64Array.from({ length: 2000 }, (_, j) => (j + 1) ** -1.4);
    const energies = eigenvalues.map((x, j) => x * (j + 1) ** -1.2);
    const exact = estimate(dataOf({ shape: [2000], values: eigenvalues }, energies), {
      key: key(0),
    });
    expect(exact.alpha).toBeCloseTo(0.7, 6);
    expect(Math.abs(exact.beta! - 0.6)).toBeLessThan(0.02);
  });

  test("sees through label noise, and says that the estimate rests on a fitted floor", () => {
    const result = run({ ...base, noise: 0.05 });
    expect(Math.abs(result.beta! - 0.3)).toBeLessThan(0.2);
    expect(result.noiseFloor! / 0.05 ** 2).toBeGreaterThan(0.7);
    expect(result.noiseFloor! / 0.05 ** 2).toBeLessThan(1.3);
    expect(result.notes.join()).toMatch(/noise-limited/);
  });

  test.each([1, 2, 3, 4])("refuses β for a target of pure noise, seed %i", (seed) => {
    const result = run({ ...base, noise: 1, pureNoise: true, seed });
    expect(result.beta).toBeNull();
    expect(result.recommendation).toBeNull();
    expect(result.alpha).not.toBeNull();
    expect(result.refusal).toMatch(/β cannot be estimated.*cannot tell the target from noise/);
  });

  test("says what a kernel leaves open, and refuses it below 2α = 1", () => {
    const given = { ...base, samples: 400 };
    const open = run(given, { kernel: true }).intervals.alpha!;
    const known = run(given, { kernel: true, numFeatures: 300 }).intervals.alpha!;
    expect(open[0]).toBeLessThanOrEqual(known[0] + 1e-3);
    expect(open[1]).toBeGreaterThanOrEqual(known[1] - 1e-3);
    expect(run({ ...given, alpha: 0.4 }, { kernel: true })).toMatchObject({
      alpha: null,
      refusal: expect.stringMatching(/number of features, which a kernel does not tell/) as string,
    });
  });

  test("recommends plain SGD where 2α is not clearly above 1", () => {
    const result = run({ ...base, alpha: 0.4, beta: 0.7 });
    expect(result.recommendation).toMatchObject({ method: "sgd", gamma3: 0 });
    expect(result.notes.join()).toMatch(/samples flatten a spectrum; α and β are corrected/);
  });

  test("refuses white features and too few samples with a reason", () => {
    expect(run({ ...base, alpha: 0.0001 }).refusal).toMatch(/look like white noise/);
    expect(run({ ...base, samples: 100 }).refusal).toMatch(/at least 200 samples/);
  });

  test.each([
    [[1, Number.NaN, 3], undefined, /data must be finite numbers; got NaN at index 1/],
    [[3, 2, 1], [1, 2], /one number for each of the 3 eigenvalues; got 2/],
  ])("refuses data that make no sense", (values, targets, message) => {
    const array = { shape: [3], values: Float64Array.from(values) };
    const given = targets === undefined ? undefined : Float64Array.from(targets);
    expect(() => dataOf(array, given)).toThrow(message);
  });
});

describe("fitTail", () => {
  test("is exact on a power law above a floor", () => {
    const tail = Float64Array.from(
      { length: 101 },
      (_, j) => (2 * (j + 0.5) ** -1.6 + 0.01) * (1 - j / 2000),
    );
    const fit = fitTail(tail, [3, 100], 2000);
    expect(fit.exponent).toBeCloseTo(1.6, 2);
    expect(fit.floor).toBeCloseTo(0.01, 4);
  });
});

describe("readArrays", () => {
  const features = hostArray(Float64Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const y = hostArray(Float32Array.of(7, 8, 9), [3]);
  const expected = { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
  test.each([
    ["x.npy", writeNpy(features), undefined],
    ["x.npz", writeNpz({ X: features, y }), [7, 8, 9]],
    ["x.safetensors", writeSafetensors({ activations: features, targets: y }), [7, 8, 9]],
    ["x.csv", new TextEncoder().encode("a,b,y\n1,2,7\n3,4,8\n5,6,9\n"), [7, 8, 9]],
    ["bare.csv", new TextEncoder().encode("1,2\n3,4\n5,6\n"), undefined],
  ])("reads %s", async (path, bytes, targets) => {
    const { array, targets: found } = await readArrays(bytes, path);
    expect({ shape: array.shape, values: Array.from(array.values) }).toEqual(expected);
    expect(found === undefined ? undefined : Array.from(found)).toEqual(targets);
  });
  test("reads the numeric columns of a parquet file", async () => {
    const path = "../../../../packages/io/fixtures/parquet.golden.snappy.parquet";
    const bytes = new Uint8Array(readFileSync(new URL(path, import.meta.url)));
    const { array } = await readArrays(bytes, "x.parquet");
    expect(array.shape).toEqual([7, 7]);
    expect(Array.from(array.values.slice(7, 11))).toEqual([-0.5, -2.25, 1, 11]);
    // its column of gaps is refused in words
    expect(() => dataOf(array, undefined)).toThrow(/data must be finite numbers; got NaN/);
    await expect(readArrays(bytes.subarray(0, 2000), "x.parquet")).rejects.toMatchObject({
      code: "E_PARQUET",
    });
  });
  test.each([
    ["hello", /it has 1 line, the first is "hello"/],
    ["", /it has 0 lines/],
    ["a,b\n", /one line a sample and commas between numbers; it has 1 line, the first is "a"/],
  ])("says what a file may be that is no table: %j", async (text, message) => {
    await expect(readArrays(new TextEncoder().encode(text), "x.txt")).rejects.toThrow(message);
  });
  test("names a field that is no number", async () => {
    const bytes = new TextEncoder().encode("a,b\n1,x\n");
    await expect(readArrays(bytes, "x.csv")).rejects.toThrow(/got "x" in column b, row 1/);
  });
});

describe("the estimate verb", () => {
  test("reads files and explains itself to a human", async () => {
    const { values, shape, targets } = powerLawData({ ...base, samples: 300, features: 60 });
    const files: { readonly [path: string]: Uint8Array } = {
      "x.npy": writeNpy(hostArray(values, shape)),
      "y.npy": writeNpy(hostArray(targets, [300])),
    };
    const context = { ...loopContext(), readFile: async (path: string) => files[path]! };
    const input = estimateCommand.input.parse({ file: "x.npy", targets: "y.npy" });
    const output = await estimateCommand.run(input, context);
    expect(estimateCommand.output.parse(output)).toEqual(output);
    expect(Math.abs(output.alpha! - 1)).toBeLessThan(0.15);
    expect(estimateCommand.render!(output)).toMatch(/^alpha: [\d.]+ \[[\d.]+, [\d.]+\]\nbeta: /);
  });

  test("takes the activations of a network's layer by name, and writes a report", async () => {
    const { values, shape, targets } = powerLawData({ ...base, samples: 300, features: 60 });
    const layers = {
      "encoder.0": hostArray(new Float32Array(300 * 80), [300, 80]),
      "encoder.1": hostArray(Float32Array.from(values), shape),
      labels: hostArray(targets, [300]),
    };
    const written: { [path: string]: string } = {};
    for (const [path, bytes] of [
      ["net.safetensors", writeSafetensors(layers)],
      ["net.npz", writeNpz(layers)],
    ] as const) {
      const context = {
        ...loopContext(),
        readFile: async () => bytes,
        writeFile: async (to: string, text: Uint8Array | string) => {
          written[to] = String(text);
        },
        newDocument: async () => parseHTML("<!doctype html><html><body></body></html>").document,
      };
      const set = { file: path, array: "encoder.1", report: `${path}.html` };
      const output = await estimateCommand.run(estimateCommand.input.parse(set), context);
      expect(Math.abs(output.alpha! - 1)).toBeLessThan(0.15);
      expect(output.components!.variances).toHaveLength(30);
      const html = written[`${path}.html`]!;
      expect(html.match(/<svg /g)).toHaveLength(3);
      expect(html).toContain(output.alpha!.toFixed(3));
      expect(html).toContain(output.recommendation!.gamma2.toPrecision(4));
      expect(html).not.toMatch(/(src|href)=/);
      const missing = estimateCommand.input.parse({ file: path, array: "decoder" });
      await expect(estimateCommand.run(missing, context)).rejects.toThrow(
        /holds no array called "decoder"; it holds encoder.0, encoder.1, labels/,
      );
    }
  });

  test("draws what a refusal rests on", async () => {
    const noise = powerLawData({ ...base, samples: 400, features: 100, noise: 100 });
    const result = estimate(dataOf(noise, noise.targets), { key: key(0) });
    expect(result.refusal).toMatch(/β cannot be estimated/);
    const { document } = parseHTML("<!doctype html><html><body></body></html>");
    expect(estimateFigures(result, document).map(({ id }) => id)).toEqual(["variances", "tail"]);
  });
});
