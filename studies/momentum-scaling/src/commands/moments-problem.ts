import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { spectralProblem, type SpectralProblem } from "../model/spectral-problem.js";
import type { Schedule } from "../theory/coefficients.js";

const numbers = z.array(z.number());
const perStep = z.union([z.number(), numbers]);
const batchSize = z.union([z.number(), z.literal("Infinity").transform(() => Infinity)]);

/** What a problem file of the `moments` verb holds. */
export const momentsProblemSchema = z.strictObject({
  lambda: numbers.describe("eigenvalues of the feature covariance, 0 for a mode never seen"),
  rho2: numbers.describe("squared initial errors, one for each eigenvalue"),
  weight: numbers.optional().describe("multiplicities, one for each eigenvalue [all 1]"),
  sigma2: z.number().describe("variance of the label noise"),
  batch: z
    .union([batchSize, z.array(batchSize)])
    .describe("samples a step, Infinity for full gradients: a number, or one for each step"),
  gamma1: perStep.describe("γ1: a number, or one for each step"),
  gamma2: perStep.describe("γ2: likewise"),
  gamma3: perStep.describe("γ3: likewise"),
  delta: perStep.describe("Δ(t): likewise; may exceed 1"),
  steps: z.int().min(0).describe("steps after the start"),
});

/** A problem file, checked and with its schedules as functions of the step. */
export interface MomentsProblem {
  readonly problem: SpectralProblem;
  readonly schedule: Schedule;
  readonly batch: (t: number) => number;
  readonly steps: number;
}

/**
 * Reads the text of a problem file.
 *
 * @throws E_MOMENTS_PROBLEM if it is not JSON, a field is missing or of the wrong kind, a schedule
 *   has the wrong length, a rate is negative or a batch below 1
 * @throws E_SPECTRUM if the spectrum is invalid
 */
export function parseMomentsProblem(text: string): MomentsProblem {
  const given = parseJson(text);
  const parsed = momentsProblemSchema.safeParse(given);
  if (!parsed.success) throw refuse(whatIsWrong(parsed.error.issues[0]!, given));
  const input = parsed.data;
  const problem = spectralProblem({
    lambda: input.lambda,
    rho2: input.rho2,
    sigma2: input.sigma2,
    ...(input.weight === undefined ? {} : { weight: input.weight }),
  });
  const rate = (x: number): boolean => x >= 0 && x < Infinity;
  const gamma1 = perStepList("gamma1", input, rate, "a finite rate ≥ 0");
  const gamma2 = perStepList("gamma2", input, rate, "a finite rate ≥ 0");
  const gamma3 = perStepList("gamma3", input, rate, "a finite rate ≥ 0");
  const delta = perStepList("delta", input, Number.isFinite, "a finite number");
  const batch = perStepList("batch", input, (x) => x >= 1, "a batch size ≥ 1");
  return {
    problem,
    steps: input.steps,
    batch,
    schedule: (t) => ({ gamma1: gamma1(t), gamma2: gamma2(t), gamma3: gamma3(t), delta: delta(t) }),
  };
}

function perStepList(
  name: "gamma1" | "gamma2" | "gamma3" | "delta" | "batch",
  input: z.infer<typeof momentsProblemSchema>,
  holds: (x: number) => boolean,
  rule: string,
): (t: number) => number {
  const given = input[name];
  const list = typeof given === "number" ? [given] : given;
  if (typeof given !== "number" && given.length !== input.steps) {
    throw refuse(
      `${name} must be one number or one for each of the ${input.steps} steps; got ${given.length}`,
    );
  }
  const wrong = list.findIndex((x) => !holds(x));
  if (wrong >= 0) throw refuse(`${name} must be ${rule}; got ${list[wrong]} at step ${wrong}`);
  return typeof given === "number" ? () => given : (t) => given[t]!;
}

function whatIsWrong(issue: z.core.$ZodIssue, given: unknown): string {
  const [field, index] = issue.path;
  if (field === undefined) return `the file: ${issue.message}`;
  const value = (given as { readonly [name: PropertyKey]: unknown })[field];
  const entry =
    typeof index === "number" && Array.isArray(value) ? (value[index] as unknown) : value;
  const at = typeof index === "number" ? ` at index ${index}` : "";
  if (entry !== null && typeof entry !== "string") {
    return `${issue.path.join(".")}: ${issue.message}`;
  }
  return (
    `${String(field)} must hold finite numbers; got ${String(entry ?? "nothing")}${at}, with which ` +
    `no risk can be computed; mend that entry`
  );
}

/** Words that other languages write for numbers that JSON has not. */
const notNumbers = /(?<=[[:,\s])-?(?:NaN|Infinity)(?=[\],}\s])/g;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replaceAll(notNumbers, (word) => `"${word}"`));
  } catch (cause) {
    throw refuse(`the file must be JSON; ${(cause as Error).message}`);
  }
}

function refuse(what: string): InputError {
  return new InputError("E_MOMENTS_PROBLEM", `moments: ${what}`);
}
