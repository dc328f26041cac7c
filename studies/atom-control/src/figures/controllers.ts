import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import { comparedControllers, comparedMaps, type WalkRun } from "../evidence/walks.js";
import { columnsOf } from "./columns.js";

interface Row {
  readonly [column: string]: string | number;
  readonly map: string;
  readonly controller: string;
  readonly hops: number;
  readonly walks: number;
  readonly meanSeconds: number;
  readonly low: number;
  readonly high: number;
  readonly successRate: number;
  readonly doubleHopShare: number;
}

function rowsOf(runs: readonly WalkRun[]): Row[] {
  return runs.map(({ map, controller, hops, result }) => ({
    map,
    controller,
    hops,
    walks: result.episodes,
    meanSeconds: result.meanSeconds,
    low: result.interval?.[0] ?? result.meanSeconds,
    high: result.interval?.[1] ?? result.meanSeconds,
    successRate: result.successRate,
    doubleHopShare: result.doubleHopShare,
  }));
}

/** Mean times of all controllers on all maps, as points with their intervals. */
export function drawControllers(runs: readonly WalkRun[], document: Document): Figure {
  const rows = rowsOf(runs);
  const distances = [...new Set(rows.map(({ hops }) => hops))].toSorted((a, b) => a - b);
  const element = Plot.plot({
    document,
    width: 860,
    height: 260,
    marginLeft: 100,
    x: { type: "log", label: "mean seconds to the goal (failed: 600)", domain: [5, 620], ticks: 5 },
    y: { label: null, domain: [...comparedControllers] },
    fx: { label: null, domain: [...comparedMaps] },
    color: { domain: distances, range: ["#4e79a7", "#f28e2b", "#59a14f"], type: "ordinal" },
    marks: [
      Plot.ruleX([600], { stroke: "#bbb", strokeDasharray: "2 3" }),
      Plot.ruleY(rows, {
        fx: "map",
        y: "controller",
        x1: "low",
        x2: "high",
        stroke: "hops",
        strokeWidth: 2,
      }),
      Plot.dot(rows, { fx: "map", y: "controller", x: "meanSeconds", fill: "hops", r: 2.5 }),
    ],
  });
  const told =
    distances.length === 1
      ? `Walks of ${distances[0]} hops.`
      : "Blue, orange, green: walks of 1, 3 and 5 hops.";
  return {
    id: "controllers",
    title: "Time to the goal by controller and map",
    caption:
      `Means over simulated walks with 95 % intervals. ${told} oracle plans on the true rates; event also blanks the beam ` +
      "when silicon arrives; the greedy controllers stay 5 s at a fixed place. No fixed place is good on every map. " +
      "A walk that fails counts 600 s (dashed): where a controller often fails, as the random one does, its true mean is greater " +
      "than the one shown, and so is what others gain on it.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}

/** The same as a table: one cell for each controller and map. */
export function drawControllerTable(
  runs: readonly WalkRun[],
  hops: number,
  document: Document,
): Figure {
  const rows = rowsOf(runs).filter((row) => row.hops === hops);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const element = Plot.plot({
    document,
    width: 860,
    height: 60 + 42 * comparedControllers.length,
    marginLeft: 110,
    marginTop: 30,
    style: { fontSize: "13px" },
    x: { label: null, domain: [...comparedMaps], axis: "top", tickSize: 0 },
    y: { label: null, domain: [...comparedControllers], tickSize: 0 },
    marks: [
      Plot.cell(rows, { x: "map", y: "controller", fill: "#f3f5f8", inset: 1.5 }),
      Plot.text(rows, {
        x: "map",
        y: "controller",
        dy: -8,
        text: ({ meanSeconds, low, high }: Row) =>
          `${meanSeconds.toFixed(1)} s (${low.toFixed(1)} to ${high.toFixed(1)})`,
      }),
      Plot.text(rows, {
        x: "map",
        y: "controller",
        dy: 8,
        fill: "#667",
        fontSize: 11,
        text: ({ successRate, doubleHopShare }: Row) =>
          `${percent(successRate)} arrive, ${percent(doubleHopShare)} double`,
      }),
    ],
  });
  return {
    id: "controller-table",
    title: `Controllers in numbers, ${hops} hops`,
    caption:
      "Mean time to the goal with its 95 % interval, the share of walks that arrive within 600 s, and the share of stays " +
      "during which silicon hopped more than once. All controllers meet the same tasks.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}
