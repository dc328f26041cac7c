import { key } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { type ClaimDefinition, type Finding, judgeClaim, judgeInOrder } from "./index.js";

const words = {
  id: "study/claim",
  statement: "It holds",
  source: "ours",
  statistic: "how much",
  threshold: "≥ 1",
};
const finding = (found: Finding): ClaimDefinition => ({ ...words, test: () => found });

describe("judgeClaim", () => {
  test.each([
    [true, "supported"],
    [false, "contradicted"],
    [null, "undecided"],
  ] as const)("calls a finding of %s %s", (supported, verdict) => {
    const claim = judgeClaim(finding({ value: 2, supported, runs: 3 }), "quick", []);
    expect(claim).toEqual({ ...words, value: 2, interval: null, level: null, runs: 3, verdict });
  });

  test("says so where the value is not finite, and gives an interval its level", () => {
    const found = { supported: null, runs: 5, interval: [1, 2], note: "few" } as const;
    const claim = judgeClaim(finding({ ...found, value: Number.NaN }), "full", []);
    expect(claim).toMatchObject({ value: null, status: "not finite", level: 0.95, note: "few" });
  });
});

test("judgeInOrder judges one claim after another until it is stopped", async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  const definitions = [1, 2, 3].map((value) => ({
    ...words,
    test: () => {
      seen.push(value);
      return { value, supported: true, runs: 0 };
    },
  }));
  const context = { signal: stop.signal, key: key(0) } as never;
  const claims: (number | null)[] = [];
  const judging = async (): Promise<void> => {
    for await (const { value } of judgeInOrder(definitions)("quick", [], context)) {
      claims.push(value);
      if (value === 2) stop.abort();
    }
  };
  await expect(judging()).rejects.toThrow(/aborted/);
  expect(claims).toEqual([1, 2]);
  expect(seen).toEqual([1, 2]);
});
