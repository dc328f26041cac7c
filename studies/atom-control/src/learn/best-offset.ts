import type { LearningSet } from "./learning-set.js";

/** A place of the beam in a neighbour's frame. @unit bonds */
export interface Offset {
  readonly along: number;
  readonly across: number;
}

/** Spacing of the grid that is searched. @unit bonds */
const spacing = 0.05;
/** A place counts as measured if samples lie as near as this. @unit bonds */
const near = 0.25;
const fewestNear = 3;

/**
 * The places that a data set measures, in the frame of any neighbour, on a square grid.
 *
 * One beam position is seen from all three neighbours, and from both sides where the map is even.
 */
export function measuredOffsets(
  { size, beam }: LearningSet,
  options: { readonly reflection: boolean },
): Offset[] {
  const reach = Math.ceil(near / spacing);
  const counts = new Map<string, { readonly i: number; readonly j: number; seen: number }>();
  const see = (along: number, across: number): void => {
    const [i0, j0] = [Math.round(along / spacing), Math.round(across / spacing)];
    for (let i = i0 - reach; i <= i0 + reach; i++) {
      for (let j = j0 - reach; j <= j0 + reach; j++) {
        if (Math.hypot(i * spacing - along, j * spacing - across) > near) continue;
        const at = `${i},${j}`;
        const cell = counts.get(at) ?? { i, j, seen: 0 };
        cell.seen++;
        counts.set(at, cell);
      }
    }
  };
  for (let row = 0; row < size; row++) {
    for (const [along, across] of frames(beam[2 * row], beam[2 * row + 1])) {
      see(along, options.reflection ? Math.abs(across) : across);
    }
  }
  return [...counts.values()]
    .filter(({ seen }) => seen >= fewestNear)
    .map(({ i, j }) => ({ along: i * spacing, across: j * spacing }))
    .filter(({ across }) => !options.reflection || across >= 0);
}

/** A beam position as each of the three neighbours sees it: along and across. */
export function frames(x: number, y: number): readonly (readonly [number, number])[] {
  const half = Math.sqrt(3) / 2;
  return [
    [x, y],
    [-x / 2 + half * y, -half * x - y / 2],
    [-x / 2 - half * y, half * x - y / 2],
  ];
}

/** Where a function of the offset is greatest among some offsets; the first of equal ones. */
export function bestOffset(
  offsets: readonly Offset[],
  value: (along: number, across: number) => number,
): Offset {
  let best: Offset = { along: 0, across: 0 };
  let highest = -Infinity;
  for (const offset of offsets) {
    const here = value(offset.along, offset.across);
    if (here <= highest) continue;
    highest = here;
    best = offset;
  }
  return best;
}
