import type { BeamSettings, RateMap } from "../model/rate-map.js";

/** Rates to the neighbour at (1, 0) on a square grid about silicon, for a picture. */
export interface RateGrid {
  /** Half of the square's side. @unit bonds */
  readonly reach: number;
  readonly cells: number;
  /** Row by row from the top. @unit hops per second @shape [cells, cells] */
  readonly rate: readonly number[];
  /** Calibrated standard error of the rate's logarithm; `null` for rates that are known. */
  readonly logSpread: readonly number[] | null;
}

const reach = 2.5;
const cells = 51;

/** Reads a map on the grid. */
export function rateGrid(
  map: RateMap & { readonly logSpread?: RateMap["rate"] },
  beam: BeamSettings,
): RateGrid {
  const read = (of: RateMap["rate"]): number[] =>
    Array.from({ length: cells * cells }, (_, n) => {
      const along = (((n % cells) + 0.5) / cells - 0.5) * 2 * reach;
      const across = (0.5 - (Math.floor(n / cells) + 0.5) / cells) * 2 * reach;
      return of(along, across, beam);
    });
  return {
    reach,
    cells,
    rate: read(map.rate),
    logSpread: map.logSpread === undefined ? null : read(map.logSpread),
  };
}
