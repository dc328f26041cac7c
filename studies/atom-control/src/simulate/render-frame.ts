import { random, type Stream } from "@quadrivium/core";
import type { Frame } from "../perception/frame.js";
import type { Vector } from "../model/vector.js";
import type { Scan, Wobble } from "./scan.js";
import type { Atom } from "./sheet.js";

/** How atoms look, and how many counts they give. */
export interface ImageModel {
  /** Counts of a pixel at carbon's peak. */
  readonly carbonCounts: number;
  /** Peak of silicon over that of carbon. */
  readonly siliconContrast: number;
  /** Counts everywhere, as a share of carbon's peak. */
  readonly background: number;
  /** Apparent widths. @unit angstrom */
  readonly carbonSigmaAngstrom: number;
  readonly siliconSigmaAngstrom: number;
  /** The probe's tail: share of an atom's signal, and its width. @unit angstrom */
  readonly tailShare: number;
  readonly tailSigmaAngstrom: number;
  readonly saturationCounts: number;
}

/** As 48 published frames at 60 kV measure it. */
export const measuredImageModel: ImageModel = {
  carbonCounts: 0.7,
  siliconContrast: 5.7,
  background: 0.4,
  carbonSigmaAngstrom: 0.37,
  siliconSigmaAngstrom: 0.415,
  tailShare: 0.1,
  tailSigmaAngstrom: 1.3,
  saturationCounts: 65_535,
};

/** The sheet as it is from one row of the scan on. */
export interface Exposure {
  readonly fromRow: number;
  readonly atoms: readonly Atom[];
}

/** What is drawn. */
export interface RenderRequest {
  readonly scan: Scan;
  readonly image: ImageModel;
  /** In order of their rows, the first from row 0: where silicon hops, the frame is torn. */
  readonly exposures: readonly Exposure[];
  /** Where the sample stands at the beginning of each row. @unit angstrom, [rows] */
  readonly driftOfRow: (row: number) => Vector;
  readonly wobble: Wobble;
}

/**
 * Renders a frame: Gaussian atoms with a tail, displaced by drift and scan noise at the time at which
 * the scan meets them, over a background, in Poisson counts.
 */
export function renderFrame(request: RenderRequest, stream: Stream): Frame {
  const { scan, image } = request;
  const expected = expectedCounts(request);
  const counts = new Float32Array(expected.length);
  for (let p = 0; p < counts.length; p++) {
    counts[p] = Math.min(image.saturationCounts, random.samplePoisson(stream, expected[p]));
  }
  const { rows, columns, region } = scan;
  return { counts, height: rows, width: columns, pixelSizeAngstrom: region.width / columns };
}

/** Expected counts of every pixel, row by row. @shape [rows, columns] */
export function expectedCounts(request: RenderRequest): Float32Array {
  const { scan, image, exposures } = request;
  const into = new Float32Array(scan.rows * scan.columns);
  into.fill(image.background * image.carbonCounts);
  exposures.forEach(({ fromRow, atoms }, n) => {
    const rows = [fromRow, exposures[n + 1]?.fromRow ?? scan.rows] as const;
    if (rows[0] >= rows[1]) return;
    const tails = new Float64Array(coarse * coarse);
    for (const atom of atoms) {
      const { height, sigma } = looks(image, atom);
      addCore(into, request, { atom, height: (1 - image.tailShare) * height, sigma, rows });
      addTail(tails, request, { atom, height: image.tailShare * height });
    }
    addUpsampled(into, tails, { scan, rows });
  });
  return into;
}

function looks(image: ImageModel, { element }: Atom) {
  return element === "C"
    ? { height: image.carbonCounts, sigma: image.carbonSigmaAngstrom }
    : { height: image.siliconContrast * image.carbonCounts, sigma: image.siliconSigmaAngstrom };
}

/** Where a place of the sheet falls, in pixels, were nothing displaced. */
function pixelOf({ region, rows, columns }: Scan, { x, y }: Vector): { row: number; col: number } {
  const { centre, width, height } = region;
  return {
    col: ((x - centre.x) / width + 0.5) * columns - 0.5,
    row: (0.5 - (y - centre.y) / height) * rows - 0.5,
  };
}

/** Cores end where they have fallen to 1/3000. */
const coreReach = 4;

