import type { Command } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { exponentFields } from "../method-fields.js";
import { checkShape } from "../model/plrf.js";
import {
  coordinateMethods,
  drawCoordinateProblem,
  replicateCoordinates,
} from "../simulate/coordinate-replicas.js";
import { logTimes } from "../theory/risk-curve.js";
import { headCells, numberCells, plainSummary, runSummaryFields } from "./run-summary.js";
import { shapeOf } from "./shape-input.js";

const input = z.object({
  ...exponentFields,
  dim: z.int().min(1).max(2000).default(100).describe("d: trained parameters"),
  hiddenDim: z.int().min(1).optional().describe("v: hidden features [4d]"),
  method: z.enum(coordinateMethods).default("adam").describe("the optimizer"),
  learningRate: z
    .number()
    .gt(0)
    .default(0.01)
    .describe("its learning rate, the largest of a cosine"),
  cosine: z
    .boolean()
    .default(false)
    .describe("let the rate fall to 0 by the last step; only the end of such a curve compares"),
  batch: z.int().min(1).default(1).describe("B: samples a step, averaged"),
  tMax: z.int().min(1).default(3000).describe("last step of the runs"),
  runs: z.int().min(2).default(32).describe("independent runs on one draw of the features"),
  seed: z.int().min(0).default(0).describe("decides the random features and the runs"),
});

const output = z.object({
  times: z.array(z.number()),
  ...runSummaryFields,
  floor: z.number(),
});

type Output = z.infer<typeof output>;

/** Above this many multiplications runs take hours. */
const largestWork = 1e13;

/** `adaptive`: runs of Adam and its kin, whose risk has no theory, in the parameters' own axes. */
export const adaptiveCommand: Command<z.infer<typeof input>, Output> = {
  name: "adaptive",
  summary: "Simulated risk of Adam, AdamW, ADANA or Dana-Star, which feel the parameters' axes",
  input,
  output,
  examples: [
    "adaptive --alpha 1 --beta 0.3 --dim 100 --method adam --t-max 3000",
    "adaptive --method adam --cosine --t-max 16000 --runs 16",
  ],
  render,
  run: async (given, context) => {
    const { batch, cosine, learningRate, method, runs, seed, tMax } = given;
    const shape = checkShape(shapeOf(given));
    const work = 2 * runs * tMax * shape.dim ** 2;
    if (work > largestWork) {
      throw new InputError(
        "E_SIMULATE",
        `adaptive: ${runs} runs of ${tMax} steps with ${shape.dim} parameters are ` +
          `${work.toPrecision(2)} multiplications, which takes hours; at most ` +
          `${largestWork.toPrecision(1)} are done; lower --t-max, --dim or --runs`,
        { details: { work } },
      );
    }
    const times = logTimes(tMax);
    const horizon = cosine ? tMax : null;
    const common = { shape, method, learningRate, horizon, batch, times, seed };
    const summary = await replicateCoordinates({ ...common, runs }, context);
    return {
      times,
      ...plainSummary(summary),
      floor: drawCoordinateProblem({ shape, seed }).sigma2,
    };
  },
};

function render(result: Output): string {
  const rows = result.times.map((t, i) =>
    numberCells([t, result.mean[i], result.standardError[i]]),
  );
  const end =
    result.firstDivergenceAt === null
      ? `floor ${result.floor.toPrecision(4)}`
      : `${result.diverged} of ${result.runs} runs diverged, the first at step ${result.firstDivergenceAt}`;
  return [headCells(["t", "mean risk", "± s.e."]), ...rows, end].join("\n");
}
