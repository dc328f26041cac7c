import { z } from "zod";
import { beamFields } from "./beam-fields.js";
import { mapNames } from "./model/maps/map-by-name.js";

/** Controllers that need no learned model. */
const walkers = ["oracle", "event", "greedy-on", "greedy-short", "greedy-hand", "random"] as const;

/** Everything that decides a set of simulated walks but its seed. */
export const studyConfig = z.strictObject({
  experiment: z.literal("walk").default("walk").describe("what is run"),
  map: z.string().default("prior").describe(`true rate map: ${mapNames}`),
  controller: z.enum(walkers).default("oracle").describe("who decides; planners know the true map"),
  hops: z.int().min(1).max(40).default(5).describe("how far the goal is, in hops"),
  episodes: z.int().min(1).max(1_000_000).default(200).describe("walks"),
  imageTimeS: z.number().positive().max(60).default(2).describe("seconds an image takes"),
  dwellS: z.number().positive().max(600).default(5).describe("dwell of the greedy controllers"),
  placementSigmaAngstrom: z
    .number()
    .min(0)
    .max(5)
    .default(0)
    .describe("error of the beam's place, standard deviation per axis"),
  ...beamFields,
});

/** A checked configuration, every default filled in. */
export type StudyConfig = z.output<typeof studyConfig>;
