import { z } from "zod";
import type { Configurable } from "./complete.js";

const config = z.object({
  modulus: z.int().min(2).max(1000).default(59).describe("modulus n of a + b mod n"),
  learningRate: z.number().gt(0).lt(1).default(1e-3),
  model: z
    .object({
      kind: z.enum(["mlp", "transformer"]).default("mlp"),
      widths: z.array(z.int().positive()).default([128]),
    })
    .prefault({}),
  schedule: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("constant") }),
      z.object({ kind: z.literal("cosine"), warmup: z.int().min(0).default(10) }),
    ])
    .default({ kind: "constant" }),
  clip: z.number().positive().nullable().default(null),
  usesBias: z.boolean().default(true),
  note: z.string().default(""),
  steps: z.union([z.literal("auto"), z.int().min(1)]).default("auto"),
});

export type ToyConfig = z.infer<typeof config>;

/** A study's configuration with every kind of setting. */
export const toy: Configurable<ToyConfig> = {
  name: "toy",
  config,
  presets: {
    quick: { summary: "small", set: { modulus: 7, "model.widths": [8, 8] } },
    paper: { summary: "as published", set: {} },
  },
  synonyms: { lr: "learningRate" },
};
