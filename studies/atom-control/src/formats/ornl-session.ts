import { InputError, type Json } from "@quadrivium/core";
import { type MicroscopeFrame, readFrames } from "@quadrivium/io";
import type { PixelPlace } from "../perception/pixel-place.js";

/** One step of a recorded session: a frame, the atoms found in it, and the beam's stay after it. */
export interface OrnlStep {
  readonly frame: MicroscopeFrame;
  /** Width of the field of view as recorded; `null` where it is not. */
  readonly fovAngstrom: number | null;
  readonly atoms: readonly (PixelPlace & { readonly isDopant: boolean })[];
  /** Where the beam was parked after this frame; `null` where it was not. */
  readonly beam: PixelPlace | null;
  readonly dwellTimeS: number | null;
  /** The detector during the stay: times and readings. */
  readonly trace: { readonly times: readonly number[]; readonly readings: readonly number[] };
  /** As recorded, in pixels of the label stack. */
  readonly pixelShift: readonly number[];
}

/**
 * Reads a session folder of Oak Ridge: the frames of `ADF-stack-*.ndata1` and what
 * `Label-stack-*.ndata1` says of each.
 *
 * Recorded coordinates are in pixels of the label stack and are scaled to the frames. The frame's
 * pixels tell which coordinate is x: atoms are bright where they were found. A stack may be longer
 * than its labels; frames without labels are left out.
 *
 * @throws E_FRAME, E_ZIP, E_NPY if a file is damaged
 * @throws E_ORNL if the labels are not laid out as such a session's
 */
export function readOrnlSession(files: {
  readonly adf: Uint8Array;
  readonly label: Uint8Array;
}): OrnlStep[] {
  const frames = readFrames(files.adf, "ADF-stack.ndata1");
  const [label] = readFrames(files.label, "Label-stack.ndata1");
  const entries = at(label.metadata, "metadata");
  if (typeof entries !== "object" || entries === null || Array.isArray(entries)) {
    throw refuse("the label stack's metadata must hold an object named metadata");
  }
  const scale = frames[0].width / label.width;
  const labelled = frames
    .map((frame, i) => ({ frame, entry: at(entries, String(i)) }))
    .filter(({ entry }) => entry !== undefined);
  const isRowFirst = brightness(labelled, scale, true) > brightness(labelled, scale, false);
  return labelled.map(({ frame, entry }) => readStep(frame, entry, { scale, isRowFirst }));
}

interface Coordinates {
  readonly scale: number;
  /** Whether rows of coordinates begin with y. */
  readonly isRowFirst: boolean;
}

function readStep(
  frame: MicroscopeFrame,
  entry: Json | undefined,
  coordinates: Coordinates,
): OrnlStep {
  const place = (row: readonly number[]): PixelPlace => placeOf(row, coordinates);
  const dopants = rows(at(entry, "Blast coordinates", "Dopants")).map(place);
  const isDopant = ({ xPx, yPx }: PixelPlace): boolean =>
    dopants.some((d) => Math.hypot(d.xPx - xPx, d.yPx - yPx) < 1e-6);
  const beam = numbers(at(entry, "Beam location"));
  const dwell = Number(at(entry, "Beam dwelltime"));
  const fovNm = Number(numbers(at(entry, "All parameters", "image_parameters"))[0]);
  return {
    frame,
    fovAngstrom: fovNm > 0 ? fovNm * 10 : null,
    atoms: rows(at(entry, "All coordinates", "0"))
      .map(place)
      .map((atom) => ({ ...atom, isDopant: isDopant(atom) })),
    beam: beam.length >= 2 ? place(beam) : null,
    dwellTimeS: dwell > 0 ? dwell : null,
    trace: {
      times: numbers(at(entry, "ADF readouttime")),
      readings: numbers(at(entry, "ADF intensities")),
    },
    pixelShift: numbers(at(entry, "Pixelshifts")),
  };
}

function placeOf(row: readonly number[], { scale, isRowFirst }: Coordinates): PixelPlace {
  const [first, second] = row;
  if (!(Number.isFinite(first) && Number.isFinite(second))) {
    throw refuse(`coordinates must begin with two numbers; got [${row.join(", ")}]`);
  }
  return isRowFirst
    ? { xPx: second * scale, yPx: first * scale }
    : { xPx: first * scale, yPx: second * scale };
}

/** Mean intensity at the atoms, were their coordinates in this order. */
function brightness(
  labelled: readonly { readonly frame: MicroscopeFrame; readonly entry: Json | undefined }[],
  scale: number,
  isRowFirst: boolean,
): number {
  let sum = 0;
  let count = 0;
  for (const { frame, entry } of labelled) {
    for (const row of rows(at(entry, "All coordinates", "0"))) {
      const { xPx, yPx } = placeOf(row, { scale, isRowFirst });
      const [column, line] = [Math.round(xPx), Math.round(yPx)];
      if (column < 0 || line < 0 || column >= frame.width || line >= frame.height) continue;
      sum += frame.counts[line * frame.width + column];
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function at(value: Json | undefined, ...names: readonly string[]): Json | undefined {
  let here = value;
  for (const name of names) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as { readonly [name: string]: Json })[name];
  }
  return here;
}

function rows(value: Json | undefined): number[][] {
  return Array.isArray(value) ? (value as readonly Json[]).map(numbers) : [];
}

function numbers(value: Json | undefined): number[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(Number) : [];
}

function refuse(rule: string): InputError {
  return new InputError("E_ORNL", `readOrnlSession: ${rule}`);
}
