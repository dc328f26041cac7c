import { InputError } from "@quadrivium/core";
import {
  nearestSite,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { minus, plus, turned, type Vector } from "../model/vector.js";
import type { Polygon } from "./polygon.js";

/** What a walk must keep away from. */
export interface Hazards {
  /** Other dopants and vacancies: silicon cannot enter them. */
  readonly obstacles: readonly Site[];
  /** Where neither silicon nor the beam may go. @unit angstrom, material frame */
  readonly keepOuts: readonly Polygon[];
}

/**
 * Hazards in the frame of a walk, alike for walks on any lattice: silicon starts at the origin, its
 * goal lies on +x. @unit angstrom
 */
export interface WalkHazards {
  readonly obstacles: readonly Vector[];
  readonly keepOuts: readonly Polygon[];
}

/** Lays hazards of a walk's frame on its lattice; obstacles go to the nearest site but silicon's own. */
export function placeHazards(
  { obstacles, keepOuts }: WalkHazards,
  walk: { readonly lattice: Honeycomb; readonly start: Site; readonly goal: Site },
): Hazards {
  const { lattice, start, goal } = walk;
  const from = sitePosition(lattice, start);
  const { x, y } = minus(sitePosition(lattice, goal), from);
  const place = (point: Vector): Vector => plus(from, turned(point, Math.atan2(y, x)));
  return {
    obstacles: obstacles
      .map((point) => nearestSite(lattice, place(point)))
      .filter((site) => !sameSite(site, start)),
    keepOuts: keepOuts.map((corners) => corners.map(place)),
  };
}

/**
 * Points written `x,y x,y …`.
 *
 * @throws E_POINTS if the text is anything else, or holds fewer points than needed
 */
export function parsePoints(text: string, fewest: number): Vector[] {
  const points = text
    .trim()
    .split(/\s+/u)
    .map((pair) => pair.split(",").map((part) => (part === "" ? Number.NaN : Number(part))));
  const sound = points.every((pair) => pair.length === 2 && pair.every(Number.isFinite));
  if (sound && points.length >= fewest) return points.map(([x, y]) => ({ x, y }));
  throw new InputError(
    "E_POINTS",
    `parsePoints: needs ${fewest} or more points written "x,y x,y"; got "${text}"`,
  );
}
