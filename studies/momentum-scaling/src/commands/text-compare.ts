import type { Command } from "@quadrivium/config";
import { z } from "zod";
import { compareOptimizers, type Comparison } from "../text/compare/compare-optimizers.js";
import { corpusNames, textConfig } from "../text/config.js";
import { tokenKinds } from "../text/corpus/tokenize.js";
import { optimizerNames } from "../text/optimizer-names.js";

const input = z.object({
  optimizers: z
    .array(z.enum(optimizerNames))
    .min(1)
    .default(["sgd", "dana-decaying"])
    .describe("what is compared; differences are to the first"),
  trials: z.int().min(3).max(50).default(5).describe("learning rates that each may try"),
  seeds: z.int().min(1).max(100).default(3).describe("runs of each at its best rate"),
  corpus: z.enum(corpusNames).default("synthetic").describe("the text, as in run text"),
  file: z.string().default("").describe("path of the text, with corpus file"),
  tokens: z.enum(tokenKinds).default("characters").describe("what a symbol of a text is"),
  vocabulary: z.int().min(257).max(8192).default(1024).describe("pieces with tokens bpe, at most"),
  numSymbols: z.int().min(2).max(256).default(16).describe("symbols of the synthetic language"),
  width: z.int().min(16).max(512).default(64).describe("units of each layer"),
  layers: z.int().min(1).max(2).default(1).describe("LSTM layers"),
  steps: z.int().min(1).max(1e9).default(1000).describe("gradient steps of each run"),
});

const exponent = z
  .object({
    value: z.number(),
    interval: z.tuple([z.number(), z.number()]),
    ends: z.tuple([z.number(), z.number()]),
    points: z.number(),
  })
  .nullable();

const output = z.object({
  entropyRate: z.number().nullable(),
  optimizers: z.array(
    z.object({
      optimizer: z.enum(optimizerNames),
      trials: z.array(z.object({ learningRate: z.number(), loss: z.number().nullable() })),
      learningRate: z.number(),
      finalLosses: z.array(z.number().nullable()),
      curve: z.object({ numTokens: z.array(z.number()), loss: z.array(z.number()) }),
      exponent,
      difference: exponent,
    }),
  ),
  warnings: z.array(z.string()),
});

/** `text-compare`: optimizers on a text, with equal tuning budgets. */
export const textCompareCommand: Command<z.infer<typeof input>, Comparison> = {
  name: "text-compare",
  summary: "Compare optimizers on a language model, learning rates tuned with equal budgets",
  input,
  output: output as unknown as z.ZodType<Comparison>,
  examples: ["text-compare --optimizers sgd,dana-decaying --width 32"],
  render,
  run: ({ optimizers, trials, seeds, ...set }, context) =>
    compareOptimizers(
      { base: textConfig.parse({ experiment: "text", ...set }), optimizers, trials, seeds },
      context,
    ),
};

function render({ entropyRate, optimizers, warnings }: Comparison): string {
  const rows = optimizers.map(({ optimizer, learningRate, finalLosses, ...fits }) => {
    const stable = finalLosses.filter((loss) => loss !== null);
    const mean = stable.reduce((sum, loss) => sum + loss, 0) / stable.length;
    return [
      optimizer,
      learningRate.toPrecision(3),
      stable.length === 0 ? "diverged" : mean.toFixed(4),
      show(fits.exponent),
      show(fits.difference),
    ];
  });
  const head = ["optimizer", "rate", "final loss", "exponent", "difference"];
  const lines = [head, ...rows].map((cells) =>
    cells
      .map((cell) => cell.padEnd(26))
      .join("")
      .trimEnd(),
  );
  const rate = entropyRate === null ? [] : [`entropy rate ${entropyRate.toFixed(4)} nats a symbol`];
  return [...lines, ...rate, ...warnings.map((warning) => `note: ${warning}`)].join("\n");
}

function show(fit: Comparison["optimizers"][number]["exponent"]): string {
  if (fit === null) return "-";
  const [low, high] = fit.interval.map((end) => end.toFixed(3));
  return `${fit.value.toFixed(3)} [${low}, ${high}]`;
}
