import type { Command } from "@quadrivium/config";
import { foldIn, key } from "@quadrivium/core";
import { z } from "zod";
import { summarize, walks } from "../control/benchmark.js";
import { controllerByName, controllerNames } from "../control/controllers.js";
import type { Episode } from "../control/episode.js";
import { parsePoints, type WalkHazards } from "../control/hazards.js";
import { walkLimitS } from "../control/planner.js";
import { loadRateModel } from "../learn/model-file.js";
import { mapByName, mapNames } from "../model/maps/map-by-name.js";
import { beamFields } from "../beam-fields.js";

const input = z.object({
  map: z.string().default("prior").describe(`true rate map: ${mapNames}`),
  controller: z.enum(controllerNames).default("planner").describe("who decides"),
  model: z.string().optional().describe("model file of `learn`: what planner and greedy plan on"),
  hops: z.int().min(1).max(40).default(5).describe("how far the goal is, in hops"),
  episodes: z.int().min(1).max(1_000_000).default(200).describe("walks"),
  seed: z.int().min(0).default(0).describe("decides tasks and chance"),
  imageTimeS: z.number().positive().max(60).default(2).describe("seconds an image takes"),
  dwellS: z.number().positive().max(600).default(5).describe("dwell of the greedy controllers"),
  placementSigmaAngstrom: z
    .number()
    .min(0)
    .max(5)
    .default(0)
    .describe("error of the beam's place, standard deviation per axis"),
  fovAngstrom: z.number().positive().max(1000).default(20).describe("side of the images, for dose"),
  maxDose: z
    .number()
    .positive()
    .optional()
    .describe("electrons per Å² that a site may receive; a stay beyond it is refused [no limit]"),
  keepOut: z
    .string()
    .optional()
    .describe(
      'areas closed to silicon and beam, "x,y x,y x,y; …" in Å, the goal on +x from silicon',
    ),
  obstacles: z
    .string()
    .optional()
    .describe('other dopants and vacancies, "x,y x,y" in the same frame, at the nearest sites'),
  dosePenalty: z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .describe("seconds that planners count for a second of parked beam, beside itself"),
  riskSeconds: z
    .number()
    .positive()
    .default(walkLimitS)
    .describe("seconds that planners count for entering a keep-out or obstacle"),
  ...beamFields,
});

const output = z.object({
  map: z.string(),
  controller: z.enum(controllerNames),
  hops: z.number(),
  episodes: z.number(),
  successRate: z.number(),
  meanSeconds: z.number().describe("a failed walk counts 600 s"),
  interval: z.tuple([z.number(), z.number()]).readonly().nullable().describe("95 % of meanSeconds"),
  standardError: z.number(),
  meanHops: z.number(),
  doubleHopShare: z.number().describe("share of stays with more than one hop"),
  maxDose: z.number().describe("electrons per Å², the worst site of all walks"),
  ends: z
    .object({
      goal: z.number(),
      time: z.number(),
      noWay: z.number(),
      dose: z.number(),
      keepOut: z.number(),
    })
    .readonly()
    .describe("walks by why they ended; the last three were refused"),
  keepOutShare: z.number().describe("share of walks in which silicon was inside a keep-out"),
});

/** `control`: how fast a controller brings silicon to its goal, in simulation. */
export const controlCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "control",
  summary: "Walk silicon to a goal many times in simulation: success, time, dose",
  input,
  output,
  examples: [
    "control --map far --controller planner --hops 5 --episodes 200",
    "control --map far --controller greedy-learned --model model --hops 3",
    'control --map prior --keep-out "2,-2 5,-2 5,9 2,9" --max-dose 3e10 --episodes 50',
  ],
  render: ({ controller, map, hops, episodes, ...found }) =>
    [
      `${controller} on ${map}, ${hops} hops, ${episodes} walks`,
      `success ${(100 * found.successRate).toFixed(1)} %, mean ${found.meanSeconds.toFixed(1)} s` +
        (found.interval === null
          ? ""
          : ` (95 %: ${found.interval.map((s) => s.toFixed(1)).join(" to ")})`),
      `${found.meanHops.toFixed(2)} hops a walk, more than one in ` +
        `${(100 * found.doubleHopShare).toFixed(2)} % of stays, ` +
        `worst site ${found.maxDose.toExponential(2)} e/Å²`,
      ...refusals(found.ends),
    ].join("\n"),
  run: async (given, context) => {
    const { map: name, controller, hops, episodes, seed, imageTimeS } = given;
    const truth = mapByName(name);
    const beam = { currentNanoA: given.currentNanoA, voltageKv: given.voltageKv };
    const model =
      given.model === undefined ? undefined : loadRateModel(await context.readFile(given.model));
    const factory = controllerByName(controller, {
      truth,
      ...(model !== undefined && { model }),
      beam,
      imageTimeS,
      greedyDwellS: given.dwellS,
      dosePenalty: given.dosePenalty,
      riskTimeS: given.riskSeconds,
    });
    const world = {
      map: truth,
      beam,
      imageTimeS,
      fovAngstrom: given.fovAngstrom,
      placementSigmaAngstrom: given.placementSigmaAngstrom,
      ...(given.maxDose !== undefined && { maxDose: given.maxDose }),
    };
    const hazards = hazardsOf(given);
    const found: Episode[] = [];
    const root = key(seed);
    for (const walk of walks({
      world,
      hops,
      episodes,
      key: foldIn(root, 0),
      controller: factory,
      ...(hazards !== undefined && { hazards }),
    })) {
      context.signal.throwIfAborted();
      found.push(walk);
      if (found.length % 20 === 0) context.progress(`${found.length} of ${episodes} walks`);
    }
    return { map: name, controller, hops, ...summarize(found, foldIn(root, 1)) };
  },
};

function hazardsOf({ keepOut, obstacles }: z.infer<typeof input>): WalkHazards | undefined {
  if (keepOut === undefined && obstacles === undefined) return undefined;
  return {
    keepOuts: keepOut?.split(";").map((corners) => parsePoints(corners, 3)) ?? [],
    obstacles: obstacles === undefined ? [] : parsePoints(obstacles, 1),
  };
}

/** A line on walks that were refused, where some were. */
function refusals({ noWay, dose, keepOut }: z.infer<typeof output>["ends"]): string[] {
  const counted = [
    [noWay, "saw no safe way"],
    [dose, "would have gone over the dose"],
    [keepOut, "would have put the beam in a keep-out"],
  ] as const;
  const told = counted.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? [] : [`refused: ${told.join(", ")}`];
}
