import type { Command } from "@quadrivium/config";
import { z } from "zod";
import { problemExponents } from "../theory/exponents.js";
import { methodNames } from "../theory/methods.js";
import { phaseNames } from "../theory/phases.js";
import { exponentFields } from "../method-fields.js";

const input = z.object(exponentFields);

const methodOutput = z.object({
  lossExponent: z.number(),
  earlyLossExponent: z.number(),
  lossExponents: z.object({
    Fpp: z.number(),
    Fac: z.number().nullable(),
    Kpp: z.number().nullable(),
  }),
  computeExponent: z.number(),
  parameterExponent: z.number(),
  timeToFloorExponent: z.number(),
});

const output = z.object({
  phase: z.enum(phaseNames),
  methods: z.record(z.enum(methodNames), methodOutput),
});

/** `exponents`: the phase of a problem and every method's exponents in closed form. */
export const exponentsCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "exponents",
  summary:
    "Phase of (α, β) and every method's scaling exponents in closed form (DANA-constant's: at t ≫ d)",
  input,
  output,
  examples: ["exponents --alpha 1 --beta 0.3"],
  render: ({ phase, methods }) =>
    [
      `phase ${phase}`,
      ["method", "loss", "compute η", "size ξ", "time to floor", "loss at t ≪ d"].map(pad).join(""),
      ...methodNames.map((name) => {
        const m = methods[name];
        const numbers = [
          m.lossExponent,
          m.computeExponent,
          m.parameterExponent,
          m.timeToFloorExponent,
          m.earlyLossExponent,
        ];
        return [name, ...numbers.map((x) => x.toFixed(4))].map(pad).join("");
      }),
    ].join("\n"),
  run: async ({ alpha, beta }) => {
    const { phase, methods } = problemExponents(alpha, beta);
    return { phase, methods: { ...methods } };
  },
};

const pad = (text: string): string => text.padEnd(16);
