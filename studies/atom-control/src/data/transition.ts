import { z } from "zod";

const cell = z.object({
  i: z.int().describe("cells along the first lattice vector, from the site before"),
  j: z.int().describe("cells along the second lattice vector, from the site before"),
  sublattice: z.enum(["A", "B"]),
});

/**
 * One transition: silicon before, the beam parked for a while, silicon after. One line of a JSONL
 * file of samples.
 *
 * Lengths are angstrom, x to the right, y up, relative to silicon before the dwell; cells count
 * from its cell, so that the site before is `{i: 0, j: 0, sublattice}`.
 */
export const transitionSchema = z.object({
  /** Samples of one trajectory are not independent: bootstrap and hold-out take it whole. */
  trajectory: z.int().min(0),
  step: z.int().min(0),
  latticeAngle: z.number().describe("direction of an A site's first neighbour, radians from +x"),
  sublattice: z.enum(["A", "B"]).describe("of silicon before the dwell"),
  beamXAngstrom: z.number(),
  beamYAngstrom: z.number(),
  dwellTimeS: z.number().positive(),
  currentNanoA: z.number().positive(),
  voltageKv: z.number().positive(),
  /** Imaging between the dwell and the frame after it, where hops may also happen. */
  scan: z
    .object({ frameTimeS: z.number().positive(), fovAngstrom: z.number().positive() })
    .optional(),
  /** Where silicon is after the dwell: the posterior of the tracker; one entry where it is sure. */
  after: z
    .array(cell.extend({ probability: z.number().min(0).max(1) }))
    .min(1)
    .refine(
      (sites) => Math.abs(sites.reduce((sum, s) => sum + s.probability, 0) - 1) < 1e-6,
      "probabilities must sum to 1",
    ),
  /** Probability density with which the collecting policy chose this beam position and dwell. */
  propensity: z.number().positive().optional(),
});

/** One transition of silicon under the beam, see {@link transitionSchema}. */
export type Transition = z.infer<typeof transitionSchema>;

/** What became of silicon: stayed, hopped to neighbour 1, 2 or 3, or went farther. */
export type TransitionLabel = 0 | 1 | 2 | 3 | "multi";
