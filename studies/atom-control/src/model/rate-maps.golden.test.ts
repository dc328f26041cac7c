import { describe, expect, test } from "vitest";
import { InputError } from "@quadrivium/core";
import { direction } from "./vector.js";
import { hopRates, paperBeam, type RateMap } from "./rate-map.js";
import { grapheneCarbon, knockOnCrossSection, maxTransferEv } from "./maps/knock-on.js";
import { farMap, priorMap, simpleMap } from "./maps/fixed-maps.js";
import { mapByName } from "./maps/map-by-name.js";
import { inversionCrossSection } from "./maps/physics-map.js";
import { randomBumps } from "./maps/random-map.js";
import { bondLengthAngstrom, neighbourAngles } from "./honeycomb.js";

const thirds = [0, (2 * Math.PI) / 3, (4 * Math.PI) / 3] as const;

function ratesInBonds(map: RateMap, x: number, y: number): readonly number[] {
  const offset = { x: x * bondLengthAngstrom, y: y * bondLengthAngstrom };
  return hopRates(map, offset, thirds, paperBeam);
}

describe("rate maps", () => {
  // oracle: derivation. The formulas of the published simulator, worked out by hand to five places.
  test.each([
    ["prior", 0, 0, [0.00623, 0.00623, 0.00623]],
    ["prior", 0.85, 0, [0.23105, 0, 0]],
    ["prior", 1, 0, [0.20646, 0, 0]],
    ["prior", 0.5, 0.3, [0.07985, 0.00124, 0.00001]],
    ["prior", 1.5, 0, [0.02794, 0, 0]],
    ["simple", 0, 0, [0.05882, 0.05882, 0.05882]],
    ["simple", 0.85, 0, [0.73529, 0.02372, 0.02372]],
    ["simple", 1, 0, [1, 0.02041, 0.02041]],
    ["simple", 0.5, 0.3, [0.15528, 0.0452, 0.0258]],
    ["simple", 1.5, 0, [0.2, 0.01299, 0.01299]],
    ["far", 1.5, 0, [0.12, 0, 0]],
  ])("%s with the beam at (%d, %d) bonds", (name, x, y, expected) => {
    ratesInBonds(mapByName(name), x, y).forEach((rate, k) => {
      expect(rate).toBeCloseTo(expected[k], 4.7);
    });
  });

  test("the far map falls by its own widths along and across", () => {
    expect(farMap.rate(1.5 + 0.45, 0, paperBeam)).toBeCloseTo(0.12 * Math.exp(-0.5), 12);
    expect(farMap.rate(1.5, 0.4, paperBeam)).toBeCloseTo(0.12 * Math.exp(-0.5), 12);
  });

  test("the beam over the bond to a neighbour hops to that neighbour, however the lattice is turned", () => {
    // The published prior turned the map by minus the neighbour's angle: at 0.4 rad its rate here is 0.0012.
    const angles = [...Array.from({ length: 12 }, (_, n) => (n * Math.PI) / 6), 0.4];
    for (const angle of angles) {
      for (const sublattice of ["A", "B"] as const) {
        const directions = neighbourAngles({ angle }, sublattice);
        directions.forEach((towards, k) => {
          const { x, y } = direction(towards);
          const reach = 0.85 * bondLengthAngstrom;
          const rates = hopRates(priorMap, { x: reach * x, y: reach * y }, directions, paperBeam);
          expect(rates[k]).toBeCloseTo(Math.LN2 / 3, 12);
          expect(Math.max(...rates)).toBe(rates[k]);
        });
      }
    }
  });

  test("only the asymmetric map tells left from right", () => {
    for (const name of ["prior", "simple", "far", "random:7", "physics"]) {
      const map = mapByName(name);
      expect(map.rate(0.9, 0.3, paperBeam)).toBe(map.rate(0.9, -0.3, paperBeam));
    }
    const map = mapByName("asymmetric");
    expect(map.rate(1, -0.3, paperBeam)).toBeGreaterThan(5 * map.rate(1, 0.3, paperBeam));
  });

  test("the simple map ends 2.5 bonds from silicon", () => {
    expect(simpleMap.rate(2.4999, 0, paperBeam)).toBeGreaterThan(0);
    expect(simpleMap.rate(2.5001, 0, paperBeam)).toBe(0);
    expect(simpleMap.rate(-2.5001, 0, paperBeam)).toBe(0);
  });

  test("refuses an unknown name with those it knows", () => {
    for (const name of ["", "Prior", "random:", "random:-1", "random:99999999999999999999"]) {
      expect(() => mapByName(name)).toThrow(InputError);
    }
    expect(() => mapByName("fast")).toThrow('there is no rate map "fast"; use prior, simple, far');
  });
});

