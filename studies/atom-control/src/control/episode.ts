import { elementaryChargeCoulomb, foldIn, streamOf, type Key, type Stream } from "@quadrivium/core";
import {
  bondLengthAngstrom,
  nearestSite,
  sameSite,
  siteKey,
  sitePosition,
  type Honeycomb,
  type Site,
} from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { plus } from "../model/vector.js";
import { measuredDetector } from "./adf-signal.js";
import type { Controller } from "./controller.js";
import { parkFully, parkUntilArrival, type ParkResult } from "./park-beam.js";
import { walkLimitS } from "./planner.js";

/** The simulated microscope and sheet. */
export interface World {
  /** The true rates. */
  readonly map: RateMap;
  readonly beam: BeamSettings;
  /** @unit second */
  readonly imageTimeS: number;
  /** Field of view of the images, for their dose. @unit angstrom */
  readonly fovAngstrom: number;
  /** Standard deviation of where the beam really stands, per axis. @unit angstrom */
  readonly placementSigmaAngstrom: number;
  /** Sites that silicon cannot enter. */
  readonly obstacles?: readonly Site[];
}

/** A task: bring silicon from one site to another. */
export interface Task {
  readonly lattice: Honeycomb;
  readonly start: Site;
  readonly goal: Site;
}

/** What came of one walk. */
export interface Episode {
  readonly success: boolean;
  /** From the first image to the one that shows silicon at the goal; 600 where it failed. */
  readonly seconds: number;
  readonly parks: number;
  readonly hops: number;
  /** Stays during which silicon hopped more than once. */
  readonly multiHopParks: number;
  /** Largest dose that a site received. @unit electrons per Å² */
  readonly maxDose: number;
  /** Silicon's sites as the images showed them, the start first, with the time of each image. */
  readonly track: readonly { readonly site: Site; readonly timeS: number }[];
}

/** Runs one closed loop of images, decisions and stays of the beam, on symbols: nothing is rendered. */
export function runEpisode(
  controller: Controller,
  { world, task }: { readonly world: World; readonly task: Task },
  stream: Stream,
): Episode {
  const { lattice, goal } = task;
  let silicon = task.start;
  let seconds = world.imageTimeS;
  let frames = 1;
  let hops = 0;
  let parks = 0;
  let multiHopParks = 0;
  const parkedS = new Map<string, number>();
  const track = [{ site: silicon, timeS: seconds }];
  while (!sameSite(silicon, goal) && seconds <= walkLimitS) {
    const park = controller.decide({ lattice, silicon, goal });
    if (park === null) {
      seconds = Infinity;
      break;
    }
    const meant = plus(sitePosition(lattice, silicon), park.beamOffset);
    const result = applyPark(world, { lattice, silicon, park, meant }, stream);
    const under = siteKey(nearestSite(lattice, meant));
    parkedS.set(under, (parkedS.get(under) ?? 0) + result.dwellTimeS);
    silicon = result.silicon;
    hops += result.hops;
    parks++;
    if (result.hops > 1) multiHopParks++;
    seconds += result.dwellTimeS + world.imageTimeS;
    frames++;
    track.push({ site: silicon, timeS: seconds });
  }
  const success = sameSite(silicon, goal) && seconds <= walkLimitS;
  return {
    success,
    seconds: success ? seconds : walkLimitS,
    parks,
    hops,
    multiHopParks,
    maxDose: dose(world, { frames, longestS: Math.max(0, ...parkedS.values()) }),
    track,
  };
}

interface Placement {
  readonly lattice: Honeycomb;
  readonly silicon: Site;
  readonly park: NonNullable<ReturnType<Controller["decide"]>>;
  /** Where the controller means the beam to stand. */
  readonly meant: { readonly x: number; readonly y: number };
}

function applyPark(world: World, placement: Placement, stream: Stream): ParkResult {
  const { map, beam, placementSigmaAngstrom: sigma, obstacles = [] } = world;
  const { lattice, silicon, park, meant } = placement;
  const beamPosition =
    sigma === 0 ? meant : plus(meant, { x: sigma * stream.normal(), y: sigma * stream.normal() });
  const isBlocked = (site: Site): boolean => obstacles.some((other) => sameSite(other, site));
  const { dwellTimeS, stopOnArrival } = park;
  const dwell = { lattice, silicon, beamPosition, dwellTimeS, beam, isBlocked };
  return stopOnArrival
    ? parkUntilArrival(
        map,
        { dwell, expected: { beamPosition: meant }, detector: measuredDetector },
        stream,
      )
    : parkFully(map, dwell, stream);
}

/** Radius of the probe's Gaussian, over whose area a stay's electrons are counted. @unit angstrom */
const probeSigmaAngstrom = 0.45;

function dose(
  { beam, imageTimeS, fovAngstrom }: World,
  { frames, longestS }: { readonly frames: number; readonly longestS: number },
): number {
  const electronsPerS = (beam.currentNanoA * 1e-9) / elementaryChargeCoulomb;
  const probeArea = 2 * Math.PI * probeSigmaAngstrom ** 2;
  return electronsPerS * ((frames * imageTimeS) / fovAngstrom ** 2 + longestS / probeArea);
}

/** A task some hops long, on a lattice turned at random. */
export function drawTask(key: Key, hops: number): Task {
  const stream = streamOf(foldIn(key, 0));
  const sublattice = stream.below(2) === 0 ? "A" : "B";
  const angle = (stream.uniform() * Math.PI) / 3;
  const patch = patchAbout(sublattice, hops);
  const far = patch.sites.filter((_, s) => patch.hops[s] === hops);
  return {
    lattice: { origin: { x: 0, y: 0 }, angle, bondLengthAngstrom },
    start: patch.sites[0],
    goal: far[stream.below(far.length)],
  };
}
