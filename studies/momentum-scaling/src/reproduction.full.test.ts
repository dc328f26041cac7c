import { completeConfig, type FinishedRun, type PlannedRun } from "@quadrivium/config";
import { key, type Claim, type Figure, type Json } from "@quadrivium/core";
import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import { loopContext } from "./commands/command-context.test-helpers.js";
import { study } from "./study.js";

const signal = new AbortController().signal;

/** Runs a plan in this process, with fewer replicas. */
async function finish(plan: PlannedRun): Promise<FinishedRun> {
  const fewer: { readonly [name: string]: number } =
    plan.preset === "text"
      ? { width: 16, numSymbols: 4, steps: 60 }
      : { replicas: 60, steps: 1200, dim: 100 };
  const small = { ...plan, set: { ...plan.set, ...fewer } };
  const config = completeConfig(study, small);
  let result: Json = null;
  const context = { ...loopContext(), key: key(plan.seed) };
  for await (const event of study.train(config, context)) {
    if (event.kind === "done") result = event.result as unknown as Json;
  }
  return {
    plan: small,
    config: config as unknown as Json,
    seconds: 1,
    result,
    checkpoint: () => Promise.reject(new Error("not kept")),
    metric: async () => [],
  };
}

describe("the quick reproduction", () => {
  const claims: Claim[] = [];
  const figures: Figure[] = [];
  beforeAll(async () => {
    const runs: FinishedRun[] = [];
    for (const plan of study.reproduction.plan("quick")) runs.push(await finish(plan));
    const context = { ...loopContext(), signal, key: key(0) };
    for await (const claim of study.reproduction.judge("quick", runs, context)) claims.push(claim);
    const { document } = parseHTML("<!doctype html><html><body></body></html>");
    const drawn = study.reproduction.figures("quick", runs, document as unknown as Document);
    for await (const figure of drawn) figures.push(figure);
  }, 600_000);

  test("supports every claim of the paper that theory and simulation can test", () => {
    const tested = claims.filter(({ id }) => !id.endsWith("text-exponents"));
    expect(tested.map(({ id, verdict }) => [id, verdict])).toEqual(
      tested.map(({ id }) => [id, "supported"]),
    );
    expect(tested).toHaveLength(10);
    expect(new Set(claims.map(({ id }) => id)).size).toBe(11);
  });

  test("judges text by the interval of the paired difference", () => {
    const text = claims.find(({ id }) => id.endsWith("text-exponents"))!;
    expect(text.runs).toBe(2);
    const [low, high] = text.interval!;
    expect(low).toBeLessThanOrEqual(text.value!);
    expect(high).toBeGreaterThanOrEqual(text.value!);
    const verdict = low > 0 ? "supported" : high < 0 ? "contradicted" : "undecided";
    expect(text.verdict).toBe(verdict);
    expect(text.note).toMatch(/sgd [-\d.]+ .* at rate .*dana-decaying/);
  });

  test("leaves the simulation's claim undecided without simulations", async () => {
    const context = { ...loopContext(), signal, key: key(0) };
    const stream = study.reproduction.judge("quick", [], context);
    const first = await stream[Symbol.asyncIterator]().next();
    expect((first.value as Claim).verdict).toBe("undecided");
  });

  test("draws figures that stand by themselves, with their data", () => {
    expect(figures).toHaveLength(7);
    for (const { svg, data, caption } of figures) {
      expect(svg).toMatch(/^<(svg|figure)[\s\S]*<\/(svg|figure)>$/);
      expect(svg).toContain("<path");
      expect(svg).not.toMatch(/href="http|url\(http|NaN/);
      expect(caption.length).toBeGreaterThan(40);
      const lengths = Object.values(data!).map((column) => column.length);
      expect(new Set(lengths).size).toBe(1);
      expect(lengths[0]).toBeGreaterThan(10);
    }
  });
});
