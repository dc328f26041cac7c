import type { Claim } from "@quadrivium/core";
import type { FinishedRun, Reproduction, Tier } from "./study.js";

/** What a test of a claim found. */
export interface Finding {
  readonly value: number;
  /** `null` where the evidence reaches neither side. */
  readonly supported: boolean | null;
  readonly runs: number;
  /** At 95 %. */
  readonly interval?: readonly [number, number] | null;
  readonly note?: string;
}

/** A claim with the test that decides it, stated before the runs are made. */
export interface ClaimDefinition {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly statistic: string;
  readonly threshold: string;
  readonly test: (tier: Tier, runs: readonly FinishedRun[]) => Finding;
}

/** Tests a claim. */
export function judgeClaim(
  { test, ...words }: ClaimDefinition,
  tier: Tier,
  runs: readonly FinishedRun[],
): Claim {
  const { value, supported, interval = null, note, runs: count } = test(tier, runs);
  const isFinite = Number.isFinite(value);
  return {
    ...words,
    value: isFinite ? value : null,
    ...(isFinite ? {} : { status: "not finite" }),
    interval,
    level: interval === null ? null : 0.95,
    runs: count,
    verdict: supported === null ? "undecided" : supported ? "supported" : "contradicted",
    ...(note === undefined ? {} : { note }),
  };
}

/** Tests claims one after another: the `judge` of a {@link Reproduction}. */
export function judgeInOrder(definitions: readonly ClaimDefinition[]): Reproduction["judge"] {
  return async function* (tier, runs, { signal }) {
    for (const definition of definitions) {
      signal.throwIfAborted();
      yield judgeClaim(definition, tier, runs);
    }
  };
}
