import type { Vector } from "../model/vector.js";

/** An atom of a segmented image. @unit angstrom, x right, y up */
export interface Atom extends Vector {
  readonly atomicNumber: number;
}

/** A beam parked between two images, at a place of the sheet as the image before shows it. */
export interface BeamControl extends Vector {
  readonly dwellTimeS: number;
  readonly currentNanoA: number;
  readonly voltageKv: number;
}

/** What one image shows, and the beam controls recorded with it. */
export interface GridObservation {
  readonly atoms: readonly Atom[];
  readonly controls: readonly BeamControl[];
}

/**
 * With which image a session stores the beam controls between two: microscopes with the image
 * before, the paper's simulator with the one after. The wrong choice pairs every dwell with the
 * outcome of another.
 */
export type ControlPairing = "with-before" | "with-after";

/** Two images and what the beam did between them. */
export interface GridStep {
  readonly before: readonly Atom[];
  readonly after: readonly Atom[];
  readonly controls: readonly BeamControl[];
}

/** The steps of a trajectory of images. */
export function gridSteps(
  observations: readonly GridObservation[],
  pairing: ControlPairing,
): GridStep[] {
  return observations.slice(1).map((now, at) => {
    const earlier = observations[at];
    const { controls } = pairing === "with-before" ? earlier : now;
    return { before: earlier.atoms, after: now.atoms, controls };
  });
}
