import type { Vector } from "../model/vector.js";

/** Corners of an area, in order. @unit angstrom */
export type Polygon = readonly Vector[];

/** Whether a point lies inside a polygon, by the parity of edges that a ray crosses. */
export function isInside(polygon: Polygon, { x, y }: Vector): boolean {
  let inside = false;
  polygon.forEach((a, n) => {
    const b = polygon[(n + 1) % polygon.length];
    if (a.y > y === b.y > y) return;
    if (x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  });
  return inside;
}
