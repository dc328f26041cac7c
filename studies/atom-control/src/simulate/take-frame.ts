import { foldIn, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { RateMap } from "../model/rate-map.js";
import { minus, plus, type Vector } from "../model/vector.js";
import type { Frame } from "../perception/frame.js";
import type { Instrument } from "./instrument.js";
import { renderFrame, type Exposure } from "./render-frame.js";
import { hopsWhileScanning, type ScanHop } from "./scan-hops.js";
import { drift, scanWobble, type DriftState, type Scan } from "./scan.js";
import { atomsOf, type Atom, type Region, type Sheet } from "./sheet.js";

/** The sheet under the microscope at one moment. */
export interface Specimen {
  readonly sheet: Sheet;
  readonly drift: DriftState;
  /** Centre of the field of view. @unit angstrom, material frame of an undrifted sample */
  readonly centre: Vector;
}

/** A frame, and what it did to the specimen. */
export interface TakenFrame {
  readonly frame: Frame;
  readonly after: Specimen;
  /** Hops of the first silicon while the frame was taken. */
  readonly hops: readonly ScanHop[];
}

/**
 * Takes a frame: the sample drifts, the beam may make the first silicon atom hop, and the atoms are
 * drawn as the scan meets them. A silicon atom that hops under the scan is torn between rows.
 *
 * @param key decides everything random in this frame
 */
export function takeFrame(
  specimen: Specimen,
  {
    instrument,
    map,
    key,
  }: {
    readonly instrument: Instrument;
    readonly map: RateMap;
    readonly key: Key;
  },
): TakenFrame {
  const { frameTimeS, fovAngstrom, pixels } = instrument;
  const region: Region = { centre: specimen.centre, width: fovAngstrom, height: fovAngstrom };
  const scan: Scan = { region, rows: pixels, columns: pixels, frameTimeS };
  const stream = streamOf(foldIn(key, 0));
  const { places, last } = driftRows(specimen.drift, { instrument, rows: pixels }, stream);
  const hops = scanHops(specimen, { instrument, map, scan }, stream);
  const dirt = contamination(region, instrument.contaminationAngstrom, streamOf(foldIn(key, 1)));
  const sheets = [
    { fromRow: 0, sheet: specimen.sheet },
    ...hops.map(({ row, to }) => ({ fromRow: row, sheet: moved(specimen.sheet, to) })),
  ];
  const by = wholeDrift(specimen.drift);
  const inView = { ...region, centre: minus(region.centre, by) };
  const frame = renderFrame(
    {
      scan,
      image: instrument.image,
      exposures: sheets.map(({ fromRow, sheet }): Exposure => ({
        fromRow,
        atoms: [...atomsOf(sheet, inView), ...dirt].map((atom) => ({ ...atom, ...plus(atom, by) })),
      })),
      driftOfRow: (row) => minus(places[row], by),
      wobble: scanWobble(foldIn(key, 2), {
        rmsAngstrom: instrument.scanNoiseAngstrom,
        frameTimeS,
      }),
    },
    stream,
  );
  return {
    frame,
    hops,
    after: { ...specimen, sheet: sheets[sheets.length - 1].sheet, drift: last },
  };
}

/** Steps in which drift is taken out of the rendering, which follows small displacements only. @unit angstrom */
const followAngstrom = 1;

/** Whole steps that the sample has drifted. */
function wholeDrift({ position }: DriftState): Vector {
  const whole = (drift: number): number => followAngstrom * Math.round(drift / followAngstrom);
  return { x: whole(position.x), y: whole(position.y) };
}

/** Where the sample stands at each row, and how it goes on. */
function driftRows(
  state: DriftState,
  { instrument, rows }: { readonly instrument: Instrument; readonly rows: number },
  stream: Stream,
): { readonly places: readonly Vector[]; readonly last: DriftState } {
  const timeS = instrument.frameTimeS / rows;
  const places: Vector[] = [];
  let now = state;
  for (let row = 0; row < rows; row++) {
    places.push(now.position);
    now = drift(now, { model: instrument.drift, timeS }, stream);
  }
  return { places, last: now };
}

function scanHops(
  { sheet, drift: state }: Specimen,
  {
    instrument,
    map,
    scan,
  }: {
    readonly instrument: Instrument;
    readonly map: RateMap;
    readonly scan: Scan;
  },
  stream: Stream,
): ScanHop[] {
  const { scanRateFactor: factor, beam } = instrument;
  if (factor === 0 || sheet.silicon.length === 0) return [];
  const faster: RateMap = { name: map.name, rate: (x, y, b) => factor * map.rate(x, y, b) };
  const drifted = { ...sheet.lattice, origin: plus(sheet.lattice.origin, state.position) };
  const scanned = { lattice: drifted, silicon: sheet.silicon[0], scan, beam };
  return hopsWhileScanning(faster, scanned, stream);
}

function moved(sheet: Sheet, to: Sheet["silicon"][number]): Sheet {
  return { ...sheet, silicon: [to, ...sheet.silicon.slice(1)] };
}

/** A patch of disordered carbon on top of the sheet, towards a corner of the field of view. */
function contamination(region: Region, radius: number, stream: Stream): Atom[] {
  if (radius === 0) return [];
  const centre = plus(region.centre, { x: region.width / 3, y: region.height / 3 });
  const perSquareAngstrom = 1.5;
  return Array.from({ length: Math.round(perSquareAngstrom * Math.PI * radius ** 2) }, () => {
    const angle = 2 * Math.PI * stream.uniform();
    const from = radius * Math.sqrt(stream.uniform());
    const at = plus(centre, { x: from * Math.cos(angle), y: from * Math.sin(angle) });
    return { ...at, element: "C" as const };
  });
}
