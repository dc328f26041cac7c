import type { Stream } from "@quadrivium/core";
import type { BeamControl, GridObservation } from "../../data/grid-step.js";
import {
  bondLengthAngstrom,
  nearestSite,
  sameSite,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../../model/honeycomb.js";
import { siliconAfter } from "../../model/kinetic-monte-carlo.js";
import type { RateMap } from "../../model/rate-map.js";
import { distance, minus, turned } from "../../model/vector.js";
import { inField, sitesIn, type Region } from "../sheet.js";

/**
 * Constants of the published simulator and its environment.
 *
 * @source Schwarzer et al. 2023, published code
 */
export const paperSimulator = {
  /** Points of the triangular grid along and across its rows, every third left out: the sheet ends. */
  columns: 50,
  rows: 57,
  /** The sheet's centre lies within this of the origin, on either axis. @unit angstrom */
  originSpreadAngstrom: 0.71,
  /** Width of the field of view, drawn for every episode. @unit angstrom */
  fovAngstrom: [15, 30],
  imageTimeS: 2,
  dwellTimeS: 1.5,
  /** The beam goes as far from silicon on either axis. @unit angstrom */
  reachAngstrom: 1.42,
  /** Silicon outside this part of the field of view is brought back to its centre. */
  centralShare: [0.25, 0.75],
  /** Distance of the goal from silicon at first. @unit angstrom */
  goalAngstrom: [0.1, 50],
  /** Silicon this near to the goal has arrived. @unit angstrom */
  goalRadiusAngstrom: 0.71,
  discountPerS: 0.9967,
} as const;

const siliconNumber = 14;
const carbonNumber = 6;
/** Between rows of the triangular grid, over its spacing. */
const rowSpacing = Math.sqrt(3) / 2;

/** The published simulator between two images. */
export interface PaperScene {
  readonly lattice: Honeycomb;
  readonly silicon: Site;
  readonly goal: Site;
  readonly region: Region;
  /** Since the episode began, images and dwells. @unit second */
  readonly totalTimeS: number;
}

/** What one step shows, in angstrom of the sheet. */
export interface PaperObservation extends GridObservation {
  readonly region: Region;
  /** Of this step alone. @unit second */
  readonly elapsedTimeS: number;
}

/** One step of an episode. */
export interface PaperStep {
  readonly scene: PaperScene;
  readonly observation: PaperObservation;
  readonly isAtGoal: boolean;
  /** 0 before the goal; there, the discount over the whole episode. */
  readonly reward: number;
}

/**
 * Begins an episode: a sheet at a random place, turned at random, with silicon for the atom nearest to
 * the origin, a field of view about it, and a goal in sight.
 */
export function beginPaperEpisode(stream: Stream): Omit<PaperStep, "reward"> {
  const even = (low: number, high: number): number => low + (high - low) * stream.uniform();
  const { originSpreadAngstrom: spread, fovAngstrom, goalAngstrom, imageTimeS } = paperSimulator;
  const lattice: Honeycomb = {
    origin: { x: even(-spread, spread), y: even(-spread, spread) },
    angle: even(0, 2 * Math.PI),
    bondLengthAngstrom,
  };
  const silicon = nearestSite(lattice, { x: 0, y: 0 });
  const centre = sitePosition(lattice, silicon);
  const side = even(...fovAngstrom);
  const region: Region = { centre, width: side, height: side };
  const goals = seenSites(lattice, region).filter((site) => {
    const away = distance(sitePosition(lattice, site), centre);
    return away >= goalAngstrom[0] && away <= goalAngstrom[1];
  });
  const goal = goals[stream.below(goals.length)];
  const scene = { lattice, silicon, goal, region, totalTimeS: imageTimeS };
  return { scene, observation: observe(scene, [], imageTimeS), isAtGoal: false };
}

/**
 * Parks the beam once or several times and takes an image; where silicon has left the middle of the
 * field of view, that follows it and another image is taken. Nothing hops while an image is taken.
 *
 * @param controls in angstrom of the sheet
 * @departs the published reward discounts the last step alone; here it discounts the whole episode
 */
export function stepPaperEpisode(
  before: PaperScene,
  { map, controls }: { readonly map: RateMap; readonly controls: readonly BeamControl[] },
  stream: Stream,
): PaperStep {
  const { lattice } = before;
  const { imageTimeS, centralShare, goalRadiusAngstrom, discountPerS } = paperSimulator;
  let { silicon, region } = before;
  let elapsedTimeS = imageTimeS;
  for (const { x, y, dwellTimeS, ...beam } of controls) {
    const isBlocked = (site: Site): boolean => !isOnSheet(lattice, site);
    const dwell = { lattice, silicon, beamPosition: { x, y }, dwellTimeS, beam, isBlocked };
    silicon = siliconAfter(map, dwell, stream);
    elapsedTimeS += dwellTimeS;
  }
  const place = sitePosition(lattice, silicon);
  const shares = inField(region, place);
  const [low, high] = centralShare;
  if ([shares.x, shares.y].some((share) => share < low || share > high)) {
    region = { ...region, centre: place };
    elapsedTimeS += imageTimeS;
  }
  const totalTimeS = before.totalTimeS + elapsedTimeS;
  const scene: PaperScene = { ...before, silicon, region, totalTimeS };
  const isAtGoal = distance(place, sitePosition(lattice, before.goal)) < goalRadiusAngstrom;
  return {
    scene,
    observation: observe(scene, controls, elapsedTimeS),
    isAtGoal,
    reward: isAtGoal ? discountPerS ** totalTimeS : 0,
  };
}

function observe(
  { lattice, silicon, region }: PaperScene,
  controls: readonly BeamControl[],
  elapsedTimeS: number,
): PaperObservation {
  const atoms = seenSites(lattice, region).map((site) => ({
    ...sitePosition(lattice, site),
    atomicNumber: sameSite(site, silicon) ? siliconNumber : carbonNumber,
  }));
  return { atoms, controls, region, elapsedTimeS };
}

/** Sites of the sheet inside a field of view. */
function seenSites(lattice: Honeycomb, region: Region): Site[] {
  return sitesIn(lattice, region).filter((site) => {
    const { x, y } = inField(region, sitePosition(lattice, site));
    return x >= 0 && x <= 1 && y >= 0 && y <= 1 && isOnSheet(lattice, site);
  });
}

function isOnSheet(lattice: Honeycomb, site: Site): boolean {
  const { columns, rows } = paperSimulator;
  const { x, y } = turned(minus(sitePosition(lattice, site), lattice.origin), -lattice.angle);
  const a = lattice.bondLengthAngstrom;
  return Math.abs(x) <= (columns / 2) * a && Math.abs(y) <= (rows / 2) * rowSpacing * a;
}
