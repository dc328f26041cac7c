import { describe, expect, test } from "vitest";
import { foldIn, key, streamOf } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  nearestSite,
  neighbours,
  sitePosition,
  type Site,
} from "../model/honeycomb.js";
import { mapByName } from "../model/maps/map-by-name.js";
import { paperBeam } from "../model/rate-map.js";
import { distance, plus, type Vector } from "../model/vector.js";
import { locateFrame } from "../perception/locate-frame.js";
import { instrumentByName, type Instrument } from "./instrument.js";
import { expectedCounts, measuredImageModel, renderFrame } from "./render-frame.js";
import { hopsWhileScanning } from "./scan-hops.js";
import { atRest, drift, scanWobble, type Scan } from "./scan.js";
import { atomsOf, siliconBondAngstrom, type Atom } from "./sheet.js";
import { takeFrame, type Specimen } from "./take-frame.js";

const lattice = { origin: { x: 0.3, y: -0.2 }, angle: 0.4, bondLengthAngstrom };
const home: Site = { i: 0, j: 0, sublattice: "A" };
const region = { centre: { x: 0, y: 0 }, width: 20, height: 20 };
const scan: Scan = { region, rows: 256, columns: 256, frameTimeS: 2 };
const still = {
  driftOfRow: () => ({ x: 0, y: 0 }),
  wobble: scanWobble(key(0), { rmsAngstrom: 0, frameTimeS: 2 }),
};
const carbonAt = (x: number, y: number): Atom => ({ x, y, element: "C" });
const image = { ...measuredImageModel, background: 0 };

/** Pixel coordinates of the centre of mass of a picture. */
function centreOfMass(counts: Float32Array, columns: number): Vector {
  let [sum, x, y] = [0, 0, 0];
  counts.forEach((value, p) => {
    sum += value;
    x += value * (p % columns);
    y += value * Math.floor(p / columns);
  });
  return { x: x / sum, y: y / sum };
}

describe("atomsOf", () => {
  const atoms = atomsOf({ lattice, silicon: [home] }, region);
  const silicon = atoms.find(({ element }) => element === "Si")!;

  test("gives silicon the bonds of density functional theory, and its neighbours room", () => {
    const bonds = atoms
      .filter(({ element }) => element === "C")
      .map((atom) => distance(atom, silicon))
      .toSorted((a, b) => a - b);
    expect(bonds.slice(0, 3).map((bond) => bond.toFixed(6))).toEqual(
      Array(3).fill(siliconBondAngstrom.toFixed(6)),
    );
    // three neighbours in a triangle: 2.812 Å between them, from the same calculation
    expect(Math.sqrt(3) * bonds[0]).toBeCloseTo(2.812, 2);
    expect(bonds[3]).toBeGreaterThan(2.46);
  });

  test("leaves atoms far from silicon in place, and none twice", () => {
    const far = sitePosition(lattice, { i: 3, j: 0, sublattice: "B" });
    expect(Math.min(...atoms.map((atom) => distance(atom, far)))).toBeLessThan(0.01);
    // two atoms a cell of 5.24 Å²; the margin of 3 Å makes it 26 Å a side
    expect(Math.abs(atoms.length - (26 * 26 * 2) / 5.239)).toBeLessThan(12);
  });

  test("removes vacancies, and puts fourfold silicon into a double one", () => {
    const whole = atomsOf({ lattice, silicon: [] }, region).length;
    expect(atomsOf({ lattice, silicon: [], vacancies: [home] }, region)).toHaveLength(whole - 1);
    const fourfold = atomsOf({ lattice, silicon: [], fourfold: [home] }, region);
    expect(fourfold).toHaveLength(whole - 1);
    const centre = fourfold.find(({ element }) => element === "Si")!;
    const bonds = fourfold.map((atom) => distance(atom, centre)).toSorted((a, b) => a - b);
    for (const bond of bonds.slice(1, 5)) expect(bond).toBeCloseTo(1.84, 6);
    expect(bonds[5]).toBeGreaterThan(2.3);
  });
});

