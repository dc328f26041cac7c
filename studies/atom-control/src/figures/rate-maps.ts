import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import { comparedMaps } from "../evidence/walks.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { columnsOf } from "./columns.js";

const names = [...comparedMaps, "physics", "random:7"];
const area = { x1: -1.5, x2: 2.5, y1: -2, y2: 2 };
/** @unit bonds */
const spacing = 0.125;

/** The scheme's colour of no hops. */
const darkest = "#440154";

/** The simulator's rate maps, side by side. */
export function drawRateMaps(document: Document): Figure {
  const rates = (name: string, along: number, across: number): number =>
    mapByName(name).rate(along, across, paperBeam);
  const ticks = (from: number, to: number): number[] =>
    Array.from({ length: 1 + (to - from) / spacing }, (_, n) => from + n * spacing);
  const rows = names.flatMap((map) =>
    ticks(area.y1, area.y2).flatMap((across) =>
      ticks(area.x1, area.x2).map((along) => ({
        map,
        along,
        across,
        ratePerS: rates(map, along, across),
      })),
    ),
  );
  const element = Plot.plot({
    document,
    width: 960,
    height: 270,
    marginTop: 40,
    x: { label: "along the bond (bonds)" },
    y: { label: "across (bonds)" },
    fx: { label: null, domain: names },
    // a ramp as legend would need a canvas, which is not everywhere: the caption says what colours mean
    color: { type: "sqrt", scheme: "viridis", domain: [0, 1], clamp: true },
    marks: [
      Plot.frame({ fill: darkest, stroke: null }),
      Plot.contour(rows, {
        fx: "map",
        x: "along",
        y: "across",
        fill: "ratePerS",
        interpolate: "barycentric",
        thresholds: [0.002, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.22, 0.3, 0.4, 0.55, 0.75],
        pixelSize: 4,
      }),
      Plot.dot(
        [
          [0, 0],
          [1, 0],
        ],
        { stroke: "white", strokeWidth: 1.5, r: 4 },
      ),
    ],
  });
  return {
    id: "rate-maps",
    title: "Rate maps of the simulator",
    caption:
      "Rate of the hop to the neighbour at (1, 0) with the beam at each place, from less than 0.002 (darkest) to 1 a second " +
      "(yellow, colours by the root of the rate); circles: silicon and that neighbour. " +
      "Where the beam should stand differs from map to map, which is why it must be learned.",
    svg: element.outerHTML,
    data: columnsOf(rows),
  };
}
