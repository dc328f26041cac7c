import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { turned } from "../model/vector.js";

/** A place of the beam in the frame of the neighbour that it aims at. @unit bonds */
export interface Offset {
  readonly along: number;
  readonly across: number;
}

const third = (2 * Math.PI) / 3;

/** Rates to the neighbour aimed at and to the two others. @unit per second */
function ratesAt(map: RateMap, { along, across }: Offset, beam: BeamSettings) {
  const toOther = (angle: number): number => {
    const { x, y } = turned({ x: along, y: across }, -angle);
    return map.rate(x, y, beam);
  };
  return { aimed: map.rate(along, across, beam), others: toOther(third) + toOther(-third) };
}

/** Places on a grid about the bond, nearest to the axis first. */
function grid(spacing: number): Offset[] {
  const rows = Math.floor(1.5 / spacing);
  const offsets: Offset[] = [];
  for (let j = -rows; j <= rows; j++) {
    for (let i = Math.ceil(-2 / spacing); i <= 3 / spacing; i++) {
      offsets.push({ along: i * spacing, across: j * spacing });
    }
  }
  return offsets.toSorted((a, b) => Math.abs(a.across) - Math.abs(b.across));
}

const fine = grid(0.05);

/** Where a map's rate to the neighbour aimed at is greatest, to 0.05 bonds. */
export function bestOffset(map: RateMap, beam: BeamSettings): Offset {
  let best = fine[0];
  let highest = -Infinity;
  for (const offset of fine) {
    const rate = map.rate(offset.along, offset.across, beam);
    if (rate <= highest) continue;
    highest = rate;
    best = offset;
  }
  return best;
}

/** The 10 %-steps of the bond, and 0.1 and 0.3 bonds beside it. */
const coarse = grid(0.1).filter(({ across }) =>
  [0, 0.1, 0.3].some((side) => Math.abs(Math.abs(across) - side) < 1e-9),
);
const mostCandidates = 16;

/**
 * Places worth weighing: those that send silicon to the neighbour aimed at fast, and not to the
 * others. The fastest place of all is among them.
 */
export function candidateOffsets(map: RateMap, beam: BeamSettings): Offset[] {
  const scored = coarse
    .map((offset) => {
      const { aimed, others } = ratesAt(map, offset, beam);
      return { offset, score: aimed > 0 ? (aimed * aimed) / (aimed + others) : 0 };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, mostCandidates - 1);
  return [bestOffset(map, beam), ...scored.map(({ offset }) => offset)];
}
