import { InputError } from "@quadrivium/core";
import type { GridObservation } from "../data/grid-step.js";
import type { BeamSettings } from "../model/rate-map.js";
import type { PixelPlace } from "../perception/pixel-place.js";
import type { OrnlStep } from "./ornl-session.js";

/**
 * The images of a recorded session as segmented images in angstrom, y up; dopants are taken for
 * silicon. The beam's stay is stored with the image before it.
 *
 * @param fovAngstrom width of the field of view of images that do not state it
 * @throws E_ORNL if an image states no field of view and none is given
 */
export function ornlObservations(
  steps: readonly OrnlStep[],
  { beam, fovAngstrom }: { readonly beam: BeamSettings; readonly fovAngstrom?: number },
): GridObservation[] {
  return steps.map((step, at) => {
    const fov = step.fovAngstrom ?? fovAngstrom;
    if (fov === undefined) {
      throw new InputError(
        "E_ORNL",
        `ornlObservations: every image needs a field of view; image ${at} states none; ` +
          "give --fov-angstrom",
      );
    }
    const scale = fov / step.frame.width;
    // rows of an image run down
    const place = ({ xPx, yPx }: PixelPlace) => ({ x: xPx * scale, y: -yPx * scale });
    const { beam: parked, dwellTimeS } = step;
    return {
      atoms: step.atoms.map((atom) => ({
        ...place(atom),
        atomicNumber: atom.isDopant ? 14 : 6,
      })),
      controls:
        parked === null || dwellTimeS === null ? [] : [{ ...place(parked), dwellTimeS, ...beam }],
    };
  });
}
