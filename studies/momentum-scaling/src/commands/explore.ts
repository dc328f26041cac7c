import { figureDocument, type Command } from "@quadrivium/config";
import { key } from "@quadrivium/core";
import { z } from "zod";
import { familyFrontier } from "../analyze/family-frontier.js";
import { sizeLadder } from "../analyze/theory-frontier.js";
import { finiteOrNull } from "../finite.js";
import { exponentFields } from "../method-fields.js";
import { spectrumNames, spectrumOf } from "../model/spectrum.js";
import { familyRule } from "../theory/family-schedule.js";
import { generalMomentumSystem } from "../theory/general-momentum.js";
import { familyOf, familyNames } from "../theory/named-families.js";
import { maxPlusExponents, type ScalingFamily } from "../theory/max-plus.js";
import { logTimes, riskCurve } from "../theory/risk-curve.js";
import { forecastStability } from "../theory/stability.js";
import { parseDims } from "./dims.js";
import { drawExplored } from "../figures/draw-explored.js";
import { parseKappas } from "./kappas.js";
import { shapeOf } from "./shape-input.js";

const kappa = (of: string) =>
  z
    .string()
    .optional()
    .describe(`${of}: a number, a list 0,0.5,1 or a range 0..1..0.1 [the family's]`);

const input = z.object({
  ...exponentFields,
  family: z
    .enum(familyNames)
    .default("dana-decaying")
    .describe("where exponents that are not given come from"),
  kappa1: kappa("κ1, γ2 ∝ d^(−κ1)"),
  kappa2: kappa("κ2, γ3 ∝ d^(−κ2); none for no momentum"),
  kappa3: kappa("κ3, γ3 ∝ (1+t)^(−κ3)"),
  kappaB: kappa("κb, batch B = d^κb"),
  rateFactor: z.number().gt(0).default(1).describe("factor on γ2 and γ3"),
  momentumFactor: z.number().gt(0).default(1).describe("further factor on γ3"),
  dim: z.int().min(1).default(10_000).describe("d: the size at which risks are computed"),
  hiddenDim: z.int().min(1).optional().describe("v: hidden features [4d]"),
  spectrum: z
    .enum(spectrumNames)
    .exclude(["infinite"])
    .default("det-eq")
    .describe("where the eigenvalues come from"),
  tMax: z.number().min(1).max(1e15).default(1e6).describe("step at which risks are compared"),
  dims: z
    .string()
    .default("")
    .describe("sizes over which exponents are fitted, as in frontier [none]"),
  figure: z.string().optional().describe("write the risks over κ2 and κ3 to this SVG file"),
});

const fitted = z.object({ value: z.number(), interval: z.tuple([z.number(), z.number()]) });

const explored = z.object({
  kappa1: z.number(),
  kappa2: z.number().nullable(),
  kappa3: z.number(),
  kappaB: z.number(),
  batch: z.number(),
  /** From the balance of terms; `stable`: gradient noise stays bounded at every size. */
  theory: z.object({
    computeExponent: z.number(),
    parameterExponent: z.number(),
    tradeOff: z.array(z.string()),
    stable: z.boolean(),
  }),
  /** P at `tMax` steps; null where it diverged before. */
  risk: z.number().nullable(),
  divergedAt: z.number().nullable(),
  /** Largest frozen kernel norm up to `tMax`; below 1 the risk stays bounded. */
  largestNorm: z.number().nullable(),
  measured: z.object({ computeExponent: fitted, parameterExponent: fitted }).nullable(),
  warnings: z.array(z.string()),
});

const output = z.object({
  dim: z.number(),
  tMax: z.number(),
  floor: z.number(),
  families: z.array(explored),
});

type Output = z.infer<typeof output>;
type Explored = Output["families"][number];