describe("renderFrame", () => {
  const draw = (
    atoms: readonly Atom[],
    options: Partial<Parameters<typeof expectedCounts>[0]> = {},
  ) => expectedCounts({ scan, image, exposures: [{ fromRow: 0, atoms }], ...still, ...options });

  test("puts an atom where it is: x right, y up, pixel centres", () => {
    const at = centreOfMass(draw([carbonAt(3, 5)]), 256);
    const perAngstrom = 256 / 20;
    expect(at.x).toBeCloseTo(127.5 + 3 * perAngstrom, 1);
    expect(at.y).toBeCloseTo(127.5 - 5 * perAngstrom, 1);
  });

  test("core and tail hold the light of their Gaussians", () => {
    const total = draw([carbonAt(0.2, 0.1)]).reduce((a, b) => a + b, 0);
    const { carbonCounts, carbonSigmaAngstrom: s, tailSigmaAngstrom: w, tailShare: f } = image;
    const perAngstrom = 256 / 20;
    const area = (1 - f) * s ** 2 + f * w ** 2;
    // both Gaussians are cut off, the tail at three widths in either direction: 0.5 %
    const exact = carbonCounts * 2 * Math.PI * area * perAngstrom ** 2;
    expect(Math.abs(total / exact - 1)).toBeLessThan(0.01);
  });

  test("equals the Gaussians evaluated one by one, to 1 % of carbon's peak", () => {
    const atoms = atomsOf({ lattice, silicon: [home] }, region);
    const drawn = draw(atoms);
    const perAngstrom = 256 / 20;
    for (const [row, col] of [
      [10, 200],
      [128, 128],
      [77, 31],
      [250, 3],
    ] as const) {
      const x = (col + 0.5) / perAngstrom - 10;
      const y = 10 - (row + 0.5) / perAngstrom;
      const exact = atoms.reduce((sum, atom) => {
        const squared = (atom.x - x) ** 2 + (atom.y - y) ** 2;
        const [height, sigma] = atom.element === "C" ? [0.7, 0.37] : [5.7 * 0.7, 0.415];
        const core = 0.9 * Math.exp(-squared / 2 / sigma ** 2);
        return sum + height * (core + 0.1 * Math.exp(-squared / 2 / 1.3 ** 2));
      }, 0);
      expect(Math.abs(drawn[row * 256 + col] - exact)).toBeLessThan(0.007);
    }
  });

  test("counts scatter as Poisson's do", () => {
    // 65,536 pixels of mean 5: the mean lies within 5 · √(5/65536) = 0.044, the variance within 0.14
    const flat = { ...image, background: 5, carbonCounts: 1 };
    const request = { scan, image: flat, exposures: [{ fromRow: 0, atoms: [] }], ...still };
    const { counts } = renderFrame(request, streamOf(key(1)));
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / counts.length;
    expect(Math.abs(mean - 5)).toBeLessThan(0.044);
    expect(Math.abs(variance - 5)).toBeLessThan(0.15);
  });

  test("drift shears what the scan meets later", () => {
    const driftOfRow = (row: number): Vector => ({ x: row / 256, y: 0 });
    const shift = (y: number): number =>
      (centreOfMass(draw([carbonAt(0, y)], { driftOfRow }), 256).x -
        centreOfMass(draw([carbonAt(0, y)]), 256).x) /
      12.8;
    expect(shift(8)).toBeCloseTo(0.1, 1);
    expect(shift(-8)).toBeCloseTo(0.9, 1);
  });

  test("a hop tears silicon between rows", () => {
    const [start] = neighbours(home);
    const before = atomsOf({ lattice, silicon: [home] }, region);
    const after = atomsOf({ lattice, silicon: [start] }, region);
    const torn = expectedCounts({
      scan,
      image,
      ...still,
      exposures: [
        { fromRow: 0, atoms: before },
        { fromRow: 128, atoms: after },
      ],
    });
    const [first, second] = [draw(before), draw(after)];
    expect(torn.slice(0, 120 * 256)).toEqual(first.slice(0, 120 * 256));
    expect(torn.slice(136 * 256)).toEqual(second.slice(136 * 256));
  });
});

describe("drift", () => {
  test("keeps its root mean square speed, and forgets it in the memory's time", () => {
    const model = { speedAngstromPerMin: 6, memoryS: 10, jumpsPerMin: 0, jumpAngstrom: 0 };
    const stream = streamOf(key(3));
    let state = atRest;
    const speeds: number[] = [];
    const products: number[] = [];
    for (let n = 0; n < 20_000; n++) {
      const before = state.velocity.x;
      for (let step = 0; step < 4; step++) state = drift(state, { model, timeS: 2.5 }, stream);
      speeds.push(state.velocity.x ** 2 + state.velocity.y ** 2);
      products.push(before * state.velocity.x);
    }
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    // 0.1 Å/s rms; a sample's relative sd is 1, correlated: five standard errors are below 5 %
    expect(Math.abs(mean(speeds) / 0.01 - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(products) / 0.005 - Math.exp(-1))).toBeLessThan(0.06);
  });
});

describe("scanWobble", () => {
  test("has the asked root mean square on both axes", () => {
    const wobble = scanWobble(key(8), { rmsAngstrom: 0.1, frameTimeS: 500 });
    let [x, y] = [0, 0];
    const samples = 40_000;
    for (let n = 0; n < samples; n++) {
      const at = wobble(n * 0.01237);
      x += at.x ** 2;
      y += at.y ** 2;
    }
    expect(Math.sqrt(x / samples)).toBeCloseTo(0.1, 2);
    expect(Math.sqrt(y / samples)).toBeCloseTo(0.1, 2);
  });
});

