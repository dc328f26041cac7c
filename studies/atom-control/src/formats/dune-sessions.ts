import { InputError } from "@quadrivium/core";
import { decodeProto, readTfRecords, type ProtoRecord } from "@quadrivium/io";
import {
  gridSteps,
  type ControlPairing,
  type GridObservation,
  type GridStep,
} from "../data/grid-step.js";
import type { BeamSettings } from "../model/rate-map.js";
import type { Vector } from "../model/vector.js";
import { fromField, inField, type Region } from "../simulate/sheet.js";
import { readDuneRecords } from "./putting-dune.js";

/** A segmented image of a session, its field of view, and the time that its step took. */
export interface DuneObservation extends GridObservation {
  readonly region: Region;
  /** As recorded: of this step alone in the simulator. @unit second */
  readonly elapsedTimeS: number;
}

/**
 * What a session's beam positions count from: its field of view, as the records' definition says, or
 * the sheet, as the published upload of microscope sessions wrote them.
 */
export type BeamFrame = "field" | "sheet";

/** How records are to be understood. */
export interface DuneReading {
  /**
   * Whether controls are stored with the image before the dwell or after it [told by whether the
   * first or the last image of a session has none].
   */
  readonly pairing?: ControlPairing;
  /** [Told by the positions: the sheet where any lies outside the field of view.] */
  readonly beamFrame?: BeamFrame;
  /** Of controls that do not say. */
  readonly beam: BeamSettings;
}

/** A session of images as a `Trajectory` record; all numbers become 32-bit. */
export function duneTrajectory(observations: readonly DuneObservation[]): ProtoRecord {
  return {
    observations: observations.map(({ atoms, controls, region, elapsedTimeS }) => ({
      grid: duneGrid(atoms, region),
      fov: duneField(region),
      controls: controls.map((control) => duneControl(control, region)),
      elapsedTimeSeconds: elapsedTimeS,
    })),
  };
}

/** A segmented image as a grid: positions in its field of view. */
export function duneGrid(atoms: GridObservation["atoms"], region: Region): ProtoRecord {
  return {
    atoms: atoms.map((atom) => ({
      atomicNumber: atom.atomicNumber,
      position: { ...inField(region, atom) },
    })),
  };
}

/** A field of view by its corners. */
export function duneField(region: Region): ProtoRecord {
  return {
    lowerLeftAngstroms: { ...fromField(region, { x: 0, y: 0 }) },
    upperRightAngstroms: { ...fromField(region, { x: 1, y: 1 }) },
  };
}

/** A stay of the beam, its position in the field of view. */
export function duneControl(
  { x, y, dwellTimeS, voltageKv, currentNanoA }: GridObservation["controls"][number],
  region: Region,
): ProtoRecord {
  return {
    position: { ...inField(region, { x, y }) },
    dwellTimeSeconds: dwellTimeS,
    voltageKv,
    currentNa: currentNanoA,
  };
}

/** What a file of the reference project holds, in angstrom of the sheet. */
export interface DuneSteps {
  /** Steps of each session. */
  readonly sessions: readonly (readonly GridStep[])[];
  readonly beamFrame: BeamFrame;
  /** Of `Trajectory` records. */
  readonly pairing?: ControlPairing;
}

/**
 * Reads the steps of a `.tfrecords` file of the reference project, whether its records are
 * `Trajectory` or `Transition` messages. Transitions of one file are taken for one session.
 *
 * Controls without a dwell ask for another image and are passed over.
 *
 * @throws E_TFRECORD, E_PROTO if the file is damaged; E_DUNE if an image has no field of view, or the
 *   pairing cannot be told
 */
export function readDuneSteps(bytes: Uint8Array, reading: DuneReading): DuneSteps {
  if (holdsTransitions(bytes)) {
    const records = readDuneRecords(bytes, "transition");
    const beamFrame = reading.beamFrame ?? beamFrameOf(records);
    const session = records.map((record): GridStep => {
      const [before, after] = [regionOf(record.fovBefore), regionOf(record.fovAfter)];
      return {
        before: atomsOf(record.gridBefore, before),
        after: atomsOf(record.gridAfter, after),
        controls: controlsOf(record, { ...reading, beamFrame, region: before }),
      };
    });
    return { sessions: [session], beamFrame };
  }
  const records = readDuneRecords(bytes, "trajectory").map(({ observations }) =>
    recordsOf(observations),
  );
  const beamFrame = reading.beamFrame ?? beamFrameOf(records.flat());
  const pairing = reading.pairing ?? pairingOf(records);
  const sessions = records.map((observations) => {
    const seen = observations.map((record, at): GridObservation => {
      const region = regionOf(record.fov);
      // a control stored with the image after was aimed in the field of view of the image before
      const aimed = pairing === "with-after" && at > 0 ? observations[at - 1].fov : record.fov;
      return {
        atoms: atomsOf(record.grid, region),
        controls: controlsOf(record, { ...reading, beamFrame, region: regionOf(aimed) }),
      };
    });
    return gridSteps(seen, pairing);
  });
  return { sessions, beamFrame, pairing };
}

