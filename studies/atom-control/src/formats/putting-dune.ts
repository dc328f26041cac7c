import {
  decodeProto,
  encodeProto,
  type ProtoMessage,
  type ProtoRecord,
  readTfRecords,
  writeTfRecords,
} from "@quadrivium/io";

const message = (name: string, fields: ProtoMessage["fields"]): ProtoMessage => ({ name, fields });

const point2d = message("Point2D", {
  x: { number: 1, kind: "float" },
  y: { number: 2, kind: "float" },
});
const atom = message("Atom", {
  atomicNumber: { number: 1, kind: "int" },
  position: { number: 2, kind: point2d },
});
const atomicGrid = message("AtomicGrid", { atoms: { number: 1, kind: atom, repeated: true } });
const beamControl = message("BeamControl", {
  position: { number: 1, kind: point2d },
  dwellTimeSeconds: { number: 2, kind: "float" },
  voltageKv: { number: 3, kind: "float" },
  currentNa: { number: 4, kind: "float" },
});
const fieldOfView = message("FieldOfView", {
  lowerLeftAngstroms: { number: 1, kind: point2d },
  upperRightAngstroms: { number: 2, kind: point2d },
});
const tensorShape = message("TensorShapeProto", {
  dim: {
    number: 2,
    kind: message("Dim", { size: { number: 1, kind: "int" }, name: { number: 2, kind: "text" } }),
    repeated: true,
  },
  unknownRank: { number: 3, kind: "int" },
});
/** Of TensorFlow's message: type, shape and raw content. */
const tensor = message("TensorProto", {
  dtype: { number: 1, kind: "int" },
  tensorShape: { number: 2, kind: tensorShape },
  versionNumber: { number: 3, kind: "int" },
  tensorContent: { number: 4, kind: "bytes" },
});
const microscopeObservation = message("MicroscopeObservation", {
  grid: { number: 1, kind: atomicGrid },
  fov: { number: 2, kind: fieldOfView },
  controls: { number: 3, kind: beamControl, repeated: true },
  elapsedTimeSeconds: { number: 4, kind: "float" },
  image: { number: 5, kind: tensor },
  labelImage: { number: 6, kind: tensor },
});
const trajectory = message("Trajectory", {
  observations: { number: 1, kind: microscopeObservation, repeated: true },
});
const transition = message("Transition", {
  gridBefore: { number: 1, kind: atomicGrid },
  gridAfter: { number: 2, kind: atomicGrid },
  fovBefore: { number: 3, kind: fieldOfView },
  fovAfter: { number: 4, kind: fieldOfView },
  controls: { number: 5, kind: beamControl, repeated: true },
  imageBefore: { number: 6, kind: tensor },
  imageAfter: { number: 7, kind: tensor },
  labelImageBefore: { number: 8, kind: tensor },
  labelImageAfter: { number: 9, kind: tensor },
});
const drift = message("Drift", {
  jitter: { number: 1, kind: point2d, repeated: true },
  drift: { number: 2, kind: point2d },
});
const labeledAlignmentTrajectory = message("LabeledAlignmentTrajectory", {
  trajectory: { number: 1, kind: trajectory },
  drifts: { number: 2, kind: drift, repeated: true },
});

/** The messages of the reference project (google/putting-dune), proto2; all floats are 32-bit. */
export const duneMessages = {
  trajectory,
  transition,
  microscopeObservation,
  labeledAlignmentTrajectory,
} as const;

/** A message that stands as a record of its own. */
export type DuneMessage = keyof typeof duneMessages;

/**
 * Reads the records of a `.tfrecords` file of the reference project.
 *
 * @param kind which message the records are: a session's `trajectories.tfrecords` holds
 * "trajectory"
 * @throws E_TFRECORD, E_PROTO if the file is damaged or holds other messages
 */
export function readDuneRecords(bytes: Uint8Array, kind: DuneMessage): ProtoRecord[] {
  return readTfRecords(bytes).map((record) => decodeProto(duneMessages[kind], record));
}

/** Writes records so that the reference project reads them. */
export function writeDuneRecords(records: readonly ProtoRecord[], kind: DuneMessage): Uint8Array {
  return writeTfRecords(records.map((record) => encodeProto(duneMessages[kind], record)));
}
