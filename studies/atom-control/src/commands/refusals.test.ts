import { writeNpy } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import type { Frame } from "../perception/frame.js";
import { drawn } from "../perception/frames.test-helpers.js";
import { memoryContext } from "./command-context.test-helpers.js";
import { locateCommand } from "./locate.js";
import { trackCommand } from "./track.js";

const good = drawn({ seed: 3, counts: 1, angleDeg: 20 }).frame;
const side = good.width;

function npy({ counts, height, width }: Frame): Uint8Array {
  return writeNpy({ dtype: "float32", shape: [height, width], data: counts });
}

/** The good frame with every pixel taken from somewhere else, or made something else. */
function made(value: (row: number, col: number) => number): Uint8Array {
  const counts = Float32Array.from({ length: side * side }, (_, i) =>
    value(Math.floor(i / side), i % side),
  );
  return npy({ ...good, counts });
}

const at = (row: number, col: number): number => good.counts[row * side + col];
const sound = npy(good);
/** The same scene once more, with its own counting noise. */
const again = made((row, col) => at(row, col) + ((row + 3 * col) % 7 === 0 ? 1 : 0));

async function contextWith(files: { readonly [path: string]: Uint8Array }) {
  const context = memoryContext();
  for (const [path, bytes] of Object.entries(files)) await context.writeFile(path, bytes);
  return context;
}

/** A byte of the header of which nothing can be made: what an npy file begins with. */
function corrupt(): Uint8Array {
  const bytes = sound.slice();
  bytes[3] ^= 0xff;
  return bytes;
}

describe("locate on files that cannot be trusted", () => {
  const cases: readonly (readonly [string, Uint8Array, RegExp, number | undefined])[] = [
    ["black", made(() => 0), /black or blanked/, undefined],
    ["saturated", made((r, c) => Math.min(at(r, c), 1) * 255), /saturated/, undefined],
    [
      "with NaN",
      made((r, c) => (r === 9 ? NaN : at(r, c))),
      /256 pixels are not finite/,
      undefined,
    ],
    [
      "half blanked",
      made((r, c) => (r < 128 ? 0 : at(r, c))),
      /128 of 256 rows are constant/,
      undefined,
    ],
    ["of a wrong field of view", sound, /wrong field of view/, 31],
    [
      "with two dopants",
      npy(drawn({ seed: 4, numSilicon: 2 }).frame),
      /2 silicon atoms/,
      undefined,
    ],
    ["contaminated", npy(drawn({ seed: 4, dirtShare: 0.35 }).frame), /contamination/, undefined],
    ["truncated", sound.slice(0, 70_000), /unreadable/, undefined],
    ["corrupt", corrupt(), /unreadable/, undefined],
    ["empty", new Uint8Array(0), /unreadable/, undefined],
  ];
  test.each(cases)("%s: not accepted, and the reason says so", async (_, file, reason, fov) => {
    const context = await contextWith({ "a.npy": file });
    const given = locateCommand.input.parse({ files: ["a.npy"], fovAngstrom: fov });
    const found = await locateCommand.run(given, context);
    expect(found.frames.map(({ accepted }) => accepted)).toEqual([false]);
    expect(found.reason).toMatch(reason);
    // what the command line prints as JSON
    expect(locateCommand.output.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
  });

  test("the sound frame that these were made of is accepted", async () => {
    const context = await contextWith({ "a.npy": sound });
    const found = await locateCommand.run(locateCommand.input.parse({ files: ["a.npy"] }), context);
    expect(found.accepted).toBe(true);
  });
});

// One frame of graphene does not tell which way round it is: that takes the frame before.
describe("track on frames that came another way round", () => {
  const last = side - 1;
  test.each([
    ["flipped left to right", made((r, c) => at(r, last - c))],
    ["flipped top to bottom", made((r, c) => at(last - r, c))],
    ["transposed", made((r, c) => at(c, r))],
    ["turned by 180°", made((r, c) => at(last - r, last - c))],
  ] as const)("%s: lost, and no hop is made up", async (_, file) => {
    const context = await contextWith({ "a.npy": sound, "b.npy": file });
    const given = trackCommand.input.parse({ files: ["a.npy", "b.npy"] });
    const [pair] = (await trackCommand.run(given, context)).pairs;
    expect(pair.label).toBe("lost");
    expect(pair.reason).toMatch(/looks (turned|mirrored|transposed)|the lattice turned/);
    expect(pair.hopProbability).toBeNull();
  });

  test("the same scene once more is followed", async () => {
    const context = await contextWith({ "a.npy": sound, "b.npy": again });
    const given = trackCommand.input.parse({ files: ["a.npy", "b.npy"] });
    expect((await trackCommand.run(given, context)).pairs[0].label).toBe(0);
  });
});
