import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ProtoMessage, type ProtoRecord, readTfRecords } from "@quadrivium/io";
import { duneMessages, readDuneRecords, writeDuneRecords } from "./putting-dune.js";

/** Any record of a message: every field may be absent. */
function anyRecord(message: ProtoMessage): fc.Arbitrary<ProtoRecord> {
  const value = (kind: ProtoMessage["fields"][string]["kind"]): fc.Arbitrary<unknown> => {
    if (kind === "float") return fc.float({ noNaN: true });
    if (kind === "double") return fc.double({ noNaN: true });
    if (kind === "int") return fc.integer();
    if (kind === "bytes") return fc.uint8Array({ maxLength: 12 });
    return kind === "text" ? fc.string({ maxLength: 5 }) : anyRecord(kind);
  };
  const fields = Object.entries(message.fields).map(([name, field]) => [
    name,
    field.repeated === true
      ? fc.array(value(field.kind), { minLength: 1, maxLength: 3 })
      : value(field.kind),
  ]);
  return fc.record(Object.fromEntries(fields) as { [name: string]: fc.Arbitrary<unknown> }, {
    requiredKeys: [],
  }) as fc.Arbitrary<ProtoRecord>;
}

describe("records of the reference project", () => {
  test.each(["trajectory", "transition", "labeledAlignmentTrajectory"] as const)(
    "of kind %s come back as they were written, field by field",
    (kind) => {
      fc.assert(
        fc.property(fc.array(anyRecord(duneMessages[kind]), { maxLength: 3 }), (records) => {
          expect(readDuneRecords(writeDuneRecords(records, kind), kind)).toEqual(records);
        }),
        { seed: 7, numRuns: 40 },
      );
    },
  );

  test("have the field numbers of the published definition", () => {
    const [bytes] = readTfRecords(
      writeDuneRecords(
        [
          {
            gridBefore: { atoms: [{ atomicNumber: 14, position: { x: 0.5, y: 1 } }] },
            controls: [{ position: { x: 0, y: 2 }, dwellTimeSeconds: 1.5 }],
          },
        ],
        "transition",
      ),
    );
    const half = [0, 0, 0, 0x3f];
    const one = [0, 0, 0x80, 0x3f];
    const two = [0, 0, 0, 0x40];
    const point = (x: readonly number[], y: readonly number[]): number[] => [
      0x0d,
      ...x,
      0x15,
      ...y,
    ];
    expect(Array.from(bytes)).toEqual([
      0x0a,
      16,
      0x0a,
      14,
      0x08,
      14,
      0x12,
      10,
      ...point(half, one),
      0x2a,
      17,
      0x0a,
      10,
      ...point([0, 0, 0, 0], two),
      0x15,
      0,
      0,
      0xc0,
      0x3f,
    ]);
  });
});
