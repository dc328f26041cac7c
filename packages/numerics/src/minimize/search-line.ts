/** A function on a line: where, how high, how steep. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** Sufficient decrease, as a share of what the first slope promises. */
const decrease = 1e-4;
/** The slope that may remain, as a share of the first one. */
const flatness = 0.9;

/**
 * A step along a line of descent that satisfies the strong Wolfe conditions: the value falls enough
 * and the slope has flattened.
 *
 * @param at evaluates the line; not finite where the function is not defined
 * @param start the point at step 0, with a negative slope
 * @param first the step to try first
 * @returns `null` where rounding hides every decrease
 * @source Nocedal and Wright 2006, "Numerical Optimization", algorithms 3.5 and 3.6
 */
export function searchLine<Point extends LinePoint>(
  at: (step: number) => Point,
  start: Point,
  first: number,
): Point | null {
  const isEnough = (p: Point): boolean =>
    p.value <= start.value + decrease * p.step * start.slope && p.value < start.value;
  const isFlat = (p: Point): boolean => Math.abs(p.slope) <= -flatness * start.slope;
  let low = start;
  let high: Point | null = null;
  let step = first;
  let best: Point | null = null;
  for (let count = 0; count < 60; count++) {
    const point = at(step);
    if (Number.isFinite(point.value) && isEnough(point) && point.value <= low.value) {
      if (Number.isFinite(point.slope)) best = point;
      if (isFlat(point)) return point;
      // the minimum lies where the slope leads from the better point
      if (point.slope * (high === null ? 1 : high.step - low.step) >= 0) high = low;
      low = point;
    } else {
      high = point;
    }
    if (high === null) {
      // one search goes no further; the next begins there
      if (step > 1e6 * first) break;
      step *= 4;
      continue;
    }
    if (Math.abs(high.step - low.step) <= 1e-15 * Math.abs(low.step)) break;
    step = between(low, high);
  }
  return best;
}

/** The minimum of the cubic through two points, kept off both ends of their interval. */
function between(a: LinePoint, b: LinePoint): number {
  const width = b.step - a.step;
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / -width;
  const root = Math.sqrt(d1 * d1 - a.slope * b.slope) * Math.sign(width);
  const cubic = b.step - (width * (b.slope + root - d1)) / (b.slope - a.slope + 2 * root);
  const share = (cubic - a.step) / width;
  return a.step + width * (share >= 0.1 && share <= 0.9 ? share : 0.5);
}
