import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { drawLearningCurves } from "./learned.js";
import { drawRateMaps } from "./rate-maps.js";

const { document } = parseHTML("<!doctype html><html><body></body></html>");

describe("drawLearningCurves", () => {
  const pointsOf = (counts: readonly number[], repeats: number) =>
    (["exact", "paper"] as const).flatMap((likelihood) =>
      counts.flatMap((samples) =>
        Array.from({ length: repeats }, (_, repeat) => ({
          likelihood,
          samples,
          repeat,
          excessNll: (likelihood === "paper" ? 3 : 1) / samples,
          placeShare: 1,
          coverage90: 0.9,
        })),
      ),
    );

  test("draws a line for each likelihood through the means of its repeats", () => {
    const runs = [{ map: "prior", points: pointsOf([100, 300, 1000], 2) }];
    const { svg } = drawLearningCurves(runs, document);
    const paths = [...parseHTML(svg).document.querySelectorAll("path")];
    const lines = paths.filter((path) =>
      /^#(4e79a7|e15759)$/.test(path.getAttribute("stroke") ?? ""),
    );
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line.getAttribute("d")!.match(/[ML]/g)).toHaveLength(3);
  });

  test("draws no warning where a map has one number of samples", () => {
    const runs = [
      { map: "prior", points: pointsOf([100, 300, 1000], 1) },
      { map: "simple", points: pointsOf([1000], 1) },
    ];
    expect(drawLearningCurves(runs, document).svg).not.toContain("⚠");
  });
});

describe("drawRateMaps", () => {
  test("shows silicon and its neighbour on every map, on the colour of no hops", () => {
    const { svg, data } = drawRateMaps(document);
    expect(svg).not.toContain("⚠");
    expect(svg.match(/<circle /g)).toHaveLength(2 * 5);
    expect(svg.match(/fill="#440154"/g)!.length).toBeGreaterThanOrEqual(5);
    expect(new Set(data!["map"] as string[]).size).toBe(5);
  });
});
