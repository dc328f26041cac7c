import * as Plot from "@observablehq/plot";
import type { FinishedRun, Tier } from "@quadrivium/config";
import type { Figure } from "@quadrivium/core";
import { exponentPlane } from "../evidence/exponent-plane.js";
import { frontierPanel, type FrontierMethod } from "../evidence/frontiers.js";
import { lossShapes } from "../evidence/loss-shapes.js";
import { outscaling } from "../evidence/outscaling.js";
import { simulatedCurves } from "../evidence/simulated.js";
import { stabilityCases } from "../evidence/stability.js";
import { textEvidence } from "../evidence/text-runs.js";
import { drawText } from "./draw-text.js";
import { colorKey, columnsOf, logAxis, methodColors, plotFigure } from "./plot-figure.js";

/** Draws the study's figures, in the order of the report. */
export function* drawFigures(
  tier: Tier,
  runs: readonly FinishedRun[],
  document: Document,
): Generator<Figure, void, void> {
  yield drawSimulations(runs, document);
  yield drawLossShapes(document);
  yield drawOutscaling(document);
  yield drawFrontiers(tier, document);
  yield drawExponents(tier, document);
  yield drawStability(document);
  const text = textEvidence(runs);
  if (text !== null) yield drawText(text, document);
}

function drawSimulations(runs: readonly FinishedRun[], document: Document): Figure {
  const rows = simulatedCurves(runs).flatMap(({ method, batch, result }) =>
    result.times.flatMap((t, i) => {
      const mean = result.mean[i];
      const expected = result.expected[i];
      const spread = result.standardError[i];
      if (t === 0 || !isNumber(mean) || !isNumber(expected) || !isNumber(spread)) return [];
      const row = { method, batch, t, expected, mean };
      return [{ ...row, low: Math.max(mean - 2 * spread, 1e-12), high: mean + 2 * spread }];
    }),
  );
  return plotFigure(
    {
      id: "theory-and-simulation",
      title: "Expected risk from theory, and means over simulated runs",
      caption:
        "Lines: exact expected risk. Points: mean over independent runs with two standard errors, every tenth time. " +
        "At batch 1 single runs scatter widely and their distribution is skewed; the means still lie on the theory.",
      options: {
        x: logAxis("gradient steps t"),
        y: logAxis("risk P (mean squared error)"),
        marginRight: labelMargin,
        fx: { label: "batch" },
        color: methodColors,
        marks: [
          Plot.line(rows, { x: "t", y: "expected", stroke: "method", fx: "batch" }),
          Plot.ruleX(thin(rows), { x: "t", y1: "low", y2: "high", stroke: "method", fx: "batch" }),
          Plot.dot(thin(rows), { x: "t", y: "mean", fill: "method", r: 2.5, fx: "batch" }),
          methodLabels(rows, { x: "t", y: "expected", fx: "batch" }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

function drawLossShapes(document: Document): Figure {
  const shapes = lossShapes();
  const rows = shapes.flatMap(({ alpha, beta, phase, times, risk, terms }) =>
    times.flatMap((t, i) => {
      const panel = `${phase}: α ${alpha}, β ${beta}`;
      const { Fpp, Fac, F0, Kpp } = terms[i]!;
      const shown = { "risk P": risk[i]!, "F pp": Fpp, "F ac": Fac, "F 0": F0, "K pp": Kpp };
      return Object.entries(shown).map(([term, value]) => ({ panel, t, term, value }));
    }),
  );
  const panels = [...new Set(rows.map(({ panel }) => panel))];
  const lowest = new Map(shapes.map((s) => [s.phase, Math.min(...s.risk) / 3]));
  const visible = rows.filter(
    ({ panel, value }) => value > lowest.get(panel.split(":")[0] as (typeof shapes)[0]["phase"])!,
  );
  return plotFigure(
    {
      id: "loss-shapes",
      title: "The four shapes of SGD's loss curve",
      caption:
        "Expected risk of SGD at d = 51,200 (black) and its asymptotic terms: features still to be learnt (F pp), " +
        "features distorted by the random matrix (F ac), capacity floor (F 0) and gradient noise (K pp). " +
        "Which terms show is what tells the phases apart.",
      options: {
        height: 560,
        x: { ...logAxis("gradient steps t"), ticks: [1, 1e4, 1e8] },
        y: logAxis("risk P (mean squared error)"),
        fx: { label: null, domain: panels },
        color: termColors,
        marks: [
          colorKey(termColors, { fx: panels[0]! }),
          Plot.line(visible, {
            x: "t",
            y: "value",
            stroke: "term",
            fx: (row: { panel: string }) => row.panel,
            strokeWidth: (row: { term: string }) => (row.term === "risk P" ? 2.2 : 1.1),
          }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

const termColors = {
  domain: ["risk P", "F pp", "F ac", "F 0", "K pp"],
  range: ["#222222", "#4e79a7", "#f28e2b", "#8c8c8c", "#e15759"],
} as const;

function drawOutscaling(document: Document): Figure {
  const { times, curves, alpha, beta, dim } = outscaling();
  const rows = Object.entries(curves).flatMap(([method, { risk, slopes }]) =>
    times.flatMap((t, i) =>
      t >= 10 ? [{ method, t, risk: risk[i]!, exponent: -slopes[i]! }] : [],
    ),
  );
  return plotFigure(
    {
      id: "local-exponents",
      title: "Local loss exponents: momentum adapted to dimension outscales SGD",
      caption:
        `Minus the local slope of the risk at α ${alpha}, β ${beta}, d = ${dim}. DANA-constant follows SGD up to about d steps ` +
        "(dashed) and then steepens; DANA-decaying is steeper from early on; all end at the same floor.",
      options: {
        x: logAxis("gradient steps t"),
        y: { label: "local exponent −dlog P/dlog t", domain: [0, 2] },
        color: methodColors,
        marks: [
          Plot.ruleX([dim], { strokeDasharray: "4 4", stroke: "#999999" }),
          Plot.line(rows, { x: "t", y: "exponent", stroke: "method", clip: true }),
          colorKey(methodColors, { names: Object.keys(curves) }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

function drawFrontiers(tier: Tier, document: Document): Figure {
  const { alpha, beta, methods } = frontierPanel("above", tier);
  const panels = Object.entries(methods) as [FrontierMethod, (typeof methods)[FrontierMethod]][];
  const curves = panels.flatMap(([method, { curves: sizes }]) =>
    sizes.flatMap(({ dim, times, risk }) =>
      Array.from(times).flatMap((t, i) =>
        t > 0 && i % 4 === 0 && dim * t < 1e14
          ? [{ method, kind: "size", dim, flops: dim * t, risk: risk[i]! }]
          : [],
      ),
    ),
  );
  const optima = panels.flatMap(([method, { frontier }]) =>
    Array.from(frontier.flops, (flops, i) => ({
      method,
      kind: "frontier",
      dim: frontier.dim[i]!,
      flops,
      risk: frontier.risk[i]!,
    })),
  );
  const exponents = panels
    .map(
      ([method, { frontier, predicted }]) =>
        `${method} ${(-frontier.riskFit.slope).toFixed(3)} (predicted ${predicted.toFixed(3)})`,
    )
    .join(", ");
  return plotFigure(
    {
      id: "compute-optimal-frontiers",
      title: "Compute-optimal frontiers",
      caption:
        `Risk against compute f = d·t for sizes d = 100·2^i at α ${alpha}, β ${beta} (thin) and the frontier they leave (bold). ` +
        `Fitted exponents: ${exponents}.`,
      options: {
        x: logAxis("compute f = d·t"),
        y: logAxis("risk P (mean squared error)"),
        fx: { label: null, domain: panels.map(([method]) => method) },
        color: methodColors,
        marks: [
          Plot.line(curves, {
            x: "flops",
            y: "risk",
            z: "dim",
            fx: "method",
            stroke: "#bbbbbb",
            strokeWidth: 0.8,
          }),
          Plot.line(optima, {
            x: "flops",
            y: "risk",
            fx: "method",
            stroke: "method",
            strokeWidth: 2.5,
          }),
        ],
      },
      data: columnsOf([...curves, ...optima]),
    },
    document,
  );
}

const methodRadii: { readonly [method: string]: number } = { sgd: 8, "sgd-m": 5.5 };

function drawExponents(tier: Tier, document: Document): Figure {
  const rows = exponentPlane(tier).map((point) => ({ ...point }));
  return plotFigure(
    {
      id: "exponents-over-the-plane",
      title: "Measured against predicted loss exponents over the (α, β) plane",
      caption:
        "Slopes of the exact theory at 10^12 steps with infinitely many parameters against the closed forms; the line is equality. " +
        "SGD, SGD with constant momentum and schedule-free SGD share their exponents; DANA-decaying multiplies them by 2 − 1/2α.",
      options: {
        x: { label: "predicted exponent" },
        y: { label: "measured exponent" },
        color: methodColors,
        r: { type: "identity" },
        marks: [
          colorKey(methodColors, {
            corner: "bottom-right",
            names: [...new Set(rows.map(({ method }) => method))],
          }),
          Plot.line([0.5, 3], {
            x: (value: number) => value,
            y: (value: number) => value,
            stroke: "#999999",
          }),
          Plot.dot(rows, {
            x: "predicted",
            y: "measured",
            stroke: "method",
            strokeWidth: 1.6,
            // methods that share an exponent lie on each other
            r: ({ method }: { method: string }) => methodRadii[method] ?? 3,
          }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

function drawStability(document: Document): Figure {
  const cases = stabilityCases();
  const kappaColors = {
    type: "ordinal" as const,
    domain: cases.map(({ kappa3 }) => kappa3),
    range: ["#440154", "#3b528b", "#21918c", "#5ec962", "#c9b400"],
  };
  const rows = cases.flatMap(({ kappa3, times, risk, norms }) =>
    times.flatMap((t, i) =>
      t === 0
        ? []
        : [
            { kappa3, quantity: "risk P", t, value: risk[i]! },
            { kappa3, quantity: "kernel norm", t, value: norms[i]! },
          ].filter(({ value }) => value > 0 && value < 1e3),
    ),
  );
  return plotFigure(
    {
      id: "stability",
      title: "The kernel norm foresees divergence",
      caption:
        "Momentum γ3 ∝ (1+t)^−κ3 at α = 1, β = 0.3 with infinitely many parameters, B = 1. Where the kernel norm crosses 1 (dashed), " +
        "the risk turns around; κ3 = 0.5 = 1/2α keeps it constant.",
      options: {
        x: logAxis("gradient steps t"),
        y: { ...logAxis("value"), domain: [1e-8, 1e2] },
        fx: { label: null },
        color: kappaColors,
        marks: [
          colorKey(kappaColors, { fx: "kernel norm", prefix: "κ3 = ", corner: "bottom-left" }),
          Plot.ruleY([1], { strokeDasharray: "4 4", stroke: "#999999" }),
          Plot.line(rows, {
            x: "t",
            y: "value",
            z: "kappa3",
            stroke: "kappa3",
            fx: "quantity",
            clip: true,
          }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}

/** Room for a method's name beyond its line. */
const labelMargin = 90;

type Channels = { readonly x: string; readonly y: string; readonly fx?: string };

/** The method's name at the end of its line: no legend to look away to. */
function methodLabels(rows: readonly { readonly method: string }[], channels: Channels): Plot.Text {
  return Plot.text(rows, lastOf("method", { ...channels, text: "method", fill: "method" }));
}

function lastOf(z: string, channels: Channels & Plot.TextOptions): Plot.TextOptions {
  return Plot.selectLast({ dx: 6, textAnchor: "start", fontSize: 11, z, ...channels });
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number";
}

/** Every tenth row. */
function thin<Row>(rows: readonly Row[]): Row[] {
  return rows.filter((_, i) => i % 10 === 0);
}
