import type { Command } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { z } from "zod";
import { readTransitions } from "../data/read-transitions.js";
import { readTruth } from "../simulate/read-truth.js";
import { angstromFromBonds, bandCoverage, excessNll } from "../learn/evaluate.js";
import { learnRates } from "../learn/learn-rates.js";
import { saveRateModel } from "../learn/model-file.js";

const input = z.object({
  data: z.string().describe("transitions, one a line (JSONL)"),
  truth: z
    .string()
    .optional()
    .describe("what simulated samples were drawn from, read only after the fit, to judge it"),
  seed: z.int().min(0).default(0).describe("decides splits, bootstraps and initial weights"),
  out: z.string().default("model").describe("model file to write (safetensors)"),
  likelihood: z
    .enum(["exact", "first-hop", "paper"])
    .default("exact")
    .describe(
      "exact: any number of hops in a dwell; first-hop: one at most; paper: the published network and loss",
    ),
  members: z.int().min(2).max(100).default(5).describe("networks in the ensemble"),
  steps: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe("gradient steps of the first phase [by the number of samples]"),
  robust: z.boolean().default(true).describe("learn a share of wrong labels"),
  reflection: z.boolean().default(true).describe("take rates to be even across the bond"),
  linearInCurrent: z
    .boolean()
    .default(true)
    .describe("take rates to be proportional to the current, and learn what differs"),
  heldOutShare: z
    .number()
    .min(0.02)
    .max(0.5)
    .default(0.1)
    .describe("share of the trajectories held out to judge the fit"),
});

const output = z.object({
  out: z.string(),
  samples: z.number(),
  heldOutSamples: z.number(),
  heldOutNllPerSample: z.number(),
  argmaxOffsetAngstrom: z
    .tuple([z.number(), z.number()])
    .describe("along and across the bond, the neighbour at (1.42, 0)"),
  argmaxRatePerS: z.number(),
  argmaxBandPerS: z.tuple([z.number(), z.number()]).describe("5 % and 95 % bounds"),
  labelNoise: z.number(),
  excessNll: z.number().optional(),
  coverage90: z.number().optional(),
  seconds: z.number(),
});

/** `learn`: hop rates, with their uncertainty, from transitions. */
export const learnCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "learn",
  summary: "Learn hop rates and their uncertainty from transitions",
  positional: ["data"],
  input,
  output,
  examples: [
    "learn data.jsonl --out model",
    "learn data.jsonl --truth truth.json --likelihood paper --out paper-model",
  ],
  render: (found) =>
    [
      `${found.samples} samples, ${found.heldOutSamples} of them held out: ` +
        `${found.heldOutNllPerSample.toFixed(4)} nats per held-out sample`,
      `best place for the beam: ${found.argmaxOffsetAngstrom[0].toFixed(2)} Å along and ` +
        `${found.argmaxOffsetAngstrom[1].toFixed(2)} Å across the bond, ` +
        `${found.argmaxRatePerS.toPrecision(3)} hops per second ` +
        `(5–95 %: ${found.argmaxBandPerS.map((rate) => rate.toPrecision(3)).join(" to ")})`,
      `labels taken to be wrong: ${(100 * found.labelNoise).toFixed(2)} %`,
      ...(found.excessNll === undefined || found.coverage90 === undefined
        ? []
        : [
            `against the truth: ${found.excessNll.toFixed(4)} nats worse per sample; ` +
              `${(100 * found.coverage90).toFixed(0)} % of true rates inside the 5–95 % band`,
          ]),
      `model in ${found.out}, ${found.seconds.toFixed(1)} s`,
    ].join("\n"),
  run: async (given, context) => {
    const started = performance.now();
    const { data, truth: truthFile, out, seed, steps, ...options } = given;
    const transitions = readTransitions(await context.readFile(data), data);
    const { stored, model, heldOut, heldOutNll } = await learnRates(transitions, {
      ...options,
      ...(steps !== undefined && { steps }),
      key: key(seed),
      compute: context.compute,
      signal: context.signal,
      onProgress: context.progress,
    });
    await context.writeFile(out, saveRateModel(stored));
    const seconds = (performance.now() - started) / 1000;

    const { along, across } = model.info.bestOffset;
    const beam = model.info.reference;
    const found = {
      out,
      samples: transitions.length,
      heldOutSamples: heldOut.length,
      heldOutNllPerSample: heldOutNll,
      argmaxOffsetAngstrom: [angstromFromBonds(along), angstromFromBonds(across)] as [
        number,
        number,
      ],
      argmaxRatePerS: model.rate(along, across, beam),
      argmaxBandPerS: [model.lower(along, across, beam), model.upper(along, across, beam)] as [
        number,
        number,
      ],
      labelNoise: model.info.noiseShare,
      seconds,
    };
    if (truthFile === undefined) return found;
    const truth = readTruth(await context.readFile(truthFile), truthFile);
    return {
      ...found,
      excessNll: excessNll(model, truth, heldOut),
      coverage90: bandCoverage(model, truth, transitions),
    };
  },
};
