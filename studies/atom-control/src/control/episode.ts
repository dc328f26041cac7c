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
import { plus, type Vector } from "../model/vector.js";
import { measuredDetector } from "./adf-signal.js";
import type { Controller } from "./controller.js";
import type { Hazards } from "./hazards.js";
import { parkFully, parkUntilArrival, type ParkResult } from "./park-beam.js";
import { walkLimitS } from "./planner.js";
import { isInside } from "./polygon.js";

/** The simulated microscope and sheet. */
export interface World extends Partial<Hazards> {
  /** The true rates. */
  readonly map: RateMap;
  readonly beam: BeamSettings;
  /** @unit second */
  readonly imageTimeS: number;
  /** Field of view of the images, for their dose. @unit angstrom */
  readonly fovAngstrom: number;
  /** Standard deviation of where the beam really stands, per axis. @unit angstrom */
  readonly placementSigmaAngstrom: number;
  /** Most electrons per Å² that a site may receive in a walk [no limit]. */
  readonly maxDose?: number;
}

/**
 * Why a walk ended: at its `goal`; out of `time`; `noWay`, where the controller saw no safe and
 * useful stay; or because a stay was refused, for its `dose` or for a beam in a `keepOut`.
 */
export type WalkEnd = "goal" | "time" | "noWay" | "dose" | "keepOut";

/** A task: bring silicon from one site to another. */
export interface Task {
  readonly lattice: Honeycomb;
  readonly start: Site;
  readonly goal: Site;
}

/** What came of one walk. */
export interface Episode {
  readonly success: boolean;
  readonly end: WalkEnd;
  /** From the first image to the one that shows silicon at the goal; 600 where it failed. */
  readonly seconds: number;
  readonly parks: number;
  readonly hops: number;
  /** Stays during which silicon hopped more than once. */
  readonly multiHopParks: number;
  /** Whether an image showed silicon inside a keep-out. */
  readonly enteredKeepOut: boolean;
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
  const { keepOuts = [], maxDose = Infinity } = world;
  const isKeptOut = (at: Vector): boolean => keepOuts.some((area) => isInside(area, at));
  let silicon = task.start;
  let seconds = world.imageTimeS;
  let frames = 1;
  let hops = 0;
  let parks = 0;
  let multiHopParks = 0;
  let enteredKeepOut = false;
  let refused: WalkEnd | undefined;
  const parkedS = new Map<string, number>();
  const track = [{ site: silicon, timeS: seconds }];
  while (!sameSite(silicon, goal) && seconds <= walkLimitS) {
    const park = controller.decide({ lattice, silicon, goal });
    if (park === null) {
      refused = "noWay";
      break;
    }
    const meant = plus(sitePosition(lattice, silicon), park.beamOffset);
    const under = siteKey(nearestSite(lattice, meant));
    const before = parkedS.get(under) ?? 0;
    const longestS = Math.max(before + park.dwellTimeS, ...parkedS.values());
    const after = { frames: frames + 1, longestS };
    if (isKeptOut(meant) || dose(world, after) > maxDose) {
      refused = isKeptOut(meant) ? "keepOut" : "dose";
      break;
    }
    const result = applyPark(world, { lattice, silicon, park, meant }, stream);
    parkedS.set(under, before + result.dwellTimeS);
    silicon = result.silicon;
    enteredKeepOut ||= isKeptOut(sitePosition(lattice, silicon));
    hops += result.hops;
    parks++;
    if (result.hops > 1) multiHopParks++;
    seconds += result.dwellTimeS + world.imageTimeS;
    frames++;
    track.push({ site: silicon, timeS: seconds });
  }
  const end = refused ?? (sameSite(silicon, goal) && seconds <= walkLimitS ? "goal" : "time");
  return {
    success: end === "goal",
    end,
    seconds: end === "goal" ? seconds : walkLimitS,
    parks,
    hops,
    multiHopParks,
    enteredKeepOut,
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
