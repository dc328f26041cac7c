import type { Site } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import { cleanWeights } from "./clean-weights.js";
import { quantileOf, robustSpread, sampled } from "./image.js";
import { hexagonsWithin, type FilteredImage } from "./lattice-fit.js";
import { shapeOf, sitesWithin, type PlacedLattice } from "./placed-lattice.js";

/** A site with what the blurred image shows there. */
export interface SiteLevel extends Site, Vector {
  /** Blurred intensity over the hexagons around. */
  readonly amplitude: number;
  /** Mean amplitude of the sites around, in units of carbon's: 1 on graphene, 0 off it. */
  readonly localContrast: number;
}

/** What is typical for the frame: carbon's amplitude and the noise, in the blurred image. */
export interface SiteLevels {
  readonly sites: readonly SiteLevel[];
  /** Of carbon. */
  readonly contrast: number;
  /** Variance of an amplitude where there is no atom. */
  readonly emptyVariance: number;
  /** Growth of the variance with the amplitude: the amplitude of one effective count. */
  readonly countAmplitude: number;
  /** Blurred intensity between the atoms around a point. */
  readonly backgroundAt: (point: Vector) => number;
  /** Whether the sheet is covered on all sides of a point: bright spots there may be anything. */
  readonly isDirtyAt: (point: Vector) => boolean;
  /** Share of the hexagons that are much brighter than the typical one. */
  readonly brightShare: number;
}

/** Hexagons within this many bonds tell the background, sites within it the local contrast. */
const aroundBonds = 2.7;
/** The hexagons beside a site are one bond away, the next ones two. */
const besideBonds = 1.9;
/** Local contrast from which on a site counts as graphene. */
export const leastLocalContrast = 0.4;
/** Backgrounds this many carbon amplitudes over the typical one, and not by noise, are dirt. */
const dirtAmplitudes = 1.2;
/** Amplitudes of like sites are never alike to better than 5 %, however many counts there are. */
const leastVariance = 0.05 ** 2;

/**
 * Measures every site against the hexagon centres around it.
 *
 * The hexagons are empty: their scatter is the noise, and their median near a site its background,
 * whatever the detector's offset and whatever lies on the sheet. What is typical is taken where the
 * frame is clean.
 */
export function siteLevels({ raw, smooth }: FilteredImage, lattice: PlacedLattice): SiteLevels {
  const { bondPx } = shapeOf(lattice);
  const mask = cleanWeights(raw);
  const hexagons = hexagonsWithin(lattice, smooth, 0).map((at) => ({
    ...at,
    value: sampled(smooth, at.x, at.y),
    isClean: sampled(mask, at.x, at.y) > 0.5,
  }));
  const around = ({ x, y }: Vector): typeof hexagons =>
    hexagons.filter((at) => (at.x - x) ** 2 + (at.y - y) ** 2 < reach);
  // single hexagons may be bright by chance, or beside a bright atom
  const isClean = (point: Vector): boolean => {
    const beside = around(point);
    return 2 * beside.filter((at) => at.isClean).length > beside.length;
  };
  const reach = (aroundBonds * bondPx) ** 2;
  const backgroundAt = (point: Vector): number => {
    const values = around(point).map(({ value }) => value);
    return values.length === 0 ? typical : quantileOf(values, 0.5);
  };
  const cleanHexagons = thoseClean(hexagons, isClean);
  const typical = quantileOf(
    cleanHexagons.map((hexagon) => hexagon.value),
    0.5,
  );
  const placed = sitesWithin(lattice, smooth, 0).map((site) => ({
    ...site,
    amplitude: sampled(smooth, site.x, site.y) - backgroundAt(site),
  }));
  const amplitudes = placed.map(({ amplitude }) => amplitude);
  const contrast = quantileOf(
    thoseClean(placed, isClean).map(({ amplitude }) => amplitude),
    0.5,
  );
  const means = localMeans(placed, amplitudes, { reach, cap: 2 * Math.abs(contrast) });
  const sites = placed.map((site, s) => ({
    ...site,
    localContrast: contrast > 0 ? means[s] / contrast : 0,
  }));
  const covered = sites.filter((site) => site.localContrast >= leastLocalContrast);
  const spread = (of: readonly number[]): number => (of.length < 8 ? 0 : robustSpread(of).sd ** 2);
  const emptyVariance = spread(cleanHexagons.map((at) => at.value - backgroundAt(at)));
  const carbonVariance = spread(thoseClean(covered, isClean).map((site) => site.amplitude));
  const dirt = Math.max(dirtAmplitudes * contrast, 3.5 * Math.sqrt(emptyVariance));
  const dirty = hexagons.filter((at) => at.value - typical > dirt);
  return {
    sites,
    contrast,
    emptyVariance: Math.max(emptyVariance, leastVariance * contrast ** 2),
    countAmplitude:
      Math.max(carbonVariance - emptyVariance, 0.2 * emptyVariance, leastVariance * contrast ** 2) /
      Math.abs(contrast),
    backgroundAt,
    isDirtyAt: ({ x, y }) => {
      const beside = hexagons.filter((at) => Math.hypot(at.x - x, at.y - y) < besideBonds * bondPx);
      return beside.length > 0 && beside.every((at) => at.value - typical > dirt);
    },
    brightShare: dirty.length / Math.max(1, hexagons.length),
  };
}

/** Fewer points than this tell nothing typical. */
const fewestPoints = 12;

/** The points of clean places; all of them where that leaves too few. */
function thoseClean<Point extends Vector>(
  points: readonly Point[],
  isClean: (point: Vector) => boolean,
): readonly Point[] {
  const kept = points.filter(isClean);
  return kept.length < fewestPoints ? points : kept;
}

/** Of each point the mean over the points within reach, values capped so that none rules alone. */
function localMeans(
  points: readonly Vector[],
  values: readonly number[],
  { reach, cap }: { readonly reach: number; readonly cap: number },
): Float64Array {
  const sums = Float64Array.from(values, (v) => Math.min(v, cap));
  const counts = new Float64Array(points.length).fill(1);
  for (let a = 0; a < points.length; a++) {
    for (let b = a + 1; b < points.length; b++) {
      const squared = (points[a].x - points[b].x) ** 2 + (points[a].y - points[b].y) ** 2;
      if (squared > reach) continue;
      sums[a] += Math.min(values[b], cap);
      sums[b] += Math.min(values[a], cap);
      counts[a]++;
      counts[b]++;
    }
  }
  return sums.map((sum, i) => sum / counts[i]);
}
