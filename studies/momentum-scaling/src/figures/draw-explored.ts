import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import { columnsOf, plotFigure } from "./plot-figure.js";

/** A family with its risk, as the figure shows it. */
export interface ExploredRisk {
  readonly kappa2: number | null;
  readonly kappa3: number;
  readonly risk: number | null;
}

/** Draws the risk that each pair of κ2 and κ3 reaches; divergence is shown as such. */
export function drawExplored(
  families: readonly ExploredRisk[],
  at: {
    readonly alpha: number;
    readonly beta: number;
    readonly dim: number;
    readonly tMax: number;
  },
  document: Document,
): Figure {
  const rows = families.map(({ kappa2, kappa3, risk }) => ({
    kappa2: kappa2 ?? "none",
    kappa3,
    risk,
    status: risk === null ? "diverged" : "finite",
  }));
  const finite = rows.filter(({ risk }) => risk !== null);
  const diverged = rows.filter(({ risk }) => risk === null);
  return plotFigure(
    {
      id: "explored-families",
      title: "Risk over the exponents of the momentum schedule",
      caption:
        `Expected risk after ${at.tMax.toPrecision(3)} steps at α = ${at.alpha}, β = ${at.beta}, ` +
        `d = ${at.dim}, with γ3 ∝ d^(−κ2) (1+t)^(−κ3). The darker, the lower; crosses: diverged before.`,
      options: {
        padding: 0,
        height: 90 + 32 * new Set(rows.map(({ kappa2 }) => kappa2)).size,
        x: { label: "κ3 (decay in time)", type: "band" },
        y: { label: "κ2 (decay in size)", type: "band", reverse: true },
        color: { type: "log", scheme: "YlGnBu", reverse: true },
        marks: [
          Plot.cell(finite, { x: "kappa3", y: "kappa2", fill: "risk" }),
          Plot.text(finite, {
            x: "kappa3",
            y: "kappa2",
            text: ({ risk }: { risk: number }) => risk.toExponential(1),
            fontSize: 9,
            stroke: "white",
            fill: "black",
          }),
          Plot.text(diverged, { x: "kappa3", y: "kappa2", text: () => "×", fill: "#e15759" }),
        ],
      },
      data: columnsOf(rows),
    },
    document,
  );
}