describe("random maps", () => {
  test("differ by seed, repeat by seed, and keep to the ranges they are drawn from", () => {
    expect(randomBumps(3)).toEqual(randomBumps(3));
    expect(randomBumps(3)).not.toEqual(randomBumps(4));
    const counts = Array.from({ length: 300 }, (_, seed) => {
      const bumps = randomBumps(seed);
      for (const { mean, sigma } of bumps) {
        expect(mean[0]).toBeGreaterThanOrEqual(-2);
        expect(mean[0]).toBeLessThan(3);
        for (const width of sigma) {
          const variance = (width * bondLengthAngstrom) ** 2;
          expect(variance).toBeGreaterThanOrEqual(0.1 - 1e-12);
          expect(variance).toBeLessThan(5);
        }
      }
      const highest = Math.max(...bumps.map((b) => b.peakRatePerS));
      expect(highest).toBeGreaterThanOrEqual(0.01);
      expect(highest).toBeLessThan(1);
      return bumps.length;
    });
    // mean of Poisson(2) + 1 over 300 seeds: 3 ± 0.082; five standard errors, α = 6e-7
    const average = counts.reduce((a, b) => a + b, 0) / counts.length;
    expect(Math.abs(average - 3)).toBeLessThan(5 * Math.sqrt(2 / 300));
  });
});

describe("knock-on physics", () => {
  // oracle: external. Energies and cross-sections published with the paper's sources, two digits.
  test.each([
    [50, 9.58, 4.1],
    [60, 11.61, 4.96],
    [80, 15.76, 6.74],
    [100, 20.06, 8.58],
  ])("at %d kV a resting carbon receives at most %d eV, silicon %d eV", (kv, carbon, silicon) => {
    expect(maxTransferEv(kv, 12.011)).toBeCloseTo(carbon, 1.3);
    expect(maxTransferEv(kv, 28.0855)).toBeCloseTo(silicon, 1.3);
  });

  test.each([
    [60, 16.9, 5e-7],
    [80, 16.9, 0.46],
    [100, 16.9, 9.6],
    [80, 21.14, 4e-6],
    [100, 21.14, 0.34],
  ])("at %d kV more than %d eV: %d barn", (voltageKv, thresholdEv, barn) => {
    const value = knockOnCrossSection(grapheneCarbon, { voltageKv, thresholdEv });
    expect(Math.abs(value / barn - 1)).toBeLessThan(0.08);
  });

  test.each([
    [60, 1.3e-3],
    [80, 4.6],
    [100, 8.0],
  ])("the window from 15 to 16.9 eV at %d kV: %d barn", (voltageKv, barn) => {
    expect(Math.abs(inversionCrossSection(voltageKv) / barn - 1)).toBeLessThan(0.05);
  });

  test("rates of the physics map are linear in current and steep in voltage", () => {
    const map = mapByName("physics");
    const at = (currentNanoA: number, voltageKv: number): number =>
      map.rate(1, 0, { currentNanoA, voltageKv });
    expect(at(0.1, 60)).toBeCloseTo(Math.LN2 / 3, 12);
    expect(at(0.05, 60)).toBeCloseTo(Math.LN2 / 6, 12);
    expect(at(0.1, 55) / at(0.1, 60)).toBeLessThan(0.02);
    expect(map.rate(1.5, 0, paperBeam)).toBeCloseTo(map.rate(1, 0.5, paperBeam), 15);
  });

  test("refuses a beam without voltage", () => {
    expect(() => knockOnCrossSection(grapheneCarbon, { voltageKv: 0, thresholdEv: 15 })).toThrow(
      "above 0 kV; got 0",
    );
  });
});
