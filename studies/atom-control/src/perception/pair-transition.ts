import { InputError } from "@quadrivium/core";
import { z } from "zod";
import type { Site } from "../model/honeycomb.js";
import type { Transition } from "../data/transition.js";
import type { HopRecord } from "./hop-log.js";
import type { LocatedFrame } from "./located-frame.js";

/** How the beam was parked between two frames; the place is in pixels of the frame before. */
export const imageBeamSchema = z.object({
  xPx: z.number(),
  yPx: z.number(),
  dwellTimeS: z.number().positive(),
  currentNanoA: z.number().positive().default(0.1),
  voltageKv: z.number().positive().default(60),
});

/** See {@link imageBeamSchema}. */
export type ImageBeam = z.infer<typeof imageBeamSchema>;

/** Sites less probable than this are left out of a sample. */
const leastProbability = 1e-6;

/**
 * A pair of frames and the beam parked between them as a sample for the learner, with all of the
 * tracker's doubt: `null` where the pair was lost.
 *
 * Images have y down and material has it up: directions change sign, and so do the names of the
 * cells' two axes; the sublattices keep theirs.
 */
export function pairTransition(
  before: LocatedFrame,
  { posterior }: HopRecord,
  beam: ImageBeam,
  place: { readonly trajectory: number; readonly step: number },
): Transition | null {
  const [silicon] = before.silicon;
  if (posterior === null || before.latticeAngleDeg === null || before.pixelSizeAngstrom === null) {
    return null;
  }
  const { sublattice } = silicon.site;
  const kept = posterior.explanations.filter((e) => e.probability >= leastProbability);
  const total = kept.reduce((sum, e) => sum + e.probability, 0);
  const upward = (site: Site): Site => ({
    i: site.j - silicon.site.j,
    j: site.i - silicon.site.i,
    sublattice: site.sublattice,
  });
  return {
    ...place,
    latticeAngle: (-before.latticeAngleDeg * Math.PI) / 180,
    sublattice,
    beamXAngstrom: (beam.xPx - silicon.xPx) * before.pixelSizeAngstrom,
    beamYAngstrom: -(beam.yPx - silicon.yPx) * before.pixelSizeAngstrom,
    dwellTimeS: beam.dwellTimeS,
    currentNanoA: beam.currentNanoA,
    voltageKv: beam.voltageKv,
    after: kept.map((e) => ({ ...upward(e.site), probability: e.probability / total })),
  };
}

/**
 * The beams of a JSON file: an array with one entry for each pair of frames.
 *
 * @throws E_BEAM_LIST if it is not such an array
 */
export function parseImageBeams(text: string, numPairs: number): readonly ImageBeam[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError("E_BEAM_LIST", "track: --beam must be a JSON file", { cause });
  }
  const parsed = z.array(imageBeamSchema).safeParse(value);
  if (!parsed.success) {
    throw new InputError(
      "E_BEAM_LIST",
      `track: --beam must list {xPx, yPx, dwellTimeS} for each pair; ${z.prettifyError(parsed.error)}`,
    );
  }
  if (parsed.data.length !== numPairs) {
    throw new InputError(
      "E_BEAM_LIST",
      `track: --beam must have one entry for each of ${numPairs} pairs; got ${parsed.data.length}`,
    );
  }
  return parsed.data;
}
