import type { Transition } from "../data/transition.js";
import { bondLengthAngstrom, neighbourAngles, sameSite } from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { turned } from "../model/vector.js";

/**
 * Transitions as arrays, all turned into one frame: silicon at the origin on an A site, its first
 * neighbour at (1, 0), lengths in bonds.
 */
export interface LearningSet {
  readonly size: number;
  /** Hops that the patch of outcomes reaches; silicon that went farther is "outside". */
  readonly maxHops: number;
  /** Sites of the patch, without "outside". */
  readonly numSites: number;
  /** @shape [size, 2] @unit bonds */
  readonly beam: Float64Array;
  /** @unit second. @shape [size] */
  readonly dwellTimeS: Float64Array;
  /** @shape [size] */
  readonly currentNanoA: Float64Array;
  /** @shape [size] */
  readonly voltageKv: Float64Array;
  /** Exposure of a unit area while imaging; 0 where hops in the image are not counted. @unit second per bond² @shape [size] */
  readonly scanExposure: Float64Array;
  /** Posterior over the sites of the patch and "outside". @shape [size, numSites + 1] */
  readonly outcome: Float64Array;
}

/**
 * Lays transitions out for learning.
 *
 * A B site is an A site turned by 180°, and the sites about it come in the same order, so one patch
 * serves both.
 *
 * @param maxHops how far from silicon an outcome is told apart
 */
export function learningSet(transitions: readonly Transition[], maxHops: number): LearningSet {
  const size = transitions.length;
  const numSites = patchAbout("A", maxHops).sites.length;
  const column = (read: (transition: Transition) => number): Float64Array =>
    Float64Array.from(transitions, read);
  const beam = new Float64Array(2 * size);
  const outcome = new Float64Array(size * (numSites + 1));
  transitions.forEach((transition, row) => {
    const { latticeAngle, sublattice, beamXAngstrom, beamYAngstrom } = transition;
    const [first] = neighbourAngles({ angle: latticeAngle }, sublattice);
    const { x, y } = turned({ x: beamXAngstrom, y: beamYAngstrom }, -first);
    beam.set([x / bondLengthAngstrom, y / bondLengthAngstrom], 2 * row);
    const patch = patchAbout(sublattice, maxHops);
    for (const { probability, ...site } of transition.after) {
      const at = patch.sites.findIndex((other) => sameSite(other, site));
      outcome[row * (numSites + 1) + (at < 0 ? numSites : at)] += probability;
    }
  });
  return {
    size,
    maxHops,
    numSites,
    beam,
    dwellTimeS: column((t) => t.dwellTimeS),
    currentNanoA: column((t) => t.currentNanoA),
    voltageKv: column((t) => t.voltageKv),
    scanExposure: column(({ scan }) =>
      scan === undefined ? 0 : scan.frameTimeS / (scan.fovAngstrom / bondLengthAngstrom) ** 2,
    ),
    outcome,
  };
}

/** Probability that silicon left its site, for each sample. */
export function hopProbabilities({ size, numSites, outcome }: LearningSet): Float64Array {
  return Float64Array.from({ length: size }, (_, row) => 1 - outcome[row * (numSites + 1)]);
}
