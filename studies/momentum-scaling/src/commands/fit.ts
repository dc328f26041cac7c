import type { Command } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { z } from "zod";
import { reportIsoFlops, type IsoFlopReport } from "../fit/iso-flop-valleys.js";
import { reportCurve } from "../fit/loss-curve.js";
import type { SizedRecord } from "../fit/loss-surface.js";
import { readRuns } from "../fit/read-runs.js";
import { fitError, scaleNames, type RunRecord } from "../fit/run-record.js";
import { reportSurface, surfaceNumbers } from "../fit/surface-report.js";

const column = (what: string, names: string) =>
  z.string().optional().describe(`column of ${what} [${names}]`);

const input = z.object({
  file: z.string().describe("CSV of your runs, or JSON lines of text runs"),
  against: z
    .enum(["auto", ...scaleNames])
    .default("auto")
    .describe("one variable; auto fits the surface where the file has sizes and data"),
  floor: z.number().min(0).optional().describe("E where it is known [fitted]"),
  params: column("model sizes N", "N, params, …"),
  tokens: column("training data D", "D, tokens, …"),
  compute: column("compute C", "C, flops, …"),
  loss: column("losses", "loss, …"),
  run: column("what belongs to one run", "run, id, …"),
  flopsPerToken: z
    .number()
    .gt(0)
    .default(6)
    .describe("compute a parameter and token, where the file has no compute"),
  draws: z.int().min(50).max(10_000).default(200).describe("bootstrap draws"),
  seed: z.int().min(0).default(0).describe("decides the draws"),
});

const interval = z.tuple([z.number(), z.number()]).nullable();
const measured = z.object({ value: z.number(), interval });
const ends = z.tuple([z.number(), z.number()]).nullable();

const output = z.object({
  model: z.enum(["surface", "curve"]),
  runs: z.number(),
  losses: z.number(),
  level: z.number(),
  surface: z.record(z.enum(surfaceNumbers), measured).nullable(),
  curve: z
    .object({
      against: z.enum(scaleNames),
      floor: measured,
      factor: measured,
      exponent: measured,
    })
    .nullable(),
  /** Exponents of the first and of the last part of the runs. */
  ends: z.record(z.string(), ends),
  isoFlops: z
    .object({
      valleys: z.array(
        z.object({
          compute: z.number(),
          numParams: measured,
          loss: z.number(),
          sizes: z.number(),
        }),
      ),
      sizeExponent: measured.nullable(),
    })
    .nullable(),
  /** Root mean square of the deviations of log loss. */
  scatter: z.number(),
  warnings: z.array(z.string()),
});

type Output = z.infer<typeof output>;

/** `fit`: scaling laws through the user's own runs. */
export const fitCommand: Command<z.infer<typeof input>, Output> = {
  name: "fit",
  summary:
    "Scaling laws through your own runs: L = E + A/N^α + B/D^β, or one variable, with intervals",
  positional: ["file"],
  input,
  output,
  examples: ["fit runs.csv", "fit runs.csv --against compute --floor 1.7"],
  render,
  run: async (given, context) => {
    const text = new TextDecoder().decode(await context.readFile(given.file));
    const { params: numParams, tokens: numTokens, compute, loss, run } = given;
    const file = readRuns(text, { numParams, numTokens, compute, loss, run });
    const records = file.records.map((record) => completed(record, given.flopsPerToken));
    const floor = given.floor ?? file.floor ?? undefined;
    const options = {
      key: key(given.seed),
      draws: given.draws,
      ...(floor === undefined ? {} : { knownFloor: floor }),
    };
    const has = (name: (typeof scaleNames)[number]): boolean =>
      records.every((record) => record[name] !== undefined);
    const priced = records as (RunRecord & { numParams: number; compute: number })[];
    const isoFlops = has("numParams") && has("compute") ? reportIsoFlops(priced, options) : null;
    const common = {
      runs: new Set(records.map((record) => record.run)).size,
      losses: records.length,
      level: 0.95,
      isoFlops: plainIsoFlops(isoFlops),
    };
    if (given.against === "auto" && has("numParams") && has("numTokens")) {
      const report = reportSurface(records as SizedRecord[], options);
      return {
        ...common,
        model: "surface",
        surface: { ...report.numbers } as unknown as NonNullable<Output["surface"]>,
        curve: null,
        ends: structuredClone(report.ends) as Output["ends"],
        scatter: rootMeanSquare(report.surface.residuals),
        warnings: [...report.warnings, ...(isoFlops?.warnings ?? [])],
      };
    }
    const against =
      given.against === "auto"
        ? (["compute", "numTokens", "numParams"] as const).find(has)!
        : given.against;
    if (!has(against)) {
      throw fitError(`--against ${against} needs that column in every row; the file has it not`);
    }
    const { ends: two, residuals, warnings, ...curve } = reportCurve(records, against, options);
    return {
      ...common,
      model: "curve",
      surface: null,
      curve: structuredClone(curve) as NonNullable<Output["curve"]>,
      ends: { exponent: [...two] },
      scatter: rootMeanSquare(residuals),
      warnings: [...warnings, ...(isoFlops?.warnings ?? [])],
    };
  },
};

/** Fills in the third of N, D and C = kND where two are given. */
function completed(record: RunRecord, flopsPerToken: number): RunRecord {
  const { numParams: n, numTokens: d, compute: c } = record;
  if (n !== undefined && d !== undefined) {
    return { ...record, compute: c ?? flopsPerToken * n * d };
  }
  if (c !== undefined && n !== undefined) return { ...record, numTokens: c / (flopsPerToken * n) };
  if (c !== undefined && d !== undefined) return { ...record, numParams: c / (flopsPerToken * d) };
  return record;
}

function plainIsoFlops(report: IsoFlopReport | null): Output["isoFlops"] {
  if (report === null) return null;
  const { valleys, sizeExponent } = report;
  return structuredClone({ valleys, sizeExponent }) as Output["isoFlops"];
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
}

const labels: { readonly [name in (typeof surfaceNumbers)[number]]: string } = {
  floor: "E",
  paramsFactor: "A",
  paramsExponent: "α (of size N)",
  tokensFactor: "B",
  tokensExponent: "β (of data D)",
  sizeExponent: "a of N* ~ C^a",
  lossExponent: "x of L* − E ~ C^−x",
};

function render(result: Output): string {
  const show = (label: string, { value, interval: range }: z.infer<typeof measured>): string => {
    const bounds = range === null ? "" : `  [${range.map((x) => x.toPrecision(4)).join(", ")}]`;
    return `${label.padEnd(22)}${value.toPrecision(4)}${bounds}`;
  };
  const { surface, curve, isoFlops } = result;
  const lines = [`${result.losses} losses of ${result.runs} runs; intervals at 95 %`];
  if (surface) {
    lines.push("L = E + A/N^α + B/D^β", ...surfaceNumbers.map((n) => show(labels[n], surface[n])));
  }
  if (curve) {
    lines.push(
      `L = E + A·x^−p, x = ${curve.against}`,
      show("E", curve.floor),
      show("A", curve.factor),
      show("p", curve.exponent),
    );
  }
  if (isoFlops) {
    lines.push(
      "best size at equal compute",
      ...isoFlops.valleys.map((v) => show(`  C = ${v.compute.toPrecision(3)}`, v.numParams)),
    );
    if (isoFlops.sizeExponent) lines.push(show("  N* ~ C^a, a", isoFlops.sizeExponent));
  }
  lines.push(show("scatter", { value: result.scatter, interval: null }));
  return [...lines, ...result.warnings.map((warning) => `warning: ${warning}`)].join("\n");
}
