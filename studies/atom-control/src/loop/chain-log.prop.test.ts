import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chainWriter, verifyLog } from "./chain-log.js";

function write(count: number, type = "step"): Uint8Array {
  const next = chainWriter();
  const lines = Array.from({ length: count }, (_, i) =>
    next({
      type: i === count - 1 ? "close" : type,
      actor: "server",
      monotonicMs: 12.5 * i,
      wallTime: "2026-01-01T00:00:00.000Z",
      data: { i, text: "Ångström — é", nested: [null, true, -0.125] },
    }),
  );
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}

describe("verifyLog", () => {
  test("accepts an untouched log and gives its lines", () => {
    const verdict = verifyLog(write(50));
    expect(verdict).toMatchObject({ ok: true, lines: { length: 50 } });
  });

  test("names the line of any changed byte", () => {
    const bytes = write(8);
    let line = 1;
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1 << (at & 7), 0xff]) {
        const changed = bytes.slice();
        changed[at] ^= flip;
        expect(verifyLog(changed)).toMatchObject({ ok: false, line });
      }
      if (bytes[at] === 10) line++;
    }
  });

  test("sees lines that were left out, moved, doubled or cut off", () => {
    const lines = new TextDecoder().decode(write(10)).split("\n").slice(0, -1);
    const verify = (changed: readonly string[]): unknown =>
      verifyLog(new TextEncoder().encode(changed.map((line) => `${line}\n`).join("")));
    fc.assert(
      fc.property(fc.nat(8), fc.nat(8), (a, shift) => {
        expect(verify(lines.toSpliced(a, 1))).toMatchObject({ ok: false, line: a + 1 });
        expect(verify(lines.toSpliced(a, 0, lines[a]))).toMatchObject({ ok: false, line: a + 2 });
        const b = (a + 1 + shift) % 10;
        const swapped = lines.with(a, lines[b]).with(b, lines[a]);
        expect(verify(swapped)).toMatchObject({ ok: false, line: Math.min(a, b) + 1 });
        expect(verify(lines.slice(0, a))).toMatchObject({ ok: false, line: a + 1 });
      }),
      { seed: 5, numRuns: 60 },
    );
    expect(verifyLog(new Uint8Array(0))).toMatchObject({ ok: false, line: 1 });
  });
});
