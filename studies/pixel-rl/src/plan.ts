import type { PlannedRun, Tier } from "@quadrivium/config";

/** Games, scales, sizes and seeds were fixed before any run; the length of `full`'s was not. */
export const comparedScales = [1, 4] as const;
export const comparedBottlenecks = ["flatten", "gap"] as const;

/** Each bottleneck at each scale, for some seeds. */
function comparison(seeds: readonly number[], set: PlannedRun["set"]): PlannedRun[] {
  return seeds.flatMap((seed) =>
    comparedBottlenecks.flatMap((bottleneck) =>
      comparedScales.map((scale) => ({
        preset: "bottleneck-10",
        set: { ...set, bottleneck, scale },
        seed,
      })),
    ),
  );
}

/** One agent that learns, one whose step size is nothing, and the comparison at a size of seconds. */
const quick: readonly PlannedRun[] = [
  { preset: "minatar-quick", seed: 0 },
  { preset: "minatar-quick", set: { frames: 15_000, learningRate: 1e-12 }, seed: 0 },
  ...comparison([0], {
    frames: 2500,
    learningStarts: 500,
    epsilonDecayFrames: 1000,
    returnWindow: 1000,
  }),
];

/** The published recipe on three seeds, and the comparison on five: an hour or two on two cores. */
const full: readonly PlannedRun[] = [
  ...[0, 1, 2].map((seed) => ({ preset: "minatar-dqn", set: { frames: 200_000 }, seed })),
  { preset: "minatar-quick", set: { learningRate: 1e-12 }, seed: 0 },
  ...comparison([0, 1, 2, 3, 4], { frames: 50_000, returnWindow: 10_000 }),
];

/** The runs that a tier's claims are decided on. */
export function planRuns(tier: Tier): readonly PlannedRun[] {
  return tier === "quick" ? quick : full;
}
