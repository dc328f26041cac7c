import { InputError } from "@quadrivium/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeProto, encodeProto, type ProtoMessage } from "./protobuf.js";
import { crc32c, readTfRecords, writeTfRecords } from "./tfrecord.js";

describe("crc32c", () => {
  test("gives the check value of the standard and those of RFC 3720", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  });
});

describe("TFRecord", () => {
  test("reads what it writes, record by record", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (records) => {
        expect(readTfRecords(writeTfRecords(records))).toEqual(records);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test("refuses every truncation inside a record and every single bit flip", () => {
    const bytes = writeTfRecords([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    for (let length = 1; length < bytes.length; length++) {
      if (length === 19) continue; // exactly the first record
      expect(() => readTfRecords(bytes.subarray(0, length))).toThrow(InputError);
    }
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const damaged = bytes.slice();
      damaged[bit >>> 3] ^= 1 << (bit & 7);
      expect(() => readTfRecords(damaged)).toThrow(/record \d (is|has)/);
    }
  });
});

const inner: ProtoMessage = { name: "Inner", fields: { x: { number: 1, kind: "float" } } };
const outer: ProtoMessage = {
  name: "Outer",
  fields: {
    count: { number: 1, kind: "int" },
    text: { number: 2, kind: "text" },
    inner: { number: 3, kind: inner },
    many: { number: 16, kind: "int", repeated: true },
  },
};

describe("Protocol Buffers", () => {
  test("encodes the examples of the encoding's documentation", () => {
    expect(encodeProto(outer, { count: 150 })).toEqual(Uint8Array.of(0x08, 0x96, 0x01));
    expect(encodeProto(outer, { text: "testing" })).toEqual(
      Uint8Array.of(0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67),
    );
    expect(encodeProto(outer, { inner: { x: 1 }, many: [1, -1] })).toEqual(
      Uint8Array.of(
        0x1a,
        5,
        0x0d,
        0,
        0,
        0x80,
        0x3f,
        0x80,
        1,
        1,
        0x80,
        1,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        255,
        1,
      ),
    );
  });

  test("reads what it writes and skips what it does not know", () => {
    const record = { count: -7, text: "Å", inner: { x: 0.5 }, many: [0, 2 ** 40] };
    const unknown = [0xf8, 0x07, 0x01, 0xfa, 0x07, 0x02, 9, 9]; // fields 127, a number and bytes
    const bytes = Uint8Array.of(...unknown, ...encodeProto(outer, record));
    expect(decodeProto(outer, bytes)).toEqual(record);
  });

  test("answers random bytes with a typed error or a record", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          expect(typeof decodeProto(outer, bytes)).toBe("object");
        } catch (error) {
          if (!(error instanceof InputError && error.code === "E_PROTO")) throw error;
        }
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
