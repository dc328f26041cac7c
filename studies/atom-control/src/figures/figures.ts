import * as Plot from "@observablehq/plot";
import type { FinishedRun } from "@quadrivium/config";
import type { Figure } from "@quadrivium/core";
import {
  comparedControllers,
  comparedMaps,
  fiveHops,
  learnRuns,
  walkRuns,
} from "../evidence/walks.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { walkAnimation } from "./walk-animation.js";

/** Draws the study's figures, in the order of the report. */
export function* drawFigures(
  runs: readonly FinishedRun[],
  document: Document,
): Generator<Figure, void, void> {
  const found = walkRuns(runs);
  yield drawMaps(document);
  yield drawControllers(found, document);
  const learned = learnRuns(runs);
  if (learned.length > 0) yield drawLearned(learned, document);
  const planned = fiveHops(found, "prior", "oracle");
  if (planned === undefined) return;
  yield walkAnimation(planned.first, {
    id: "walk",
    title: "A planned walk of five hops",
    caption:
      "Silicon (orange) as the images show it, from its start to the goal (green), six times as fast as life: " +
      "the beam parks beside the next bond, an image follows, the plan goes on from what it shows.",
  });
}

function drawMaps(document: Document): Figure {
  const span = { from: -1.5, to: 2.5, step: 0.1 };
  const count = Math.round((span.to - span.from) / span.step);
  const rows = [...comparedMaps, "physics", "random:7"].flatMap((name) => {
    const map = mapByName(name);
    return Array.from({ length: (count + 1) ** 2 }, (_, n) => {
      const along = span.from + span.step * (n % (count + 1));
      const across = span.from - 0.5 + span.step * Math.floor(n / (count + 1));
      return { map: name, along, across, ratePerS: map.rate(along, across, paperBeam) };
    });
  });
  const element = Plot.plot({
    document,
    width: 960,
    height: 270,
    marginTop: 40,
    x: { label: "along the bond (bonds)" },
    y: { label: "across (bonds)" },
    fx: { label: null, domain: [...comparedMaps, "physics", "random:7"] },
    // a ramp as legend would need a canvas, which is not everywhere: the caption says what colours mean
    color: { type: "sqrt", scheme: "viridis", domain: [0, 1] },
    marks: [
      Plot.rect(rows, {
        fx: "map",
        x1: (row: { along: number }) => row.along - span.step / 2,
        x2: (row: { along: number }) => row.along + span.step / 2,
        y1: (row: { across: number }) => row.across - span.step / 2,
        y2: (row: { across: number }) => row.across + span.step / 2,
        fill: "ratePerS",
      }),
      Plot.dot(
        [
          [0, 0],
          [1, 0],
        ],
        { stroke: "white", r: 4 },
      ),
    ],
  });
  return {
    id: "rate-maps",
    title: "Rate maps of the simulator",
    caption:
      "Rate of the hop to the neighbour at (1, 0) with the beam at each place, from 0 (dark) to 1 a second (yellow, " +
      "colours by the root of the rate); circles: silicon and that neighbour. " +
      "Where the beam should stand differs from map to map, which is why it must be learned.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}

function drawControllers(runs: ReturnType<typeof walkRuns>, document: Document): Figure {
  const rows = runs.map(({ map, controller, hops, result }) => ({
    map,
    controller,
    hops,
    meanSeconds: result.meanSeconds,
    low: result.interval?.[0] ?? result.meanSeconds,
    high: result.interval?.[1] ?? result.meanSeconds,
    successRate: result.successRate,
  }));
  const element = Plot.plot({
    document,
    width: 860,
    height: 260,
    marginLeft: 100,
    x: { type: "log", label: "mean seconds to the goal (failed: 600)", domain: [5, 620], ticks: 5 },
    y: { label: null, domain: [...comparedControllers] },
    fx: { label: null, domain: [...comparedMaps] },
    color: { type: "ordinal", legend: true, label: "hops", scheme: "turbo" },
    marks: [
      Plot.ruleY(rows, { fx: "map", y: "controller", x1: "low", x2: "high", stroke: "hops" }),
      Plot.dot(rows, { fx: "map", y: "controller", x: "meanSeconds", fill: "hops", r: 3.5 }),
    ],
  });
  return {
    id: "controllers",
    title: "Time to the goal by controller and map",
    caption:
      "Means over simulated walks with 95 % intervals. oracle plans on the true rates; event also blanks the beam " +
      "when silicon arrives; the greedy controllers stay 5 s at a fixed place. No fixed place is good on every map.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}

function drawLearned(runs: ReturnType<typeof learnRuns>, document: Document): Figure {
  const rows = runs.flatMap(({ map, result }) =>
    result.profile.map((point) => ({ map, ...point })),
  );
  const element = Plot.plot({
    document,
    width: 860,
    height: 260,
    x: { label: "beam along the bond (bonds)" },
    y: { label: "hops per second", zero: true },
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

/** Columns of a table from rows, for export. */
function columnsOf<Row extends { readonly [column: string]: number | string }>(
  rows: readonly Row[],
): NonNullable<Figure["data"]> {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}