function addCore(
  into: Float32Array,
  { scan, driftOfRow, wobble }: RenderRequest,
  {
    atom,
    height,
    sigma,
    rows: [fromRow, toRow],
  }: {
    readonly atom: Atom;
    readonly height: number;
    readonly sigma: number;
    readonly rows: readonly [number, number];
  },
): void {
  const { columns, region } = scan;
  const perAngstrom = columns / region.width;
  const { row, col } = pixelOf(scan, atom);
  const width = sigma * perAngstrom;
  const reach = coreReach * width;
  const rowTimeS = scan.frameTimeS / scan.rows;
  const aspect = scan.rows / region.height / perAngstrom;
  // displacements move atoms between rows: look a little farther than the core reaches
  const slack = 1.5 * perAngstrom;
  const first = Math.max(fromRow, Math.ceil(row - reach * aspect - slack));
  const last = Math.min(toRow - 1, Math.floor(row + reach * aspect + slack));
  const inverse = 1 / (2 * width * width);
  const decay = Math.exp(-2 * inverse);
  for (let r = first; r <= last; r++) {
    const drifted = driftOfRow(r);
    // scan noise is slow against the time that the beam takes to cross one atom
    const noise = wobble((r + (col + 0.5) / columns) * rowTimeS);
    const dx = (drifted.x + noise.x) * perAngstrom;
    const dy = (drifted.y + noise.y) * perAngstrom;
    const across = (r - row) / aspect + dy;
    const vertical = across * across * inverse;
    if (vertical > 9) continue;
    const centre = col + dx;
    const from = Math.max(0, Math.ceil(centre - reach));
    const to = Math.min(columns - 1, Math.floor(centre + reach));
    // a Gaussian on a grid obeys a recurrence: two products a pixel
    const start = from - centre;
    let value = height * Math.exp(-vertical - start * start * inverse);
    let ratio = Math.exp(-(2 * start + 1) * inverse);
    for (let p = r * columns + from; p <= r * columns + to; p++) {
      into[p] += value;
      value *= ratio;
      ratio *= decay;
    }
  }
}

/** Tails are smooth: they are drawn on a grid of this side and interpolated. */
const coarse = 64;

function addTail(
  tails: Float64Array,
  { scan, image, driftOfRow }: RenderRequest,
  { atom, height }: { readonly atom: Atom; readonly height: number },
): void {
  if (height === 0) return;
  const { row, col } = pixelOf(scan, atom);
  const drifted = driftOfRow(Math.min(Math.max(Math.round(row), 0), scan.rows - 1));
  const cellX = scan.region.width / coarse;
  const cellY = scan.region.height / coarse;
  const x = ((col + 0.5) * coarse) / scan.columns - 0.5 + drifted.x / cellX;
  const y = ((row + 0.5) * coarse) / scan.rows - 0.5 - drifted.y / cellY;
  const [sx, sy] = [image.tailSigmaAngstrom / cellX, image.tailSigmaAngstrom / cellY];
  const end = (centre: number, reach: number) => [
    Math.max(0, Math.ceil(centre - reach)),
    Math.min(coarse - 1, Math.floor(centre + reach)),
  ];
  const [r0, r1] = end(y, 3 * sy);
  const [c0, c1] = end(x, 3 * sx);
  const horizontal = Array.from({ length: Math.max(0, c1 - c0 + 1) }, (_, n) =>
    Math.exp(-0.5 * ((c0 + n - x) / sx) ** 2),
  );
  for (let r = r0; r <= r1; r++) {
    const vertical = height * Math.exp(-0.5 * ((r - y) / sy) ** 2);
    for (let c = c0; c <= c1; c++) tails[r * coarse + c] += vertical * horizontal[c - c0];
  }
}

function addUpsampled(
  into: Float32Array,
  tails: Float64Array,
  {
    scan,
    rows: [fromRow, toRow],
  }: { readonly scan: Scan; readonly rows: readonly [number, number] },
): void {
  const { rows, columns } = scan;
  const places = (count: number) =>
    Array.from({ length: count }, (_, n) => {
      const at = Math.min(Math.max(((n + 0.5) * coarse) / count - 0.5, 0), coarse - 1.001);
      return { cell: Math.floor(at), part: at % 1 };
    });
  const across = places(columns);
  const down = places(rows);
  const line = new Float64Array(coarse);
  for (let r = fromRow; r < toRow; r++) {
    const { cell, part } = down[r];
    for (let c = 0; c < coarse; c++) {
      const upper = tails[cell * coarse + c];
      line[c] = upper + part * (tails[(cell + 1) * coarse + c] - upper);
    }
    for (let c = 0; c < columns; c++) {
      const { cell: left, part: share } = across[c];
      into[r * columns + c] += line[left] + share * (line[left + 1] - line[left]);
    }
  }
}
