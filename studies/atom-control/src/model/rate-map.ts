import { bondLengthAngstrom } from "./honeycomb.js";
import { turned, type Vector } from "./vector.js";

/** The beam's settings, on which rates depend. */
export interface BeamSettings {
  /** @unit nanoampere */
  readonly currentNanoA: number;
  /** @unit kilovolt */
  readonly voltageKv: number;
}

/** The settings of the paper's data: 0.1 nA at 60 kV. */
export const paperBeam: BeamSettings = { currentNanoA: 0.1, voltageKv: 60 };

/**
 * How often silicon hops to a neighbour while the beam stands still.
 *
 * One function g serves all three neighbours: it is read in the frame in which silicon is the
 * origin and the neighbour lies at (1, 0), lengths in bonds. The threefold symmetry of the site is
 * thereby exact; reflection symmetry holds where g is even in `across`.
 */
export interface RateMap {
  readonly name: string;
  /**
   * g: rate of the hop to the neighbour at (1, 0).
   *
   * @param along the beam's coordinate along the bond, silicon at 0, neighbour at 1. @unit bonds
   * @param across the coordinate 90° counter-clockwise of it. @unit bonds
   * @returns hops per second, not negative
   */
  readonly rate: (along: number, across: number, beam: BeamSettings) => number;
}

/**
 * Rates of the hops to the three neighbours.
 *
 * @param beamOffset the beam relative to silicon. @unit angstrom
 * @param angles directions of the neighbours. @unit radians
 * @returns hops per second, in the order of `angles`
 */
export function hopRates(
  map: RateMap,
  beamOffset: Vector,
  angles: readonly [number, number, number],
  beam: BeamSettings,
): readonly [number, number, number] {
  const inFrame = (angle: number): number => {
    const { x, y } = turned(beamOffset, -angle);
    return map.rate(x / bondLengthAngstrom, y / bondLengthAngstrom, beam);
  };
  return [inFrame(angles[0]), inFrame(angles[1]), inFrame(angles[2])];
}
