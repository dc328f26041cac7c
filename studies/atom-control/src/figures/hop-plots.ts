import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";

/** What is drawn of a pair of frames; `null` where silicon or the lattice was lost. */
export interface DrawnPair {
  readonly parityFlip: boolean | null;
  readonly hopProbability: number | null;
  readonly driftXAngstrom: number | null;
  readonly driftYAngstrom: number | null;
  readonly driftSdAngstrom: number | null;
  readonly label: 0 | 1 | 2 | 3 | "multi" | "ambiguous" | "lost";
}

const size = { width: 860, marginLeft: 60, marginRight: 90 };
const driftHeight = 240;
const parityHeight = 170;
const directions = ["right", "down"] as const;
const colours = ["#4e79a7", "#f28e2b"];

/** Drift from frame to frame, and below it the sublattice on which each frame shows silicon. */
export function drawHops(pairs: readonly DrawnPair[], document: Document): Figure {
  const x = {
    label: "frame",
    domain: [-0.5, pairs.length + 0.5],
    ticks: Math.min(12, pairs.length),
  };
  const seen = sublattices(pairs);
  const drift = Plot.plot({
    ...size,
    document,
    height: driftHeight,
    x: { ...x, label: null },
    y: { label: "drift since the frame before (Å)", grid: true },
    color: { domain: [...directions], range: colours },
    marks: [Plot.ruleY([0]), ...driftMarks(pairs)],
  });
  const parity = Plot.plot({
    ...size,
    document,
    height: parityHeight,
    x,
    y: { type: "point", domain: ["other", "first"], label: "silicon's sublattice" },
    marks: [
      Plot.line(seen, { x: "frame", y: "sublattice", z: "stretch", curve: "step", stroke: "#999" }),
      Plot.dot(seen, { x: "frame", y: "sublattice", r: 4, fill: "#ffb000" }),
      Plot.text(pairs, {
        x: (_, n: number) => n + 0.5,
        frameAnchor: "top",
        text: ({ label }: DrawnPair) => (label === 0 ? "" : String(label)),
        fill: ({ label }: DrawnPair) =>
          label === "lost" || label === "ambiguous" ? "#c33" : "#333",
      }),
    ],
  });
  parity.setAttribute("y", String(driftHeight));
  return {
    id: "hops",
    title: "Drift and sublattice from frame to frame",
    caption:
      "Above: how the sheet moved in the image since the frame before, blue to the right, orange down, with what is left " +
      "uncertain of it. Below: the sublattice on which each frame shows silicon, which an odd number of hops changes " +
      "whatever the drift; numbers name the neighbour to which silicon hopped.",
    svg: stacked([drift, parity], { width: size.width, height: driftHeight + parityHeight }),
  };
}

/** Lines, points and error bars of both directions, at the frame that the sheet moved in. */
function driftMarks(pairs: readonly DrawnPair[]): Plot.Markish[] {
  // NaN where the pair was lost: the line has a gap there
  const rows = pairs.flatMap(({ driftXAngstrom, driftYAngstrom, driftSdAngstrom: sd }, n) =>
    directions.map((direction, k) => {
      const drift = [driftXAngstrom, driftYAngstrom][k] ?? NaN;
      return { frame: n + 1, direction, drift, low: drift - (sd ?? 0), high: drift + (sd ?? 0) };
    }),
  );
  const last = rows.slice(-directions.length);
  return [
    Plot.ruleX(rows, { x: "frame", y1: "low", y2: "high", stroke: "direction" }),
    Plot.line(rows, { x: "frame", y: "drift", stroke: "direction", strokeOpacity: 0.5 }),
    Plot.dot(rows, { x: "frame", y: "drift", fill: "direction" }),
    Plot.text(last, { x: "frame", y: "drift", text: "direction", dx: 10, textAnchor: "start" }),
  ];
}

interface SeenSublattice {
  readonly frame: number;
  readonly sublattice: "first" | "other";
  /** Counts up where silicon was lost: what follows cannot be named by what was before. */
  readonly stretch: number;
}

function sublattices(pairs: readonly DrawnPair[]): readonly SeenSublattice[] {
  const seen: SeenSublattice[] = [];
  let isFirst = true;
  let stretch = 0;
  pairs.forEach(({ parityFlip }, n) => {
    if (parityFlip === null) {
      stretch++;
      isFirst = true;
      return;
    }
    const named = (): SeenSublattice["sublattice"] => (isFirst ? "first" : "other");
    if (seen.at(-1)?.frame !== n) seen.push({ frame: n, sublattice: named(), stretch });
    if (parityFlip) isFirst = !isFirst;
    seen.push({ frame: n + 1, sublattice: named(), stretch });
  });
  return seen;
}

function stacked(
  plots: readonly Element[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const inner = plots.map((plot) => plot.outerHTML).join("");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>${inner}</svg>`
  );
}