describe("hopsWhileScanning", () => {
  test("happen as often as the map's integral over the plane says", () => {
    // Three neighbours, each 2π · 0.1 bonds² · ln 2/3 per second: 0.878 Å²/s in all.
    const integral = 3 * 2 * Math.PI * 0.1 * bondLengthAngstrom ** 2 * (Math.log(2) / 3);
    expect(integral).toBeCloseTo(0.88, 2);
    const map = mapByName("prior");
    const faster = {
      name: "faster",
      rate: (x: number, y: number) => 40 * map.rate(x, y, paperBeam),
    };
    const stream = streamOf(key(6));
    const small: Scan = {
      region: { ...region, width: 10, height: 10 },
      rows: 64,
      columns: 64,
      frameTimeS: 2,
    };
    const frames = 150;
    let hops = 0;
    for (let n = 0; n < frames; n++) {
      const scanned = { lattice, silicon: home, scan: small, beam: paperBeam };
      hops += hopsWhileScanning(faster, scanned, stream).length;
    }
    // A hop moves silicon towards or away from the beam's path, but on average every place of the
    // plane is passed once: hops are Poisson to first order. Five standard errors: 0.34 of 0.70.
    const expected = (40 * integral * 2) / 100;
    expect(Math.abs(hops / frames - expected)).toBeLessThan(5 * Math.sqrt(expected / frames));
  });
});

describe("takeFrame", () => {
  const specimen: Specimen = {
    sheet: { lattice, silicon: [home] },
    drift: atRest,
    centre: sitePosition(lattice, home),
  };
  const map = mapByName("prior");

  test("the same key gives the same frame, another key another", () => {
    const instrument = instrumentByName("low-dose");
    const counts = (seed: number) =>
      takeFrame(specimen, { instrument, map, key: key(seed) }).frame.counts;
    expect(counts(1)).toEqual(counts(1));
    expect(counts(1)).not.toEqual(counts(2));
  });

  test("perception finds silicon in it where it was put", () => {
    const instrument: Instrument = {
      ...instrumentByName("paper-like"),
      pixels: 256,
      image: measuredImageModel,
    };
    for (let seed = 0; seed < 4; seed++) {
      const { frame } = takeFrame(specimen, { instrument, map, key: foldIn(key(11), seed) });
      const found = locateFrame(frame, {});
      expect(found.silicon).toHaveLength(1);
      const perAngstrom = 256 / 20;
      const at = plus(
        { x: -127.5, y: -127.5 },
        { x: found.silicon[0].xPx, y: found.silicon[0].yPx },
      );
      expect(Math.hypot(at.x, at.y) / perAngstrom).toBeLessThan(0.25);
    }
  });

  test("shows the sheet however far it has drifted", () => {
    const instrument: Instrument = {
      ...instrumentByName("paper-like"),
      pixels: 256,
      image: measuredImageModel,
    };
    const { centre } = specimen;
    for (const position of [
      { x: 2.9, y: -2.9 },
      { x: 37.3, y: -81 },
    ]) {
      const silicon = nearestSite(lattice, { x: -position.x, y: -position.y });
      const sheet = { lattice, silicon: [silicon] };
      const far = { ...specimen, sheet, drift: { ...atRest, position } };
      const { frame } = takeFrame(far, { instrument, map, key: key(3) });
      const located = locateFrame(frame);
      expect(located).toMatchObject({ accepted: true });
      // as many atoms as fit in the field: none are missing at an edge
      const { fovAngstrom } = instrument;
      const cellArea = (3 * Math.sqrt(3) * bondLengthAngstrom ** 2) / 2;
      expect(located.numAtoms / ((2 * fovAngstrom ** 2) / cellArea)).toBeCloseTo(1, 1);
      const seen = located.silicon[0];
      const pixel = fovAngstrom / frame.width;
      const at = plus(sitePosition(lattice, silicon), position);
      const x = centre.x + (seen.xPx + 0.5) * pixel - fovAngstrom / 2;
      const y = centre.y + fovAngstrom / 2 - (seen.yPx + 0.5) * pixel;
      expect(distance({ x, y }, at)).toBeLessThan(0.5);
    }
  });

  test("contamination brightens a corner, and a hard microscope's silicon hops under the scan", () => {
    const instrument = instrumentByName("hard");
    const corner = ({ counts }: { readonly counts: Float32Array }): number => {
      let sum = 0;
      for (let row = 40; row < 130; row++) {
        for (let col = 380; col < 470; col++) sum += counts[row * 512 + col];
      }
      return sum;
    };
    const clean = { ...instrument, contaminationAngstrom: 0 };
    const dirty = takeFrame(specimen, { instrument, map, key: key(1) });
    const spotless = takeFrame(specimen, { instrument: clean, map, key: key(1) });
    expect(corner(dirty.frame)).toBeGreaterThan(1.5 * corner(spotless.frame));
    const shaken = { ...clean, pixels: 64, scanRateFactor: 400 };
    const taken = takeFrame(specimen, { instrument: shaken, map, key: key(2) });
    expect(taken.hops.length).toBeGreaterThan(0);
    expect(taken.after.sheet.silicon[0]).toEqual(taken.hops.at(-1)!.to);
  });
});

describe("instrumentByName", () => {
  test("refuses a microscope it does not know", () => {
    for (const name of ["", "toString", "perfect"]) {
      expect(() => instrumentByName(name)).toThrow("paper-like, low-dose, hard");
    }
  });
});
