import type { Command } from "@quadrivium/config";
import { InputError, key } from "@quadrivium/core";
import { z } from "zod";
import { localSlopes } from "../analyze/local-slope.js";
import { spectrumOf } from "../model/spectrum.js";
import { replicate } from "../simulate/replicas.js";
import { unitModes } from "../simulate/unit-modes.js";
import { kernelNorm } from "../theory/kernel-norm.js";
import { methodRule, systemOf, type MethodOptions } from "../theory/methods.js";
import { logTimes, riskCurve } from "../theory/risk-curve.js";
import { forecastStability } from "../theory/stability.js";
import { exponentFields, methodFields } from "../method-fields.js";
import {
  headCells,
  numberCells,
  numbersOverTime,
  plainNumbers,
  plainSummary,
  runSummaryFields,
} from "./run-summary.js";
import { presetField, shapeOf, sizeFields } from "./shape-input.js";

const input = z.object({
  ...exponentFields,
  ...sizeFields,
  ...methodFields,
  ...presetField,
  batch: z
    .union([z.int().min(1), z.literal("inf")])
    .default(1)
    .describe("B: samples a step, averaged; inf for full gradients"),
  tMax: z.number().min(1).max(1e15).default(1e8).describe("last step of the curve"),
  simulate: z.int().min(0).default(0).describe("independent runs to simulate beside the theory"),
  seed: z.int().min(0).default(0).describe("decides the random features of exact, and the runs"),
});

const output = z.object({
  times: z.array(z.number()),
  /** P, the mean squared error (not half of it); null from divergence on. */
  risk: numbersOverTime,
  floor: z.number(),
  localSlope: numbersOverTime,
  kernelNorm: numbersOverTime,
  status: z.enum(["stable", "diverged"]),
  divergedAt: z.number().nullable(),
  /** When the kernel norm predicts divergence. */
  predictedDivergence: z.number().nullable(),
  simulated: z.object(runSummaryFields).optional(),
});

type Output = z.infer<typeof output>;

/** Above this many mode-steps a simulation takes hours. */
const largestSimulation = 1e12;

/** `curve`: expected risk over time from theory, and from simulated runs beside it. */
export const curveCommand: Command<z.infer<typeof input>, Output> = {
  name: "curve",
  summary: "Expected risk (mean squared error) of a method over time, at any size",
  input,
  output,
  examples: [
    "curve --alpha 1 --beta 0.3 --dim 51200 --method dana-decaying",
    "curve --dim 500 --method sgd --t-max 1e4 --simulate 200",
  ],
  render,
  run: async (given, context) => {
    const shape = shapeOf(given);
    const batch = batchOf(given);
    const { method, seed, simulate: runs, spectrum, tMax } = given;
    const options: Required<Omit<MethodOptions, "infinite" | "rateFactor">> = {
      method,
      batch,
      constants: given.preset,
      forgetting: given.forgetting,
    };
    if (runs > 0) refuseHugeSimulation(given);
    const source = spectrumOf(shape, spectrum, key(seed));
    // theory and simulation must speak of the same modes
    const problem = runs > 0 ? unitModes(source) : source;
    const rule = methodRule(shape, { ...options, infinite: spectrum === "infinite" });
    const system = systemOf(rule);
    const times = logTimes(Math.floor(tMax));
    const curve = riskCurve(problem, system, { times });
    const norms = times.map((t) => kernelNorm(problem, system, t));
    const forecast = forecastStability(problem, system, tMax);
    const simulated =
      runs === 0
        ? undefined
        : await replicate(problem, { shape, method: options, times, seed, runs }, context);
    return {
      times,
      risk: plainNumbers(curve.risk),
      floor: problem.sigma2,
      localSlope: plainNumbers(localSlopes(times, curve.risk)),
      kernelNorm: plainNumbers(norms),
      status: curve.divergedAt === null ? "stable" : "diverged",
      divergedAt: curve.divergedAt,
      predictedDivergence: forecast.divergesAt,
      ...(simulated === undefined ? {} : { simulated: plainSummary(simulated) }),
    };
  },
};

/** The batch size; an infinite one only where it means something. */
function batchOf({ batch, preset, simulate }: z.infer<typeof input>): number {
  if (batch !== "inf") return batch;
  if (preset === "ode-example") {
    throw new InputError(
      "E_BATCH",
      "curve: the learning rate of ode-example falls as 2/(B+1), to nothing at --batch inf; got " +
        "both; take --preset optax-style",
    );
  }
  if (simulate > 0) {
    throw new InputError(
      "E_BATCH",
      `curve: at --batch inf gradients are exact and every run is the theory's curve; got ` +
        `--simulate ${simulate}; leave it out or take a finite batch`,
    );
  }
  return Infinity;
}

function refuseHugeSimulation(given: z.infer<typeof input>): void {
  if (given.spectrum === "infinite") {
    throw new InputError(
      "E_SIMULATE",
      'curve: a simulation needs finitely many parameters; got the spectrum "infinite"; use ' +
        '"det-eq"',
    );
  }
  const work = given.dim * given.tMax * given.simulate;
  if (work <= largestSimulation) return;
  throw new InputError(
    "E_SIMULATE",
    `curve: ${given.simulate} runs of ${given.tMax} steps with ${given.dim} parameters are ` +
      `${work.toPrecision(2)} mode-steps, which takes many hours; at most ` +
      `${largestSimulation.toPrecision(1)} are simulated; lower --t-max, --dim or --simulate`,
    { details: { modeSteps: work } },
  );
}

function render({ simulated, ...result }: Output): string {
  const head = ["t", "risk", "slope", "‖K‖", ...(simulated ? ["simulated", "± s.e."] : [])];
  const rows = result.times.map((t, i) =>
    numberCells([
      t,
      result.risk[i],
      result.localSlope[i],
      result.kernelNorm[i],
      ...(simulated ? [simulated.mean[i], simulated.standardError[i]] : []),
    ]),
  );
  const end =
    result.status === "diverged"
      ? `diverged at t = ${result.divergedAt?.toPrecision(4)}`
      : `stable; floor ${result.floor.toPrecision(4)}`;
  return [headCells(head), ...rows, end].join("\n");
}
