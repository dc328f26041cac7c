import { key } from "@quadrivium/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { PairNet } from "../pair-net/pair-net.js";
import { plantNet } from "../planted/simple-neurons.js";
import { dissect, type Dissection } from "./dissect.js";

/** Sums of waves: row i of frequency f and phase φ_i against column j of frequency f and phase ψ_j. */
interface Wave {
  readonly frequency: number;
  readonly phase: number;
}

function mixWaves(rows: readonly Wave[], columns: readonly Wave[], scale: number): Float64Array {
  const weight = new Float64Array(rows.length * columns.length);
  rows.forEach((row, i) =>
    columns.forEach((column, j) => {
      if (row.frequency === column.frequency) {
        weight[i * columns.length + j] = scale * Math.cos(row.phase - column.phase);
      }
    }),
  );
  return weight;
}

/**
 * Hidden layers written down: a squaring first layer with a grid of phases, whose sum over phases is
 * a wave of a+b, then layers of such waves with eight phases a frequency. Each squares what it reads,
 * so the waves of layer k ≥ 2 have 2^(k-2) times the frequency of the first.
 */
function deepNet(modulus: number, frequencies: readonly number[], numLayers: number): PairNet {
  const points = 5;
  const phases = Array.from({ length: points }, (_, i) => (2 * Math.PI * i) / points);
  const first = frequencies.flatMap((frequency) =>
    phases.flatMap((phiA) => phases.map((phiB) => ({ frequency, phiA, phiB }))),
  );
  const waves = frequencies.flatMap((frequency) =>
    Array.from({ length: 8 }, (_, i) => ({ frequency, phase: (2 * Math.PI * i) / 8 })),
  );
  const base = plantNet(modulus, first, { activation: "square" });
  // Σ over phases of (cos x + cos y)² cos(φ_a+φ_b-ψ) keeps only the cross term cos(θ_a+θ_b+ψ).
  const sums = first.map(({ frequency, phiA, phiB }) => ({ frequency, phase: phiA + phiB }));
  const layers = [mixWaves(sums, waves, 1 / points ** 2)];
  // cos² (θ+ψ) = ½ + ½ cos(2θ+2ψ), and Σ over phases of that times ½ cos(2ψ-χ) is cos(2θ+χ).
  const squared = waves.map(({ frequency, phase }) => ({ frequency, phase: 2 * phase }));
  while (layers.length < numLayers - 1) layers.push(mixWaves(squared, waves, 1 / 2));
  const weight = new Float64Array(waves.length * modulus);
  waves.forEach(({ frequency, phase }, j) => {
    for (let c = 0; c < modulus; c++) {
      // The last squared wave of a+b has twice its frequency, and so has its read-out.
      const turn = (2 * Math.PI * frequency * c) / modulus;
      weight[j * modulus + c] = Math.cos(2 ** (numLayers - 1) * turn + 2 * phase);
    }
  });
  return {
    ...base,
    hiddenLayers: layers.map((values, index) => ({
      inputs: index === 0 ? first.length : waves.length,
      outputs: waves.length,
      weight: values,
      bias: new Float64Array(waves.length),
    })),
    readout: {
      inputs: waves.length,
      outputs: modulus,
      weight,
      bias: new Float64Array(modulus),
    },
    description: `planted: ${numLayers} hidden layers`,
  };
}

describe("dissect on two hidden layers", () => {
  let found: Dissection;
  beforeAll(() => {
    found = dissect(deepNet(23, [2, 5, 9], 2), { key: key(2), ablations: false });
  }, 60_000);

  test("reports both layers and finds waves of a+b in the second", () => {
    expect(found.accuracy).toBe(1);
    expect(found.layers.map((layer) => layer.layer)).toEqual([1, 2]);
    expect(found.layers[0].r1.mean).toBeCloseTo(1, 10);
    expect(found.layers[1].secondOrder.sum).toBeCloseTo(1, 10);
    expect(found.layers[1].r1.mean).toBeCloseTo(0, 10);
    expect(found.layers[1].frequencies).toEqual([2, 5, 9]);
  });

  test("keeps every prediction when layer 1 becomes S1, and none to speak of when layer 2 does", () => {
    const s1 = (layer: number) => found.layers[layer].ladder.find((rung) => rung.id === "s1")!;
    expect(s1(0).agreement).toBe(1);
    expect(s1(1).agreement).toBeLessThan(0.2);
  });

  test("replaces the layers one after the other: S2d goes through both, S1 does not", () => {
    const at = (rung: string, layers: number) =>
      found.cumulative.find((step) => step.rung === rung && step.layers === layers)!.agreement;
    expect(at("s1", 1)).toBe(1);
    expect(at("s2d", 2)).toBe(1);
    expect(at("s1", 2)).toBeLessThan(0.2);
  });

  test("says which layer the verdict was read on", () => {
    expect(found.judgedLayer).toBe(1);
    expect(found.verdict.notes.join()).toMatch(/hidden layer 1 of 2/);
  });
});

describe.each([3, 4])("dissect on %d hidden layers", (numLayers) => {
  let found: Dissection;
  beforeAll(() => {
    found = dissect(deepNet(23, [2, 5, 9], numLayers), { key: key(2), ablations: false });
  }, 60_000);

  test("finds waves of a+b in every layer after the first, at doubled frequencies", () => {
    expect(found.accuracy).toBe(1);
    const doubled = [
      [2, 5, 9],
      [2, 5, 9],
      [4, 5, 10],
      [3, 8, 10],
    ];
    expect(found.layers.map(({ frequencies }) => frequencies)).toEqual(doubled.slice(0, numLayers));
    expect(found.layers[0].r1.mean).toBeCloseTo(1, 10);
    for (const layer of found.layers.slice(1)) {
      expect(layer.secondOrder.sum).toBeCloseTo(1, 10);
      expect(layer.r1.mean).toBeCloseTo(0, 10);
    }
  });

  test("goes through all layers replaced by S2d, and through none of the later ones by S1", () => {
    const agreement = (rung: string): number[] =>
      found.cumulative.filter((step) => step.rung === rung).map((step) => step.agreement);
    expect(agreement("s2d")).toEqual(Array.from({ length: numLayers }, () => 1));
    const [one, ...more] = agreement("s1");
    expect(one).toBe(1);
    for (const share of more) expect(share).toBeLessThan(0.2);
  });

  test("reads the verdict on layer 1, where waves of a and of b stand alone", () => {
    expect(found.judgedLayer).toBe(1);
    expect(found.verdict.notes.join()).toMatch(new RegExp(`hidden layer 1 of ${numLayers}`));
  });
});
