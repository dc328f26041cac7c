import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import type { CurveRun, LearnRun } from "../evidence/walks.js";
import { columnsOf } from "./columns.js";

/** Learned rates with their bands, against the maps that the samples were drawn from. */
export function drawLearnedMaps(runs: readonly LearnRun[], document: Document): Figure {
  const rows = runs.flatMap(({ map, result }) =>
    result.profile.map((point) => ({ map, ...point })),
  );
  const element = Plot.plot({
    document,
    width: 860,
    height: 220 * Math.ceil(runs.length / 4) + 40,
    x: { label: "beam along the bond (bonds)", ticks: 4 },
    y: { label: "hops per second", zero: true, grid: true },
    fx: { label: null },
    marks: [
      Plot.areaY(rows, { fx: "map", x: "along", y1: "lower", y2: "upper", fill: "#a0cbe8" }),
      Plot.lineY(rows, { fx: "map", x: "along", y: "mean", stroke: "#4e79a7" }),
      Plot.lineY(rows, {
        fx: "map",
        x: "along",
        y: "truth",
        stroke: "#e15759",
        strokeDasharray: "5 3",
      }),
      Plot.ruleY([0]),
    ],
  });
  return {
    id: "learned-maps",
    title: "Rates learned from 1000 random samples, and the truth",
    caption:
      "Rate of the hop to the neighbour at 1 with the beam on the bond's axis: ensemble mean (blue) with its 5–95 % band, " +
      "and the map that the samples were drawn from (red, dashed), which the fit never saw.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}

/** Loss against the truth by the number of samples, for each likelihood. */
export function drawLearningCurves(runs: readonly CurveRun[], document: Document): Figure {
  const rows = runs.flatMap(({ map, points }) => points.map((point) => ({ map, ...point })));
  const element = Plot.plot({
    document,
    width: 860,
    height: 300,
    marginLeft: 60,
    x: { type: "log", label: "samples", ticks: 5, tickFormat: "~s", inset: 12 },
    y: { type: "log", label: "nats a sample above the truth", grid: true, tickFormat: "~g" },
    fx: { label: null },
    color: { domain: ["exact", "first-hop", "paper"], range: ["#4e79a7", "#59a14f", "#e15759"] },
    marks: [
      Plot.lineY(
        rows,
        Plot.groupX(
          { y: "mean" },
          { fx: "map", x: "samples", y: "excessNll", z: "likelihood", stroke: "likelihood" },
        ),
      ),
      Plot.dot(rows, { fx: "map", x: "samples", y: "excessNll", fill: "likelihood", r: 4 }),
    ],
  });
  return {
    id: "learning-curves",
    title: "How many samples it takes",
    caption:
      "Divergence of the learned from the true outcome probabilities at places that no fit was shown. Blue: every hop of a dwell is " +
      "counted; red: the published network and likelihood, for which samples with far hops are dropped. Beam anywhere within two " +
      "bonds, dwells of 1 to 5 s: on the prior's map one dwell in 25 holds two hops or more, on the simple map far more do.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}
