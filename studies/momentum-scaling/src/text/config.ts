import { z } from "zod";
import { tokenKinds } from "./corpus/tokenize.js";
import { optimizerNames } from "./optimizer-names.js";

/** Where the text of a run comes from. */
export const corpusNames = ["synthetic", "dependencies", "file"] as const;

/**
 * Everything that decides the training of a language model but its seed. Flat, so that every field
 * is one flag. Defaults learn a synthetic language of 16 symbols in about a minute.
 */
export const textConfig = z.object({
  experiment: z.literal("text").describe("what is trained"),
  corpus: z
    .enum(corpusNames)
    .default("synthetic")
    .describe(
      "synthetic: a language of known entropy rate; dependencies: the Markdown of installed packages; file: your own",
    ),
  file: z.string().default("").describe("path of the text to learn, with corpus=file"),
  tokens: z
    .enum(tokenKinds)
    .default("characters")
    .describe("what a symbol of a text is; a synthetic language has its own symbols"),
  vocabulary: z
    .int()
    .min(257)
    .max(8192)
    .default(1024)
    .describe("characters and pieces of words together, with tokens=bpe"),
  numSymbols: z.int().min(2).max(256).default(16).describe("symbols of the synthetic language"),
  zipfExponent: z
    .number()
    .min(0)
    .max(4)
    .default(1)
    .describe("s: the j-th symbol of the synthetic language has frequency ∝ j^(−s)"),
  firstOrder: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .describe("how much a symbol of the synthetic language depends on the one before"),
  secondOrder: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .describe("how much it depends, beyond that, on the one before that"),
  languageSeed: z
    .int()
    .min(0)
    .default(0)
    .describe("which synthetic language; runs of all seeds learn the same one"),
  width: z.int().min(16).max(512).default(64).describe("units of the embedding and of each layer"),
  layers: z.int().min(1).max(2).default(1).describe("LSTM layers"),
  sequenceLength: z
    .int()
    .min(4)
    .max(128)
    .default(32)
    .describe("symbols through which a step's gradient goes back; the state is carried on"),
  batchSize: z.int().min(1).max(256).default(16).describe("texts read side by side"),
  steps: z.int().min(1).max(1e9).default(3000).describe("gradient steps T"),
  optimizer: z.enum(optimizerNames).default("dana-decaying").describe("the optimizer"),
  learningRate: z
    .number()
    .gt(0)
    .max(100)
    .optional()
    .describe("its learning rate; DANA's γ2 [a rate that suits the optimizer]"),
  decay: z
    .enum(["constant", "cosine"])
    .default("constant")
    .describe("cosine: the learning rate falls to 0 over the steps; γ2 alone with DANA"),
  momentum: z.number().min(0).lt(1).default(0.9).describe("μ of heavy-ball and nesterov"),
  gamma3Ratio: z
    .number()
    .gt(0)
    .max(100)
    .optional()
    .describe("γ3/γ2 of DANA at step 0 [dana-constant 1/width, dana-decaying 1]"),
  kappa3: z
    .number()
    .min(0)
    .max(2)
    .default(0.5)
    .describe("κ3: γ3 of DANA-decaying falls as t^(−κ3)"),
  delta: z.number().gt(0).max(100).default(8).describe("δ of DANA's forgetting δ/(δ+t)"),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0.01)
    .describe("decoupled decay of the AdamW kinds"),
  clipNorm: z
    .number()
    .min(0)
    .default(1)
    .describe("gradients longer than this are shortened to it; 0 for no clipping"),
  numValidation: z
    .int()
    .min(1)
    .max(10_000_000)
    .default(8192)
    .describe("held-out symbols that a validation loss reads, at most"),
});

/** A checked configuration, every default filled in. */
export type TextConfig = z.output<typeof textConfig>;
