import { completeConfig } from "@quadrivium/config";
import { describe, expect, test } from "vitest";
import { claimDefinitions } from "./claims/claims.js";
import { study } from "./study.js";

describe("the study", () => {
  test("plans runs that its configuration accepts, in both tiers", () => {
    for (const tier of ["quick", "full"] as const) {
      const plan = study.reproduction.plan(tier);
      expect(plan.length).toBeGreaterThan(3);
      const experiments = plan.map((run) => completeConfig(study, run).experiment);
      expect(new Set(experiments)).toEqual(new Set(["simulation", "text"]));
    }
  });

  test("has presets that its configuration accepts", () => {
    for (const preset of Object.keys(study.presets)) {
      expect(completeConfig(study, { preset })).toMatchObject(study.presets[preset]!.set);
    }
  });

  test("states every claim with its threshold before the runs", () => {
    const ids = claimDefinitions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, threshold, statistic, source } of claimDefinitions) {
      expect(id).toMatch(/^momentum-scaling\/[a-z-]+$/);
      expect(threshold).toMatch(/^[≤≥] \d/);
      expect(statistic.length).toBeGreaterThan(20);
      expect(source).toMatch(/^arXiv:/);
    }
  });
});
