import { z } from "zod";
import { beamFields } from "./beam-fields.js";
import { mapNames } from "./model/maps/map-by-name.js";

/** Controllers that need no learned model. */
const walkers = ["oracle", "event", "greedy-on", "greedy-short", "greedy-hand", "random"] as const;

const walkFields = {
  hops: z.int().min(1).max(40).default(5).describe("how far the goal is, in hops"),
  imageTimeS: z.number().positive().max(60).default(2).describe("seconds an image takes"),
  placementSigmaAngstrom: z
    .number()
    .min(0)
    .max(5)
    .default(0)
    .describe("error of the beam's place, standard deviation per axis"),
  ...beamFields,
};

/** Everything that decides a set of simulated walks but its seed. */
export const walkConfig = z.strictObject({
  experiment: z.literal("walk").describe("what is run"),
  map: z.string().default("prior").describe(`true rate map: ${mapNames}`),
  controller: z.enum(walkers).default("oracle").describe("who decides; planners know the true map"),
  episodes: z.int().min(1).max(1_000_000).default(200).describe("walks"),
  dwellS: z.number().positive().max(600).default(5).describe("dwell of the greedy controllers"),
  ...walkFields,
});
export type WalkConfig = z.output<typeof walkConfig>;

/** Everything that decides an experiment of learning and then walking but its seed. */
export const learnConfig = z.strictObject({
  experiment: z.literal("learn").describe("what is run"),
  map: z.string().default("random:1").describe(`hidden rate map: ${mapNames}`),
  samples: z.int().min(20).max(1_000_000).default(1000).describe("transitions to learn from"),
  episodes: z.int().min(1).max(1_000_000).default(50).describe("walks planned on what was learned"),
  ...walkFields,
});
export type LearnConfig = z.output<typeof learnConfig>;

/** Everything that decides a learning curve but its seed. */
export const curveConfig = z.strictObject({
  experiment: z.literal("curve").describe("what is run"),
  map: z.string().default("prior").describe(`hidden rate map: ${mapNames}`),
  samples: z
    .array(z.int().min(20).max(1_000_000))
    .min(1)
    .default([100, 300, 1000])
    .describe("numbers of samples, ascending"),
  likelihoods: z
    .array(z.enum(["exact", "first-hop", "paper"]))
    .min(1)
    .default(["exact", "paper"])
    .describe("fits that are compared on the same samples"),
  dwellTimesS: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([1, 5])
    .describe("shortest and longest dwell of a sample"),
  repeats: z.int().min(1).max(100).default(1).describe("collections, each with its fits"),
  ...beamFields,
});
export type CurveConfig = z.output<typeof curveConfig>;

/** What a run does: walks on a known map, learns an unknown one and walks on it, or only learns. */
export const studyConfig = z.discriminatedUnion("experiment", [
  walkConfig,
  learnConfig,
  curveConfig,
]);

/** A checked configuration of either kind. */
export type StudyConfig = z.output<typeof studyConfig>;
