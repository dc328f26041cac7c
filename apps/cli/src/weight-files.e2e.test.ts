import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostArray } from "@quadrivium/core";
import { writeSafetensors, writeZip } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import { quadrivium, temporaryFolder } from "./cli.test-helpers.js";
import { studies } from "./studies.js";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An MLP for a + b mod n with one layer: `width` neurons on one-hot inputs. */
function weights(inputs: number, width: number, outputs: number, first = 0.5): Uint8Array {
  const tensor = (...shape: number[]) =>
    hostArray(
      new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(first),
      shape,
    );
  return writeSafetensors({
    "hidden_0/kernel": tensor(inputs, width),
    "hidden_0/bias": tensor(width),
    "output/kernel": tensor(width, outputs),
    "output/bias": tensor(outputs),
  });
}

/** A pickle that would call os.system("echo owned"). */
const callsSystem = writeZip({
  "archive/data.pkl": ascii("cos\nsystem\n(X\u000a\u0000\u0000\u0000echo ownedtR."),
  "archive/version": ascii("3\n"),
});

/** A safetensors file with this header before 64 bytes of data. */
function withHeader(header: object): Uint8Array {
  const text = ascii(JSON.stringify(header));
  const length = new Uint8Array(new BigUint64Array([BigInt(text.length)]).buffer);
  return Uint8Array.of(...length, ...text, ...new Uint8Array(64));
}

/** A NumPy file of one pickled object. */
function objectArray(): Uint8Array {
  const header = ascii("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n");
  return Uint8Array.of(0x93, ...ascii("NUMPY"), 1, 0, header.length, 0, ...header, ...ascii("N."));
}

const floats = (shape: readonly number[], ...data_offsets: readonly number[]) => ({
  "output/kernel": { dtype: "F32", shape, data_offsets },
});

const badFiles: readonly [string, string, Uint8Array, RegExp][] = [
  [
    "a truncated file",
    "cut.safetensors",
    weights(14, 8, 7).subarray(0, 600),
    /must end in the file/,
  ],
  [
    "offsets outside the file",
    "far.safetensors",
    withHeader(floats([4, 4], 0, 4096)),
    /output\/kernel.*must/,
  ],
  [
    "offsets of another size than the shape",
    "size.safetensors",
    withHeader(floats([1e6, 1e6], 0, 64)),
    /the shape \[1000000, 1000000\] needs 1000000000000 elements; the file holds 16/,
  ],
  [
    "a header longer than the file",
    "long.safetensors",
    Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 123, 125),
    /must be a .*safetensors.* file/,
  ],
  [
    "arrays of pickled objects",
    "objects.npz",
    writeZip({ "hidden_0/kernel.npy": objectArray() }),
    /real numbers/,
  ],
  ["a truncated archive", "cut.pt", callsSystem.subarray(0, 60), /zip/i],
  ["a pickle that calls a function", "evil.pt", callsSystem, /os\.system/],
  ["shapes that fit no modulus", "odd.safetensors", weights(15, 8, 7), /15|fit/],
  ["weights that are not numbers", "nan.safetensors", weights(14, 8, 7, NaN), /finite; got NaN/],
];

describe("dissect refuses", () => {
  test.each(badFiles)("%s, with one sentence and exit code 3", async (_, name, bytes, says) => {
    const file = join(await temporaryFolder(), name);
    await writeFile(file, bytes);
    const args = ["modular-addition", "dissect", file, "--json"];
    const { exitCode, err, json } = await quadrivium(args, { studies });
    expect(exitCode).toBe(3);
    expect(json).toMatchObject({ ok: false });
    expect((json["error"] as { message: string }).message).toMatch(says);
    expect(err).toMatch(/^quadrivium: [^\n]+\n$/);
  });
});
