import { hostArray } from "@quadrivium/core";
import { writeNpy, writeZip } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import { readOrnlSession } from "./ornl-session.js";

const [numFrames, side] = [3, 32];
// Atoms as (x, y) in pixels of the frames; none on the diagonal.
const atoms = [
  [4, 20],
  [10, 3],
  [25, 14],
] as const;

/** The two files of a session: labels at half the size, coordinates in one order or the other. */
function session(isRowFirst: boolean): { adf: Uint8Array; label: Uint8Array } {
  const counts = new Float32Array(numFrames * side * side).fill(1);
  for (let f = 0; f < numFrames; f++) {
    for (const [x, y] of atoms) counts[(f * side + y) * side + x] = 9;
  }
  const coordinates = (x: number, y: number): number[] =>
    isRowFirst ? [y / 2, x / 2] : [x / 2, y / 2];
  const entry = (dwell: number): object => ({
    "All coordinates": { "0": atoms.map(([x, y]) => [...coordinates(x, y), 0]) },
    "Blast coordinates": { Dopants: [coordinates(25, 14)] },
    "Beam location": coordinates(26, 16),
    "Beam dwelltime": dwell,
    "ADF intensities": [3, 4, 9],
    "ADF readouttime": [0, 0.1, 0.2],
    Pixelshifts: [0.5, -1],
    "All parameters": { image_parameters: [2.5, 512] },
  });
  const pack = (array: Float32Array, shape: number[], metadata: object): Uint8Array =>
    writeZip({
      "data.npy": writeNpy(hostArray(array, shape)),
      "metadata.json": new TextEncoder().encode(JSON.stringify(metadata)),
    });
  return {
    adf: pack(counts, [numFrames, side, side], {}),
    label: pack(new Float32Array(numFrames * 256), [numFrames, 16, 16], {
      metadata: { "0": entry(1.5), "1": entry(5) }, // one fewer than there are frames
    }),
  };
}

describe("readOrnlSession", () => {
  test.each([true, false])(
    "reads steps, whichever coordinate comes first (y first: %s)",
    (isRowFirst) => {
      const steps = readOrnlSession(session(isRowFirst));
      expect(steps.map(({ dwellTimeS }) => dwellTimeS)).toEqual([1.5, 5]);
      expect(steps[0].atoms).toEqual(
        atoms.map(([xPx, yPx], i) => ({ xPx, yPx, isDopant: i === 2 })),
      );
      expect(steps[0]).toMatchObject({
        fovAngstrom: 25,
        beam: { xPx: 26, yPx: 16 },
        trace: { times: [0, 0.1, 0.2], readings: [3, 4, 9] },
        pixelShift: [0.5, -1],
      });
      expect(steps[1].frame.width).toBe(side);
    },
  );

  test("refuses labels that say nothing", () => {
    const { adf } = session(true);
    expect(() => readOrnlSession({ adf, label: adf })).toThrow(
      /must hold an object named metadata/,
    );
  });
});
