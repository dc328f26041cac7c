import { figureDocument, type Command } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { z } from "zod";
import { dataOf } from "../estimate/data.js";
import { estimate } from "../estimate/estimate.js";
import { estimateReport } from "../estimate/estimate-report.js";
import { readArrays } from "../estimate/read-data.js";
import { estimateFigures } from "../figures/estimate-figures.js";

const input = z.object({
  file: z
    .string()
    .describe(
      "npy, npz, safetensors, parquet or csv: features or activations, a kernel, or a spectrum",
    ),
  targets: z.string().optional().describe("file with one target for each sample"),
  kind: z
    .enum(["auto", "features", "kernel", "spectrum"])
    .default("auto")
    .describe("what the numbers are"),
  numFeatures: z
    .int()
    .min(1)
    .max(1e9)
    .optional()
    .describe("features behind a kernel, which it does not tell itself"),
  batch: z.int().min(1).default(1).describe("batch size that the recommendation is for"),
  array: z
    .string()
    .optional()
    .describe("name of the array to use, where a file holds several [the largest]"),
  report: z.string().optional().describe("write a report with figures to this HTML file"),
  seed: z.int().min(0).default(0).describe("decides the random halves behind the intervals"),
});

const interval = z.tuple([z.number(), z.number()]).nullable();

const output = z.object({
  alpha: z.number().nullable(),
  beta: z.number().nullable(),
  intervals: z.object({ alpha: interval, beta: interval }),
  level: z.number(),
  kind: z.enum(["features", "kernel", "spectrum"]),
  numSamples: z.number(),
  window: z.tuple([z.number(), z.number()]),
  noiseFloor: z.number().nullable(),
  components: z
    .object({ variances: z.array(z.number()), tail: z.array(z.number()).nullable() })
    .nullable(),
  recommendation: z
    .object({
      method: z.enum(["dana-decaying", "sgd"]),
      batch: z.number(),
      gamma1: z.number(),
      gamma2: z.number(),
      gamma3: z.number(),
      kappa3: z.number(),
      delta: z.number(),
      kernelNorms: z.array(z.number()),
      reason: z.string(),
    })
    .nullable(),
  refusal: z.string().nullable(),
  notes: z.array(z.string()),
});

type Output = z.infer<typeof output>;

/** `estimate`: α and β of data with intervals, and hyperparameters for it, or why there are none. */
export const estimateCommand: Command<z.infer<typeof input>, Output> = {
  name: "estimate",
  summary: "α and β of your data, with intervals, and hyperparameters that fit it",
  positional: ["file"],
  input,
  output,
  examples: [
    "estimate features.npy --targets y.npy",
    "estimate activations.safetensors --array layer3 --batch 64 --report report.html",
  ],
  render,
  run: async (given, context) => {
    const { array, targets: inFile } = await readArrays(
      await context.readFile(given.file),
      given.file,
      given.array,
    );
    const targets =
      given.targets === undefined
        ? inFile
        : (await readArrays(await context.readFile(given.targets), given.targets)).array.values;
    const kind = given.kind === "auto" ? undefined : given.kind;
    const result = estimate(dataOf(array, targets, { kind, numFeatures: given.numFeatures }), {
      key: key(given.seed),
      batch: given.batch,
    });
    if (given.report !== undefined) {
      const figures = estimateFigures(result, await figureDocument(context, "estimate"));
      const text = render(structuredClone(result) as Output);
      await context.writeFile(given.report, estimateReport(result, { ...given, text, figures }));
    }
    return structuredClone(result) as Output;
  },
};

function render(result: Output): string {
  const show = (name: "alpha" | "beta"): string => {
    const range = result.intervals[name];
    if (result[name] === null) return `${name}: not estimated`;
    const bounds = range === null ? "" : ` [${range.map((x) => x.toFixed(3)).join(", ")}]`;
    return `${name}: ${result[name].toFixed(3)}${bounds}`;
  };
  const { recommendation: r } = result;
  return [
    show("alpha"),
    show("beta"),
    ...(r === null
      ? []
      : [
          r.method === "sgd"
            ? `sgd: γ2 ${r.gamma2.toPrecision(4)}, no momentum, batch ${r.batch}`
            : `${r.method}: γ1 ${r.gamma1}, γ2 ${r.gamma2.toPrecision(4)}, ` +
              `γ3 ${r.gamma3.toPrecision(4)}·(1+t)^−${r.kappa3.toFixed(3)}, ` +
              `Δ ${r.delta.toFixed(2)}/(${r.delta.toFixed(2)}+t), batch ${r.batch}`,
          r.reason,
          `kernel norm at t = 1, 10, …: ${r.kernelNorms.map((x) => x.toFixed(2)).join(" ")}`,
        ]),
    ...(result.refusal === null ? [] : [`refused: ${result.refusal}`]),
    ...result.notes.map((note) => `note: ${note}`),
  ].join("\n");
}
