import type { Figure } from "@quadrivium/core";
import * as Plot from "@observablehq/plot";

/** A figure's words and plot. */
export interface PlotFigure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly options: Plot.PlotOptions;
  readonly data: NonNullable<Figure["data"]>;
}

/** Draws a plot into a document as text that stands by itself. */
export function plotFigure(figure: PlotFigure, document: Document): Figure {
  const { id, title, caption, options, data } = figure;
  const element = Plot.plot({
    width: 760,
    marginLeft: 64,
    marginBottom: 42,
    ...options,
    document,
  });
  // without its namespace a file of its own is no picture
  element.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return { id, title, caption, svg: element.outerHTML, data };
}

/** One color a method on every figure, told apart by color-blind eyes too (Okabe and Ito 2008). */
export const methodColors = {
  domain: ["sgd", "sgd-m", "schedule-free", "dana-constant", "dana-decaying"],
  range: ["#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00"],
} as const;

/** What names stand for, in their colors, in a corner of a plot or of one of its panels. */
export function colorKey(
  colors: {
    readonly domain: readonly (string | number)[];
    readonly range: readonly string[];
  },
  options: {
    readonly fx?: string;
    readonly prefix?: string;
    /** The names to explain [all]. */
    readonly names?: readonly (string | number)[];
    readonly corner?: "top-right" | "bottom-right" | "bottom-left";
  },
): Plot.Markish[] {
  const { fx, prefix = "", names = colors.domain, corner = "top-right" } = options;
  const isBelow = corner !== "top-right";
  return names.map((name, line) =>
    Plot.text([`${prefix}${name}`], {
      frameAnchor: corner,
      dx: corner === "bottom-left" ? 6 : -6,
      dy: isBelow ? -8 - 15 * (names.length - 1 - line) : 8 + 15 * line,
      fontSize: 11,
      fontWeight: "bold",
      fill: colors.range[colors.domain.indexOf(name)]!,
      ...(fx === undefined ? {} : { fx: [fx] }),
    }),
  );
}

/** Scale options of a logarithmic axis with powers of ten. */
export function logAxis(label: string): Plot.ScaleOptions {
  return { type: "log", label, tickFormat: powerOfTen, ticks: 4 };
}

function powerOfTen(value: number): string {
  const exponent = Math.round(Math.log10(value));
  return Math.abs(value / 10 ** exponent - 1) < 1e-9 ? `1e${exponent}` : "";
}

/** Columns of a table from rows, for export. */
export function columnsOf<Row extends { readonly [column: string]: number | string | null }>(
  rows: readonly Row[],
): NonNullable<Figure["data"]> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name]!)]));
}
