import type { Command } from "@quadrivium/config";
import { InputError, key } from "@quadrivium/core";
import { z } from "zod";
import { mapByName, mapNames } from "../model/maps/map-by-name.js";
import { collect } from "../simulate/collect.js";
import type { SimulationTruth } from "../simulate/truth-file.js";
import { beamFields } from "../beam-fields.js";

const input = z.object({
  map: z.string().default("prior").describe(`true rate map: ${mapNames}`),
  samples: z.int().min(1).max(10_000_000).default(1000).describe("transitions to collect"),
  seed: z.int().min(0).default(0).describe("decides everything random"),
  out: z.string().default("data.jsonl").describe("file of the transitions, one a line"),
  truth: z.string().optional().describe("file for what they were drawn from"),
  squareBonds: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe("half the side of the square in which the beam is placed, in bonds"),
  minDwellS: z.number().positive().max(3600).default(1).describe("shortest dwell in seconds"),
  maxDwellS: z.number().positive().max(3600).default(5).describe("longest dwell in seconds"),
  trajectorySteps: z.int().min(1).default(20).describe("samples on one sheet"),
  ...beamFields,
});

const output = z.object({
  out: z.string(),
  truth: z.string().nullable(),
  samples: z.number(),
  hopShare: z.number(),
  trueNllPerSample: z.number(),
});

/** `simulate`: transitions of silicon under a random beam, on a rate map that is known. */
export const simulateCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "simulate",
  summary: "Collect transitions under a random beam in simulation, with the truth beside them",
  input,
  output,
  examples: ["simulate --map random:7 --samples 1000 --out data.jsonl --truth truth.json"],
  render: ({ out, truth, samples, hopShare, trueNllPerSample }) =>
    [
      `${samples} transitions in ${out}${truth === null ? "" : `, the truth in ${truth}`}`,
      `silicon moved in ${(100 * hopShare).toFixed(1)} % of them; ` +
        `the true map's loss is ${trueNllPerSample.toFixed(4)} nats a sample`,
    ].join("\n"),
  run: async (given, context) => {
    const { map: name, samples, seed, out, truth = null } = given;
    const { squareBonds, minDwellS, maxDwellS, currentNanoA, voltageKv } = given;
    if (minDwellS > maxDwellS) {
      throw new InputError(
        "E_DWELL",
        `simulate: --min-dwell-s must not exceed --max-dwell-s; got ${minDwellS} and ${maxDwellS}`,
      );
    }
    const policy = {
      beam: { currentNanoA, voltageKv },
      squareBonds,
      dwellTimesS: [minDwellS, maxDwellS],
      stepsPerTrajectory: given.trajectorySteps,
    } as const;
    const lines: string[] = [];
    let nll = 0;
    let moved = 0;
    for (const found of collect(mapByName(name), { policy, samples, key: key(seed) })) {
      context.signal.throwIfAborted();
      lines.push(JSON.stringify(found.transition));
      nll -= Math.log(found.probability);
      const [{ i, j, sublattice }] = found.transition.after;
      if (i !== 0 || j !== 0 || sublattice !== found.transition.sublattice) moved++;
      if (lines.length % 1000 === 0) context.progress(`${lines.length} of ${samples} transitions`);
    }
    const facts = { trueNllPerSample: nll / samples, hopShare: moved / samples };
    await context.writeFile(out, `${lines.join("\n")}\n`);
    if (truth !== null) {
      const told: SimulationTruth = {
        map: name,
        seed,
        samples,
        policy: { squareBonds, minDwellS, maxDwellS, currentNanoA, voltageKv },
        ...facts,
      };
      await context.writeFile(truth, `${JSON.stringify(told, null, 2)}\n`);
    }
    return { out, truth, samples, ...facts };
  },
};
