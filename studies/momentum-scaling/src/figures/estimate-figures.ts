import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import type { Estimate } from "../estimate/estimate.js";
import { columnsOf, logAxis, plotFigure } from "./plot-figure.js";

/** What an estimate rests on, as pictures: variances, the target's tail, the stability forecast. */
export function estimateFigures(result: Estimate, document: Document): Figure[] {
  const { components, recommendation } = result;
  if (components === null) return [];
  const figures = [drawVariances(result, components.variances, document)];
  if (components.tail !== null) figures.push(drawTail(result, components.tail, document));
  if (recommendation !== null) figures.push(drawNorms(recommendation.kernelNorms, document));
  return figures;
}

interface Point {
  readonly j: number;
  readonly value: number;
  readonly line: number | null;
}

function drawVariances(
  { alpha, window }: Estimate,
  variances: readonly number[],
  document: Document,
): Figure {
  const points = variances.map((value, i) => ({ j: i + 1, value }));
  const slope = alpha === null ? null : -2 * alpha;
  return decayFigure(
    withLine(points, window, slope, (j) => j),
    {
      id: "variances",
      title: "Variances of the principal components",
      caption:
        slope === null
          ? "No power law was fitted."
          : `Line: the fitted law j^(−2α) over components ${window[0]} to ${window[1]}, α = ${alpha!.toFixed(3)}.`,
      x: "component j",
      y: "variance",
    },
    document,
  );
}

function drawTail(
  { alpha, beta, window, noiseFloor }: Estimate,
  tail: readonly number[],
  document: Document,
): Figure {
  const points = tail.map((value, j) => ({ j, value })).slice(1);
  const slope = alpha === null || beta === null ? null : 1 - 2 * alpha - 2 * beta;
  const floor = noiseFloor ?? 0;
  const above = points.map(({ j, value }) => ({ j, value: value - floor }));
  return decayFigure(
    withLine(above, window, slope, (j) => j + 0.5),
    {
      id: "tail",
      title: "Energy of the target that the first J components do not explain",
      caption:
        (floor > 0
          ? `The fitted noise floor ${floor.toPrecision(3)} is taken off. `
          : "No noise floor was found. ") +
        (slope === null
          ? "No power law was fitted."
          : `Line: J^(−(2α+2β−1)), β = ${beta!.toFixed(3)}.`),
      x: "components J",
      y: "energy left",
    },
    document,
  );
}

/** The law through the middle of the window, in logarithms. */
function withLine(
  points: readonly { readonly j: number; readonly value: number }[],
  window: readonly [number, number],
  slope: number | null,
  place: (j: number) => number,
): Point[] {
  const inside = points.filter(({ j, value }) => j >= window[0] && j <= window[1] && value > 0);
  const level =
    slope === null || inside.length === 0
      ? null
      : inside.reduce(
          (sum, { j, value }) => sum + Math.log(value) - slope * Math.log(place(j)),
          0,
        ) / inside.length;
  return points.map(({ j, value }) => ({
    j,
    value,
    line:
      level === null || slope === null || j < window[0] || j > window[1]
        ? null
        : Math.exp(level + slope * Math.log(place(j))),
  }));
}

function decayFigure(
  points: readonly Point[],
  words: {
    readonly id: string;
    readonly title: string;
    readonly caption: string;
    readonly x: string;
    readonly y: string;
  },
  document: Document,
): Figure {
  const shown = points.filter(({ value }) => value > 0);
  const { id, title, caption, x, y } = words;
  return plotFigure(
    {
      id,
      title,
      caption,
      options: {
        height: 320,
        x: { type: "log", label: x },
        y: logAxis(y),
        marks: [
          Plot.dot(shown, { x: "j", y: "value", r: 2.2, fill: "#4e79a7" }),
          Plot.line(
            shown.filter(({ line }) => line !== null),
            { x: "j", y: "line", stroke: "#e15759", strokeWidth: 1.8 },
          ),
        ],
      },
      data: columnsOf(points.map((point) => ({ ...point }))),
    },
    document,
  );
}

function drawNorms(norms: readonly number[], document: Document): Figure {
  const rows = norms.map((norm, k) => ({ t: 10 ** k, norm }));
  return plotFigure(
    {
      id: "kernel-norm",
      title: "Forecast of stability for the recommended hyperparameters",
      caption:
        "Kernel norm over training: the risk that gradient noise feeds back. Below 1 (line) the risk stays bounded.",
      options: {
        height: 260,
        x: logAxis("gradient steps t"),
        y: { label: "‖K‖", domain: [0, 1.1] },
        marks: [
          Plot.ruleY([1], { stroke: "#8c8c8c", strokeDasharray: "4 3" }),
          Plot.lineY(rows, { x: "t", y: "norm", stroke: "#4e79a7", marker: "circle" }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}
