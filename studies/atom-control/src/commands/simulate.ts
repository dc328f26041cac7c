import type { Command, CommandContext } from "@quadrivium/config";
import { InputError, key } from "@quadrivium/core";
import { writeNpy } from "@quadrivium/io";
import { z } from "zod";
import { beamFields } from "../beam-fields.js";
import { sameSite } from "../model/honeycomb.js";
import { mapByName, mapNames } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { collect, type CollectPolicy, type SimulatedTransition } from "../simulate/collect.js";
import {
  collectPaper,
  paperPolicy,
  type PaperTrajectory,
} from "../simulate/paper/collect-paper.js";
import { paperFrames, paperRecords } from "../simulate/paper/paper-files.js";
import type { SimulationTruth } from "../simulate/truth-file.js";

const usualPolicy: CollectPolicy = {
  beam: paperBeam,
  squareBonds: 1,
  dwellTimesS: [1, 5],
  stepsPerTrajectory: 20,
};
const policies = { plain: usualPolicy, "pd-compat": paperPolicy } as const;

const input = z.object({
  map: z.string().default("prior").describe(`true rate map: ${mapNames}`),
  samples: z.int().min(1).max(10_000_000).default(1000).describe("transitions to collect"),
  seed: z.int().min(0).default(0).describe("decides everything random"),
  out: z.string().default("data.jsonl").describe("file of the transitions, one a line"),
  truth: z.string().optional().describe("file for what they were drawn from"),
  preset: z
    .enum(["plain", "pd-compat"])
    .default("plain")
    .describe("pd-compat: the published simulator, its sheets, images and random agent"),
  squareBonds: z
    .number()
    .positive()
    .max(10)
    .optional()
    .describe("half the side of the square in which the beam is placed, in bonds [1]"),
  minDwellS: z
    .number()
    .positive()
    .max(3600)
    .optional()
    .describe("shortest dwell in seconds [1; pd-compat: 1.5]"),
  maxDwellS: z
    .number()
    .positive()
    .max(3600)
    .optional()
    .describe("longest dwell in seconds [5; pd-compat: 1.5]"),
  trajectorySteps: z
    .int()
    .min(1)
    .default(usualPolicy.stepsPerTrajectory)
    .describe("samples on one sheet"),
  records: z
    .string()
    .optional()
    .describe("pd-compat: file for the sessions as records of the published project (.tfrecords)"),
  frames: z.string().optional().describe("pd-compat: file for the images, a stack (.npy)"),
  noise: z
    .enum(["usual", "noisy"])
    .default("usual")
    .describe("pd-compat: which published recipe of noise the images get"),
  ...beamFields,
});
type Input = z.infer<typeof input>;

const output = z.object({
  out: z.string(),
  truth: z.string().nullable(),
  samples: z.number(),
  hopShare: z.number(),
  trueNllPerSample: z.number(),
  numFrames: z.number().optional(),
});

/** `simulate`: transitions of silicon under a random beam, on a rate map that is known. */
export const simulateCommand: Command<Input, z.infer<typeof output>> = {
  name: "simulate",
  summary: "Collect transitions under a random beam in simulation, with the truth beside them",
  input,
  output,
  examples: [
    "simulate --map random:7 --samples 1000 --out data.jsonl --truth truth.json",
    "simulate --preset pd-compat --samples 40 --records session.tfrecords --frames frames.npy",
  ],
  render: ({ out, truth, samples, hopShare, trueNllPerSample, numFrames }) =>
    [
      `${samples} transitions in ${out}${truth === null ? "" : `, the truth in ${truth}`}`,
      `silicon moved in ${(100 * hopShare).toFixed(1)} % of them; ` +
        `the true map's loss is ${trueNllPerSample.toFixed(4)} nats a sample`,
      ...(numFrames === undefined ? [] : [`${numFrames} images`]),
    ].join("\n"),
  run: async (given, context) => {
    const { map: name, samples, seed, out, truth = null } = given;
    const policy = policyOf(given);
    const sessions = given.preset === "pd-compat" ? paperSessions(given, policy, context) : null;
    const found = sessions?.flatMap((session) => session.samples);
    const lines: string[] = [];
    let nll = 0;
    let moved = 0;
    for (const { transition, probability } of found ?? plainSamples(given, policy)) {
      context.signal.throwIfAborted();
      lines.push(JSON.stringify(transition));
      nll -= Math.log(probability);
      const own = { i: 0, j: 0, sublattice: transition.sublattice };
      if (!sameSite(transition.after[0], own)) moved++;
      if (lines.length % 1000 === 0) context.progress(`${lines.length} of ${samples} transitions`);
    }
    const facts = { trueNllPerSample: nll / samples, hopShare: moved / samples };
    await context.writeFile(out, `${lines.join("\n")}\n`);
    if (truth !== null) {
      const { squareBonds, dwellTimesS, beam } = policy;
      const [minDwellS, maxDwellS] = dwellTimesS;
      const told: SimulationTruth = {
        map: name,
        seed,
        samples,
        policy: { squareBonds, minDwellS, maxDwellS, ...beam },
        ...facts,
      };
      await context.writeFile(truth, `${JSON.stringify(told, null, 2)}\n`);
    }
    const { records, frames } = given;
    if (sessions !== null && records !== undefined) {
      await context.writeFile(records, paperRecords(sessions));
    }
    if (sessions === null || frames === undefined) return { out, truth, samples, ...facts };
    const stack = paperFrames(sessions, { noise: given.noise, key: key(seed) });
    await context.writeFile(frames, writeNpy(stack));
    return { out, truth, samples, ...facts, numFrames: stack.shape[0] };
  },
};

/** Images are kept in memory until they are written, a megabyte each. */
const mostFrames = 500;

/** What the preset says, where no flag says otherwise. */
function policyOf(given: Input): CollectPolicy {
  const { preset, records, frames, currentNanoA, voltageKv, trajectorySteps } = given;
  if (preset !== "pd-compat" && (records ?? frames) !== undefined) {
    throw new InputError(
      "E_COMPAT",
      "simulate: --records and --frames are of the published simulator: add --preset pd-compat",
    );
  }
  const count = given.samples + Math.ceil(given.samples / trajectorySteps);
  if (frames !== undefined && count > mostFrames) {
    throw new InputError(
      "E_FRAME_COUNT",
      `simulate: --frames writes at most ${mostFrames} images; got ${count}; lower --samples`,
    );
  }
  const { squareBonds, dwellTimesS } = policies[preset];
  const { minDwellS = dwellTimesS[0], maxDwellS = dwellTimesS[1] } = given;
  if (minDwellS > maxDwellS) {
    throw new InputError(
      "E_DWELL",
      `simulate: --min-dwell-s must not exceed --max-dwell-s; got ${minDwellS} and ${maxDwellS}`,
    );
  }
  return {
    beam: { currentNanoA, voltageKv },
    squareBonds: given.squareBonds ?? squareBonds,
    dwellTimesS: [minDwellS, maxDwellS],
    stepsPerTrajectory: trajectorySteps,
  };
}

function plainSamples(given: Input, policy: CollectPolicy): Iterable<SimulatedTransition> {
  return collect(mapByName(given.map), { policy, samples: given.samples, key: key(given.seed) });
}

function paperSessions(
  given: Input,
  policy: CollectPolicy,
  { signal }: CommandContext,
): PaperTrajectory[] {
  const { samples, seed } = given;
  const sessions: PaperTrajectory[] = [];
  for (const session of collectPaper(mapByName(given.map), { policy, samples, key: key(seed) })) {
    signal.throwIfAborted();
    sessions.push(session);
  }
  return sessions;
}
