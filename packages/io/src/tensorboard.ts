import { InputError } from "@quadrivium/core";
import { decodeProto, encodeProto, type ProtoMessage, type ProtoRecord } from "./protobuf.js";
import { readTfRecords, writeTfRecords } from "./tfrecord.js";

/** One point of a curve as TensorBoard draws it. */
export interface ScalarEvent {
  readonly tag: string;
  /** A whole number. */
  readonly step: number;
  /** @precision stored as a 32-bit float */
  readonly value: number;
  /** Seconds since 1970 (UTC). @unit s */
  readonly wallTime: number;
}

const value: ProtoMessage = {
  name: "Summary.Value",
  fields: { tag: { number: 1, kind: "text" }, simpleValue: { number: 2, kind: "float" } },
};
const summary: ProtoMessage = {
  name: "Summary",
  fields: { values: { number: 1, kind: value, repeated: true } },
};
const event: ProtoMessage = {
  name: "Event",
  fields: {
    wallTime: { number: 1, kind: "double" },
    step: { number: 2, kind: "int" },
    fileVersion: { number: 3, kind: "text" },
    summary: { number: 5, kind: summary },
  },
};

/**
 * Writes curves as a TensorBoard event file; its name must hold `tfevents` for TensorBoard to see it.
 *
 * @throws E_EVENTS if a step is no whole number
 * @source TensorFlow, `event.proto` and `summary.proto`, file version 2
 */
export function writeEvents(events: readonly ScalarEvent[]): Uint8Array {
  const version = encodeProto(event, {
    wallTime: events[0]?.wallTime ?? 0,
    fileVersion: "brain.Event:2",
  });
  const records = events.map(({ tag, step, value: simpleValue, wallTime }) => {
    if (!Number.isSafeInteger(step)) {
      throw new InputError(
        "E_EVENTS",
        `writeEvents: every step must be a whole number; got ${step} of ${tag}`,
      );
    }
    return encodeProto(event, { wallTime, step, summary: { values: [{ tag, simpleValue }] } });
  });
  return writeTfRecords([version, ...records]);
}

/**
 * The scalars of a TensorBoard event file, in file order; images, histograms and scalars that are
 * stored as tensors are left out.
 *
 * @throws E_TFRECORD if the file is cut short or damaged
 * @throws E_PROTO if a record is no event
 */
export function readEvents(bytes: Uint8Array): ScalarEvent[] {
  return readTfRecords(bytes).flatMap((record) => {
    const { wallTime = 0, step = 0, summary: held } = decodeProto(event, record);
    const values = (held as ProtoRecord | undefined)?.["values"] ?? [];
    return (values as readonly ProtoRecord[]).flatMap(({ tag, simpleValue }) =>
      simpleValue === undefined ? [] : [{ tag, step, value: simpleValue, wallTime } as ScalarEvent],
    );
  });
}