/** `explore`: any power-law hyperparameters, by balance of terms and by exact theory. */
export const exploreCommand: Command<z.infer<typeof input>, Output> = {
  name: "explore",
  summary:
    "Any powers κ1, κ2, κ3, κb of size and time in γ2, γ3 and the batch: exponents and risks",
  input,
  output,
  examples: [
    "explore --alpha 1 --beta 0.3 --kappa3 0..1..0.1",
    "explore --family adana --kappa3 0.85 --dims 200..12800",
  ],
  render,
  run: async (given, context) => {
    const shape = shapeOf(given);
    const { alpha, beta, tMax, rateFactor, momentumFactor } = given;
    const families = parseKappas(given, familyOf(given.family, alpha));
    const problem = spectrumOf(shape, given.spectrum, key(0));
    const ladder = given.dims === "" ? null : sizeLadder({ alpha, beta }, parseDims(given.dims));
    const factors = { rateFactor, momentumFactor };
    const times = logTimes(Math.floor(tMax));
    const rows = families.map((family, index): Explored => {
      context.signal.throwIfAborted();
      context.progress(`family ${index + 1} of ${families.length}`);
      const theory = maxPlusExponents({ alpha, beta }, family);
      const { schedule, batch } = familyRule(shape, family, factors);
      const system = generalMomentumSystem(schedule, batch);
      const curve = riskCurve(problem, system, { times });
      const forecast = forecastStability(problem, system, tMax);
      const { measured, warnings } = measure(ladder, family, factors);
      return {
        ...family,
        batch,
        theory: { ...theory, tradeOff: [...theory.tradeOff] },
        risk: finiteOrNull(curve.risk.at(-1)!),
        divergedAt: curve.divergedAt,
        largestNorm: finiteOrNull(forecast.largest),
        measured,
        warnings: [...unstableWarning(theory.stable), ...warnings],
      };
    });
    if (given.figure !== undefined) {
      const document = await figureDocument(context, "explore");
      await context.writeFile(given.figure, drawExplored(rows, { ...shape, tMax }, document).svg);
    }
    return { dim: shape.dim, tMax, floor: problem.sigma2, families: rows };
  },
};

function unstableWarning(stable: boolean): string[] {
  return stable
    ? []
    : [
        "momentum outgrows what gradient noise allows as sizes grow: the risk diverges at large d or t, and the exponents are never seen",
      ];
}

function measure(
  ladder: Parameters<typeof familyFrontier>[0] | null,
  family: ScalingFamily,
  factors: Parameters<typeof familyFrontier>[2],
): Pick<Explored, "measured" | "warnings"> {
  if (ladder === null) return { measured: null, warnings: [] };
  const found = familyFrontier(ladder, family, factors);
  if (found.kind === "none") return { measured: null, warnings: [found.reason] };
  const { riskFit, dimFit, warnings } = found.frontier;
  return {
    measured: {
      computeExponent: {
        value: -riskFit.slope,
        interval: [-riskFit.interval[1], -riskFit.interval[0]],
      },
      parameterExponent: { value: dimFit.slope, interval: [...dimFit.interval] },
    },
    warnings: [...warnings],
  };
}

function render({ dim, tMax, floor, families }: Output): string {
  const head = ["κ1", "κ2", "κ3", "κb", "η", "ξ", "trade-off", "risk", "max ‖K‖", "η fitted"];
  const show = (x: number | null, digits = 4): string => (x === null ? "-" : x.toFixed(digits));
  const rows = families.map((row) => [
    ...[row.kappa1, row.kappa2, row.kappa3, row.kappaB].map((x) => show(x, 3)),
    show(row.theory.computeExponent),
    show(row.theory.parameterExponent),
    row.theory.stable ? row.theory.tradeOff.join("=") : "unstable",
    row.risk === null ? `div. ${row.divergedAt?.toExponential(0)}` : row.risk.toPrecision(4),
    row.largestNorm === null ? "∞" : row.largestNorm.toPrecision(3),
    show(row.measured?.computeExponent.value ?? null),
  ]);
  const warnings = new Set(
    families.flatMap((row) =>
      row.warnings.map((warning) => `κ2 ${row.kappa2}, κ3 ${row.kappa3.toFixed(3)}: ${warning}`),
    ),
  );
  return [
    `risk at d = ${dim}, t = ${tMax.toPrecision(3)}; floor ${floor.toPrecision(4)}`,
    ...[head, ...rows].map((cells) =>
      cells
        .map((cell) => cell.padEnd(12))
        .join("")
        .trimEnd(),
    ),
    ...[...warnings].map((warning) => `warning: ${warning}`),
  ].join("\n");
}
