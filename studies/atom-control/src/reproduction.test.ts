import { completeConfig, type FinishedRun, judgeClaim } from "@quadrivium/config";
import { key, type Json } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { claimDefinitions } from "./claims/claims.js";
import { walkConfig } from "./config.js";
import { walkAnimation } from "./figures/walk-animation.js";
import { study } from "./study.js";
import { train } from "./train/train.js";

describe("the study", () => {
  test("plans runs that its configuration accepts, in both tiers", () => {
    for (const tier of ["quick", "full"] as const) {
      const plan = study.reproduction.plan(tier);
      expect(plan.length).toBeGreaterThan(10);
      for (const run of plan) expect(completeConfig(study, run)).toMatchObject(run.set!);
    }
  });

  test("has presets that its configuration accepts", () => {
    for (const preset of Object.keys(study.presets)) {
      expect(completeConfig(study, { preset })).toMatchObject(study.presets[preset].set);
    }
  });

  test("states every claim with its threshold, and decides nothing without runs", () => {
    const ids = claimDefinitions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const definition of claimDefinitions) {
      expect(definition.id).toMatch(/^atom-control\/[a-z-]+$/);
      expect(definition.threshold).toMatch(/^[≤≥] \d/);
      expect(judgeClaim(definition, "quick", [])).toMatchObject({
        value: null,
        verdict: "undecided",
      });
    }
  });

  test("judges walks: a beam placed at random is far slower", async () => {
    const runs: FinishedRun[] = [];
    for (const controller of ["random", "greedy-on"] as const) {
      const config = walkConfig.parse({
        experiment: "walk",
        controller,
        episodes: 12,
        map: "simple",
      });
      const context = { key: key(1), signal: new AbortController().signal };
      for await (const event of train(config, context)) {
        if (event.kind !== "done") continue;
        const result = event.result as unknown as Json;
        const plan = { preset: "walk", seed: 1 };
        runs.push({
          plan,
          config,
          seconds: 1,
          result,
          checkpoint: () => Promise.reject(new Error("none")),
          metric: async () => [],
        });
      }
    }
    const claim = claimDefinitions.find(({ id }) => id.endsWith("greedy-beats-random"))!;
    expect(judgeClaim(claim, "quick", runs)).toMatchObject({ verdict: "supported", runs: 24 });
  });

  test("draws a walk as an animation that names no other file", () => {
    const site = (i: number) => ({ i, j: 0, sublattice: "A" as const });
    const figure = walkAnimation(
      {
        latticeAngle: 0.2,
        goal: site(2),
        track: [0, 1, 2].map((i) => ({ site: site(i), timeS: 2 + 6 * i })),
      },
      { id: "walk", title: "A walk", caption: "Two steps." },
    );
    expect(figure.svg.match(/<animate /g)).toHaveLength(2);
    expect(figure.svg).not.toMatch(/href|NaN/);
    expect(figure.data!["timeS"]).toEqual([2, 8, 14]);
  });
});
