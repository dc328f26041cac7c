import { foldIn, key, streamOf, type Json } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { textConfig } from "../config.js";
import { compareOptimizers } from "./compare-optimizers.js";
import { exponentDifference, lossExponent } from "./loss-exponent.js";
import { bestTrial, nextRates, type RateTrial } from "./tune-rate.js";
import { trainTextJob, type TextJob } from "./train-task.js";

/** Tunes on a parabola in log rate with its bottom at `best`. */
function tuneTo(best: number, trials: number): RateTrial[] {
  const tried: RateTrial[] = [];
  while (tried.length < trials) {
    for (const learningRate of nextRates(1, tried)) {
      tried.push({ learningRate, loss: Math.log(learningRate / best) ** 2 });
    }
  }
  return tried;
}

describe("nextRates", () => {
  test.each([0.02, 0.9, 1.6, 60])("closes in on a best rate of %f wherever it begins", (best) => {
    const found = bestTrial(tuneTo(best, 9));
    expect(found.atEdge).toBe(false);
    expect(Math.abs(Math.log(found.learningRate / best))).toBeLessThan(0.35);
  });

  test("goes down while every run diverges, and says that the best is at an edge", () => {
    const diverged = [1, 3, 1 / 3].map((learningRate) => ({ learningRate, loss: null }));
    expect(nextRates(1, diverged)).toEqual([1 / 9]);
    expect(bestTrial(diverged).atEdge).toBe(true);
  });
});

describe("lossExponent", () => {
  const numTokens = Array.from({ length: 40 }, (_, point) => Math.round(100 * 1.2 ** point));
  const curveOf = (p: number, noise: (point: number) => number = () => 0) => ({
    numTokens,
    loss: numTokens.map((count, point) => 1.5 + 3 * count ** -p * Math.exp(noise(point))),
  });

  test("is exact on a power law over its floor", () => {
    const fit = lossExponent(curveOf(0.4), { floor: 1.5, key: key(0) })!;
    expect(fit.value).toBeCloseTo(0.4, 10);
    expect(fit.interval[0]).toBeCloseTo(0.4, 8);
  });

  test("is null where the loss falls below the floor", () => {
    expect(lossExponent(curveOf(0.4), { floor: 1.6, key: key(0) })).toBeNull();
  });

  test("differences are free of noise that both curves share", () => {
    const stream = streamOf(key(9));
    const shared = numTokens.map(() => 0.2 * stream.normal());
    const noise = (point: number): number => shared[point]!;
    const options = { floor: 1.5, key: key(0) };
    const fit = exponentDifference(curveOf(0.5, noise), curveOf(0.4, noise), options)!;
    expect(fit.value).toBeCloseTo(0.1, 10);
    expect(fit.interval[1] - fit.interval[0]).toBeLessThan(1e-8);
    const alone = lossExponent(curveOf(0.5, noise), options)!;
    expect(alone.interval[1] - alone.interval[0]).toBeGreaterThan(0.02);
  });
});

describe("compareOptimizers", () => {
  test("gives every optimizer the same number of trials and the same seeds", async () => {
    const jobs: TextJob[] = [];
    const task = trainTextJob();
    const signal = new AbortController().signal;
    const context = {
      progress: () => {},
      async *map(_: string, inputs: readonly Json[]) {
        for (const [index, input] of inputs.entries()) {
          jobs.push(input as unknown as TextJob);
          const compute = { executor: "auto", threads: 1 } as const;
          yield { index, value: await task(input, { signal, compute }) };
        }
      },
    };
    const small = { numSymbols: 4, width: 16, batchSize: 2, sequenceLength: 4, steps: 40 };
    const base = textConfig.parse({ experiment: "text", ...small, numValidation: 16 });
    const comparison = await compareOptimizers(
      { base, optimizers: ["sgd", "dana-decaying"], trials: 4, seeds: 2 },
      context,
    );
    for (const name of ["sgd", "dana-decaying"]) {
      const own = jobs.filter(({ config }) => config.optimizer === name);
      expect(own.map(({ seed }) => seed)).toEqual([0, 0, 0, 0, 1, 2]);
    }
    const [sgd, dana] = comparison.optimizers;
    expect(sgd!.trials).toHaveLength(4);
    const losses = sgd!.trials.map(({ loss }) => loss!);
    const best = sgd!.trials[losses.indexOf(Math.min(...losses))]!;
    expect(sgd!.learningRate).toBe(best.learningRate);
    expect(sgd!.difference).toBeNull();
    expect(dana!.finalLosses).toHaveLength(2);
    expect(dana!.curve.numTokens.at(-1)).toBe(40 * 8);
    // exported curves are enough to fit the same numbers again
    const fit = { floor: comparison.entropyRate!, key: foldIn(key(0), 2) };
    const exported = structuredClone([sgd!.curve, dana!.curve]);
    expect(lossExponent(exported[0]!, fit)).toEqual(sgd!.exponent);
    expect(exponentDifference(exported[1]!, exported[0]!, fit)).toEqual(dana!.difference);
    expect(dana!.exponent!.value - sgd!.exponent!.value).toBeCloseTo(dana!.difference!.value, 10);
  });
});
