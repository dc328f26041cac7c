import { foldIn, InputError, key, type Key } from "@quadrivium/core";
import type { Command } from "@quadrivium/config";
import {
  iqm,
  meanScore,
  medianScore,
  minReplicates,
  optimalityGap,
  performanceProfile,
  probabilityOfImprovement,
  quantile,
  stratifiedDistribution,
  type Scores,
} from "@quadrivium/stats";
import { z } from "zod";
import { humanNormalizedScore } from "./human-normalized.js";
import { parseScores, type ScoreTable } from "./scores-csv.js";

const input = z.object({
  scores: z.string().describe("CSV file: the header names the tasks, every line is a run"),
  against: z.string().optional().describe("CSV of another algorithm on the same tasks"),
  normalize: z
    .enum(["none", "human"])
    .default("none")
    .describe("human: Atari scores, tasks named by game, relative to random and human play"),
  resamples: z.int().min(100).max(1_000_000).default(50_000).describe("bootstrap resamples"),
  level: z.number().gt(0).lt(1).default(0.95).describe("confidence level"),
  profileTo: z.number().gt(0).default(2).describe("largest threshold of the profile"),
  seed: z.int().min(0).default(0).describe("decides the resamples"),
});

const estimate = z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]) });

const output = z.object({
  runs: z.number(),
  tasks: z.array(z.string()),
  mean: estimate,
  median: estimate,
  iqm: estimate,
  optimalityGap: estimate,
  profile: z.object({ thresholds: z.array(z.number()), shares: z.array(z.number()) }),
  probabilityOfImprovement: z.number().nullable(),
  level: z.number(),
  resamples: z.number(),
  note: z.string().nullable(),
});

/** Aggregates by name; the order decides each one's random draws. */
const aggregates = { mean: meanScore, median: medianScore, iqm, optimalityGap } as const;

/**
 * `stats`: what many runs on many tasks say together.
 *
 * @source Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice"
 */
export const statsCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "stats",
  summary: "IQM, optimality gap, performance profile and intervals of a table of scores",
  positional: ["scores"],
  input,
  output,
  examples: ["stats scores.csv --against baseline.csv"],
  async run(given, { readFile }) {
    const load = async (path: string) =>
      normalized(
        parseScores(new TextDecoder().decode(await readFile(path)), path),
        given.normalize,
      );
    const { tasks, scores } = await load(given.scores);
    const other = given.against === undefined ? null : await load(given.against);
    if (other !== null && other.tasks.join() !== tasks.join()) {
      throw new InputError(
        "E_SCORES",
        `stats: both files must have the same tasks in one order; got ${tasks.join(", ")} and ` +
          `${other.tasks.join(", ")}`,
      );
    }
    const [mean, median, middle, gap] = Object.values(aggregates).map((statistic, index) =>
      withInterval(scores, statistic, { ...given, key: foldIn(key(given.seed), index) }),
    );
    const thresholds = Array.from({ length: 21 }, (_, i) => (given.profileTo * i) / 20);
    return {
      runs: scores.length,
      tasks: [...tasks],
      mean,
      median,
      iqm: middle,
      optimalityGap: gap,
      profile: { thresholds, shares: performanceProfile(scores, thresholds) },
      probabilityOfImprovement:
        other === null ? null : probabilityOfImprovement(scores, other.scores),
      level: given.level,
      resamples: given.resamples,
      note:
        scores.length < minReplicates
          ? `intervals from ${scores.length} runs are too narrow; make ${minReplicates} or more`
          : null,
    };
  },
};

/** A table's scores, relative to a human's where that is asked for. */
function normalized(table: ScoreTable, normalize: "none" | "human"): ScoreTable {
  if (normalize === "none") return table;
  const { tasks, scores } = table;
  const rows = scores.map((run) => run.map((score, at) => humanNormalizedScore(tasks[at], score)));
  return { tasks, scores: rows };
}

function withInterval(
  scores: Scores,
  statistic: (scores: Scores) => number,
  options: { readonly key: Key; readonly resamples: number; readonly level: number },
): z.infer<typeof estimate> {
  const { key, level, resamples: numResamples } = options;
  const values = [...stratifiedDistribution(scores, statistic, { key, numResamples })];
  const tail = (1 - level) / 2;
  return {
    value: statistic(scores),
    interval: [quantile(values, tail), quantile(values, 1 - tail)],
  };
}
