import { foldIn, hostArray, streamOf, type HostArray, type Key } from "@quadrivium/core";
import { duneTrajectory } from "../../formats/dune-sessions.js";
import { writeDuneRecords } from "../../formats/putting-dune.js";
import type { PaperTrajectory } from "./collect-paper.js";
import { drawPaperImage, paperImage, type PaperNoise } from "./paper-image.js";

/** Sessions as a file of `Trajectory` records of the published project. */
export function paperRecords(sessions: readonly PaperTrajectory[]): Uint8Array {
  return writeDuneRecords(
    sessions.map(({ observations }) => duneTrajectory(observations)),
    "trajectory",
  );
}

/**
 * The images of all sessions, in order; contrast and noise are drawn anew for every session.
 *
 * @param key the sessions' own: images have streams of their own, so that they move no sample
 * @returns intensities in [0, 1]. @shape [images, 512, 512]
 */
export function paperFrames(
  sessions: readonly PaperTrajectory[],
  { noise, key }: { readonly noise: PaperNoise; readonly key: Key },
): HostArray<Float32Array> {
  const images = sessions.flatMap(({ observations }, at) => {
    const stream = streamOf(foldIn(foldIn(key, imageStream), at));
    const parameters = drawPaperImage(noise, stream);
    return observations.map(({ atoms, region }) =>
      paperImage(atoms, { region, parameters }, stream),
    );
  });
  const [{ width, height }] = images;
  const stack = new Float32Array(images.length * width * height);
  images.forEach(({ counts }, at) => stack.set(counts, at * width * height));
  return hostArray(stack, [images.length, height, width]);
}

/** A number that no trajectory has. */
const imageStream = 0xffff_ffff;