/** Whether records have the second field, which a `Trajectory` lacks. */
function holdsTransitions(bytes: Uint8Array): boolean {
  const second = {
    name: "Transition",
    fields: { gridAfter: { number: 2, kind: "bytes" } },
  } as const;
  return readTfRecords(bytes).some((record) => "gridAfter" in decodeProto(second, record));
}

/** A dwell needs an image before it and one after: the image without controls tells which has them. */
function pairingOf(sessions: readonly (readonly ProtoRecord[])[]): ControlPairing {
  const isEmpty = (record: ProtoRecord | undefined): boolean =>
    recordsOf(record?.controls).length === 0;
  const [first, last] = [0, -1].map((at) => sessions.every((session) => isEmpty(session.at(at))));
  if (first !== last) return first ? "with-after" : "with-before";
  throw new InputError(
    "E_DUNE",
    "readDuneSteps: the first or the last image of every session must be without a dwell; got " +
      `${first ? "both" : "neither"}; say --pairing with-before (microscopes) or with-after (simulator)`,
  );
}

function beamFrameOf(records: readonly ProtoRecord[]): BeamFrame {
  const isInside = ({ x, y }: Vector): boolean =>
    x >= -0.01 && x <= 1.01 && y >= -0.01 && y <= 1.01;
  const places = records.flatMap(({ controls }) =>
    recordsOf(controls).map(({ position }) => placeOf(position)),
  );
  return places.every(isInside) ? "field" : "sheet";
}

function controlsOf(
  { controls }: ProtoRecord,
  {
    beam,
    beamFrame,
    region,
  }: { readonly beam: BeamSettings; readonly beamFrame: BeamFrame; readonly region: Region },
): GridObservation["controls"] {
  return recordsOf(controls)
    .filter(({ dwellTimeSeconds }) => Number(dwellTimeSeconds ?? 0) > 0)
    .map(({ position, dwellTimeSeconds, currentNa, voltageKv }) => {
      const place = placeOf(position);
      return {
        ...(beamFrame === "field" ? fromField(region, place) : place),
        dwellTimeS: Number(dwellTimeSeconds),
        currentNanoA: Number(currentNa ?? 0) || beam.currentNanoA,
        voltageKv: Number(voltageKv ?? 0) || beam.voltageKv,
      };
    });
}

function atomsOf(grid: ProtoRecord[string], region: Region): GridObservation["atoms"] {
  return recordsOf(recordOf(grid).atoms).map(({ atomicNumber, position }) => ({
    ...fromField(region, placeOf(position)),
    atomicNumber: Number(atomicNumber ?? 0),
  }));
}

function regionOf(fov: ProtoRecord[string]): Region {
  const { lowerLeftAngstroms, upperRightAngstroms } = recordOf(fov);
  const [low, high] = [placeOf(lowerLeftAngstroms), placeOf(upperRightAngstroms)];
  const [width, height] = [high.x - low.x, high.y - low.y];
  if (!(width > 0 && height > 0)) {
    throw new InputError(
      "E_DUNE",
      `readDuneSteps: every image must have a field of view; got ${width} by ${height} Å`,
    );
  }
  return { centre: { x: low.x + width / 2, y: low.y + height / 2 }, width, height };
}

function placeOf(position: ProtoRecord[string]): Vector {
  const { x, y } = recordOf(position);
  return { x: Number(x ?? 0), y: Number(y ?? 0) };
}

function recordOf(value: ProtoRecord[string]): ProtoRecord {
  return (value ?? {}) as ProtoRecord;
}

function recordsOf(value: ProtoRecord[string]): readonly ProtoRecord[] {
  return (value ?? []) as readonly ProtoRecord[];
}
