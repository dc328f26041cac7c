import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import { dissect, type Dissection } from "../dissect/dissect.js";
import { acrtNet } from "../planted/simple-neurons.js";
import { dissectionFigures } from "./dissection-figures.js";
import { shiftedWaves } from "./equivariance-figure.js";
import { exemplarNeurons } from "./exemplars.js";
import { heatmapAddress } from "./heatmap.js";

const net = acrtNet(31, [3, 7, 11], { kind: "torus", points: 4 });
const { document } = parseHTML("<!doctype html><html><body></body></html>");
let found: Dissection;
beforeAll(() => {
  found = dissect(net);
}, 60_000);

describe("dissectionFigures", () => {
  test("draw one self-contained picture for each part of the story, the same every time", () => {
    const figures = dissectionFigures(net, found, document);
    expect(figures.map(({ id }) => id)).toEqual([
      "gates",
      "frequencies",
      "pair-grids",
      "spectra",
      "coset-profiles",
      "equivariance",
      "ladder",
      "ablations",
    ]);
    for (const { svg, caption } of figures) {
      expect(svg).toMatch(/^<(svg|figure)/);
      expect(svg).not.toMatch(/NaN|undefined|href="http/);
      expect(caption.length).toBeGreaterThan(20);
    }
    expect(dissectionFigures(net, found, document)).toEqual(figures);
  });

  test("plot the numbers of the dissection", () => {
    const [, frequencies] = dissectionFigures(net, found, document);
    expect(frequencies.data).toEqual({
      frequency: [3, 7, 11],
      neurons: [16, 16, 16],
      energy: found.clusters.map(({ energy }) => energy),
    });
  });
});

test("shiftedWaves are moved on by four where both operands move by two", () => {
  const fine = acrtNet(31, [3, 7, 11], { kind: "torus", points: 8 });
  const waves = shiftedWaves(fine, dissect(fine, { ablations: false }));
  expect(waves.map(({ frequency }) => frequency).toSorted((a, b) => a - b)).toEqual([3, 7, 11]);
  for (const { first, second } of waves) {
    const size = Math.max(...first.map(Math.abs));
    expect(size).toBeGreaterThan(0.1);
    for (const [c, value] of first.entries()) {
      expect(Math.abs(second[(c + 4) % 31] - value)).toBeLessThan(0.1 * size);
    }
    const unmoved = first.map((value, c) => Math.abs(second[c] - value));
    expect(Math.max(...unmoved)).toBeGreaterThan(0.3 * size);
  }
});

describe("exemplarNeurons", () => {
  test("have frequency 1 after remapping, whatever frequency they had", () => {
    for (const { remapped, numCosets } of exemplarNeurons(net, found)) {
      const energyAt = (f: number): number => {
        let [re, im] = [0, 0];
        for (let x = 0; x < numCosets; x++) {
          for (let y = 0; y < numCosets; y++) {
            const angle = (2 * Math.PI * f * x) / numCosets;
            re += remapped[x * numCosets + y] * Math.cos(angle);
            im += remapped[x * numCosets + y] * Math.sin(angle);
          }
        }
        return re * re + im * im;
      };
      const energies = Array.from({ length: 15 }, (_, f) => energyAt(f + 1));
      expect(energies[0]).toBe(Math.max(...energies));
    }
  });
});

test("heatmapAddress is a small PNG", () => {
  const address = heatmapAddress(Float64Array.of(1, 0, -1, 0.5), 2);
  expect(atob(address.slice(address.indexOf(",") + 1)).slice(1, 4)).toBe("PNG");
  expect(address.length).toBeLessThan(1500);
});
