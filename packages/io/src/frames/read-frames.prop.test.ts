import { InputError } from "@quadrivium/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatCases } from "./frames.test-helpers.js";
import { readFrames } from "./read-frames.js";

const codes = /^E_(FRAME|FORMAT|HDF5|ZIP|NPY|DTYPE)$/;

/** Whether damaged bytes give well-formed frames; `undefined` after an error that a user may see. */
function wellFormed(bytes: Uint8Array, name: string): boolean | undefined {
  try {
    return readFrames(bytes, name).every(
      ({ counts, height, width }) => counts.length === height * width,
    );
  } catch (error) {
    if (!(error instanceof InputError && codes.test(error.code))) throw error;
    return undefined;
  }
}

describe.each(formatCases)("damaged $name", ({ name, write }) => {
  test("is refused when cut short, and never read beyond its end", async () => {
    const bytes = await write();
    const step = Math.ceil(bytes.length / 400);
    for (let length = 0; length < bytes.length; length += step) {
      expect(wellFormed(bytes.subarray(0, length), name)).not.toBe(false);
    }
    expect(wellFormed(bytes.subarray(0, Math.floor(bytes.length / 2)), name)).toBeUndefined();
  });

  test("gives a typed error or well-formed frames whatever byte is damaged", async () => {
    const bytes = await write();
    const step = Math.ceil(bytes.length / 1500);
    for (let at = 0; at < bytes.length; at += step) {
      for (const flip of [0xff, 1 << (at & 7)]) {
        const damaged = bytes.slice();
        damaged[at] ^= flip;
        expect(wellFormed(damaged, name)).not.toBe(false);
      }
    }
  }, 20_000);

  test("is told from random bytes behind its own beginning", async () => {
    const bytes = await write();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(64), (tail, kept) => {
        expect(wellFormed(Uint8Array.of(...bytes.subarray(0, kept), ...tail), name)).not.toBe(
          false,
        );
      }),
      { seed: 21, numRuns: 60 },
    );
  });
});
