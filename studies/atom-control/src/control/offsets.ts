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

const coarse = grid(0.1);
const numSure = 8;
const numCandidates = 15;
/** Slower places than this share of the fastest are not weighed. */
const slowest = 0.02;
/** A slower place must send a share of hops aright that is greater by this. */
const leastGain = 0.005;

/** A place with what the beam does there. */
interface Place {
  readonly offset: Offset;
  /** Rate to the neighbour aimed at. @unit per second */
  readonly aimed: number;
  /** Share of hops that go there. */
  readonly share: number;
}

/**
 * Places worth weighing: half of them from fast to slow but sure, none both slower and less sure
 * than another; the others about the bond where hops aright are fastest, for where something stands
 * in the way.
 *
 * @param where only places that satisfy it
 */
export function candidateOffsets(
  map: RateMap,
  beam: BeamSettings,
  where: (offset: Offset) => boolean = () => true,
): Offset[] {
  const places = coarse
    .filter(where)
    .map((offset): Place => {
      const { aimed, others } = ratesAt(map, offset, beam);
      return { offset, aimed, share: aimed > 0 ? aimed / (aimed + others) : 0 };
    })
    .filter(({ aimed }) => aimed > 0)
    .toSorted((a, b) => b.aimed - a.aimed);
  const sure = spread(fastAndSure(places), numSure);
  const beside = places
    .filter(({ offset }) => Math.abs(offset.across) < 0.35 && !sure.includes(offset))
    .toSorted((a, b) => b.aimed * b.share - a.aimed * a.share);
  return [...sure, ...beside.map(({ offset }) => offset)].slice(0, numCandidates);
}

/** Of places in the order of their rates: each that is surer than all faster ones. */
function fastAndSure(places: readonly Place[]): Offset[] {
  const front: Offset[] = [];
  let surest = -Infinity;
  for (const { offset, aimed, share } of places) {
    if (aimed < slowest * places[0].aimed) break;
    if (share < surest + leastGain) continue;
    surest = share;
    front.push(offset);
  }
  return front;
}

/** Some of a list, as far apart as they can be. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, n) => {
    return items[Math.round((n * (items.length - 1)) / (most - 1))];
  });
}
