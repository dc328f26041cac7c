import type { Detector } from "../control/adf-signal.js";
import type { Vector } from "../model/vector.js";
import type { Frame } from "../perception/frame.js";
import type { LocatedFrame } from "../perception/located-frame.js";
import { placeOf, type PlacedLattice } from "../perception/placed-lattice.js";

/** Pixels this near to a place tell its level. @unit angstrom */
const discAngstrom = 0.2;
/** Apparent width of an atom in real frames. @unit angstrom */
const atomSigmaAngstrom = 0.38;

/** Mean intensity about a place; `null` where no pixel is near. */
export function meanNear(
  { counts, width, height }: Frame,
  { x, y }: Vector,
  radiusPx: number,
): number | null {
  let sum = 0;
  let pixels = 0;
  const reach = Math.max(radiusPx, 0.71); // the nearest pixel counts in any case
  for (let row = Math.ceil(y - reach); row <= y + reach; row++) {
    for (let column = Math.ceil(x - reach); column <= x + reach; column++) {
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      if (Math.hypot(row - y, column - x) > reach) continue;
      sum += counts[row * width + column];
      pixels++;
    }
  }
  return pixels === 0 ? null : sum / pixels;
}

/** Centres of the hexagons around a frame's sites. */
export function hollows(lattice: PlacedLattice, { width, height }: Frame): Vector[] {
  const found: Vector[] = [];
  const reach = Math.ceil(
    (2 * Math.max(width, height)) / Math.hypot(lattice.cellI.x, lattice.cellI.y),
  );
  for (let i = -reach; i <= reach; i++) {
    for (let j = -reach; j <= reach; j++) {
      // A and B sites lie a third of the cell's diagonal apart, the hollow another third on
      const at = placeOf(lattice, i + 2 / 3, j + 2 / 3);
      if (at.x >= 0 && at.y >= 0 && at.x <= width - 1 && at.y <= height - 1) found.push(at);
    }
  }
  return found;
}

/**
 * What the detector counts on carbon, on silicon and between atoms, measured in the frame itself, so
 * that neither gain nor current need be known. `null` where atoms do not stand out.
 */
export function detectorOf(
  frame: Frame,
  { lattice, pixelSizeAngstrom, silicon, sites }: LocatedFrame,
  pixelTimeUs: number,
): Detector | null {
  if (lattice === null || pixelSizeAngstrom === null || silicon.length === 0) return null;
  const radiusPx = discAngstrom / pixelSizeAngstrom;
  const levelOf = (places: readonly Vector[]): number => {
    const levels = places
      .map((place) => meanNear(frame, place, radiusPx))
      .filter((level) => level !== null);
    return levels.reduce((sum, level) => sum + level, 0) / levels.length;
  };
  const carbon = sites.filter(({ posterior }) => posterior.carbon > 0.9);
  const between = levelOf(hollows(lattice, frame));
  const onCarbon = levelOf(carbon.map(({ xPx, yPx }) => ({ x: xPx, y: yPx }))) - between;
  const onSilicon = levelOf([{ x: silicon[0].xPx, y: silicon[0].yPx }]) - between;
  if (!(onCarbon > 0 && onSilicon > onCarbon && between >= 0)) return null;
  return {
    carbonCountsPerS: onCarbon / (pixelTimeUs * 1e-6),
    siliconContrast: onSilicon / onCarbon,
    background: between / onCarbon,
    sigmaAngstrom: atomSigmaAngstrom,
  };
}
