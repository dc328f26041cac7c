import { neighbourAngles, siteKey, sitePosition, type Site } from "../model/honeycomb.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { fromCanonical, type NeighbourIndex } from "../model/site-symmetry.js";
import { distance, plus, turned, type Vector } from "../model/vector.js";
import { kernelSource, type ActionKernel, type KernelSource } from "./action-kernels.js";
import type { Controller, ControlState, Park } from "./controller.js";
import type { Hazards } from "./hazards.js";
import type { Offset } from "./offsets.js";
import { isInside } from "./polygon.js";
import { sitesAround, solvePolicy, type Decision, type Policy } from "./policy.js";

/** What a planner knows and may do. */
export interface PlannerOptions extends Partial<Hazards> {
  readonly name: string;
  /** The rates it believes in. */
  readonly map: RateMap;
  /** Their lower bound where they are uncertain: only places that are surely good are used. */
  readonly lowerBound?: RateMap;
  readonly beam: BeamSettings;
  /** Time of the image after each stay. @unit second */
  readonly imageTimeS: number;
  /** Stop the beam when the detector sees silicon arrive. */
  readonly watch?: boolean;
  /** Extra cost of a second of parked beam, in seconds. */
  readonly dosePenalty?: number;
  /** What entering an obstacle or a keep-out, or leaving the planned area, counts [600]. @unit second */
  readonly riskTimeS?: number;
  /** Its actions, where several planners on one map share them: see {@link plannedActions}. */
  readonly actions?: KernelSource;
}

/** The actions of planners on one map. */
export function plannedActions({
  map,
  lowerBound,
  beam,
  watch = false,
}: Pick<PlannerOptions, "map" | "lowerBound" | "beam" | "watch">): KernelSource {
  return kernelSource(map, { beam, watch, ...(lowerBound && { lowerBound }) });
}

/** A controller that also tells what it expects. */
export interface Planner extends Controller {
  /** Expected time to the goal from a first image on, `null` where it sees no way. @unit second */
  readonly expectedTimeS: (state: ControlState) => number | null;
  /** What it would do at a site, and what that does; `undefined` where it sees no way. */
  readonly decision: (state: ControlState) => Decision | undefined;
}

/** A walk that takes longer counts as failed. @unit second */
export const walkLimitS = 600;
/** How much farther than the start sites are planned for, in hops. */
const margin = 6;
/** Radii that are planned for, in hops: few, so that one policy serves many starts. */
const radii = Array.from({ length: 12 }, (_, n) => Math.ceil(13 * 1.5 ** n));
/** The beam stays this far from obstacles. @unit bonds */
const clearance = 1;

/**
 * The planner: moves silicon in the least expected time under the rates it believes in.
 *
 * Each decision looks up a policy that was solved for the goal; on a clean lattice one policy for
 * each sublattice serves all goals. Silicon cannot enter obstacles, and the beam keeps a bond away
 * from them.
 */
export function planner(options: PlannerOptions): Planner {
  const { obstacles = [], keepOuts = [], riskTimeS = walkLimitS } = options;
  const kernels = options.actions ?? plannedActions(options);
  const clean = kernels();
  const isClean = obstacles.length === 0 && keepOuts.length === 0;
  const obstacleKeys = new Set(obstacles.map(siteKey));
  const near = new Set(obstacles.flatMap((site) => sitesAround(site, 3)).map(siteKey));
  const blocked = new Map<string, readonly ActionKernel[]>();
  const policies = new Map<string, Policy>();

  const kernelsAt = (site: Site, aim: NeighbourIndex): readonly ActionKernel[] => {
    if (!near.has(siteKey(site))) return clean;
    const name = `${siteKey(site)}/${aim}`;
    const known = blocked.get(name);
    if (known !== undefined) return known;
    const isBlocked = (canonical: Site): boolean =>
      obstacleKeys.has(siteKey(fromCanonical(canonical, site, aim)));
    const found = kernels(isBlocked);
    blocked.set(name, found);
    return found;
  };

  const solve = ({ lattice, goal }: ControlState, radius: number): Policy => {
    return solvePolicy({
      goal,
      radius,
      kernelsAt,
      overheadS: options.imageTimeS,
      failureTimeS: riskTimeS,
      ...(options.dosePenalty === undefined ? {} : { dosePenalty: options.dosePenalty }),
      ...(isClean
        ? {}
        : {
            isForbidden: (site: Site) =>
              obstacleKeys.has(siteKey(site)) ||
              keepOuts.some((area) => isInside(area, sitePosition(lattice, site))),
            isAllowed: (site: Site, aim: NeighbourIndex, offset: Offset) => {
              const at = plus(sitePosition(lattice, site), placed({ lattice, site, aim, offset }));
              return (
                !keepOuts.some((area) => isInside(area, at)) &&
                obstacles.every(
                  (other) =>
                    distance(at, sitePosition(lattice, other)) >
                    clearance * lattice.bondLengthAngstrom,
                )
              );
            },
          }),
    });
  };

  const policyFor = (state: ControlState, radius: number): Policy => {
    const name = `${siteKey(state.goal)}/${radius}`;
    const policy = policies.get(name) ?? solve(state, radius);
    policies.set(name, policy);
    return policy;
  };

  const decision = (state: ControlState): Decision | undefined => {
    // on a clean lattice a goal's cell does not matter
    const { i, j } = isClean ? state.goal : { i: 0, j: 0 };
    const moved = (site: Site): Site => ({ ...site, i: site.i - i, j: site.j - j });
    const here = { ...state, goal: moved(state.goal), silicon: moved(state.silicon) };
    const needed = hopsToPlan(state);
    const radius = radii.find((hops) => hops >= needed);
    if (radius === undefined) return undefined;
    // Smaller areas too, once for all: later decisions on the way then find theirs solved.
    for (const hops of radii) if (hops < radius) policyFor(here, hops);
    return policyFor(here, radius).decide(here.silicon);
  };

  return {
    name: options.name,
    decision,
    decide: (state) => {
      const found = decision(state);
      return found === undefined ? null : parkFor(state, found);
    },
    expectedTimeS: (state) => {
      const found = decision(state);
      return found === undefined ? null : options.imageTimeS + found.expectedTimeS;
    },
  };
}

/** How far from the goal a plan must reach. */
function hopsToPlan({ lattice, silicon, goal }: ControlState): number {
  const bonds =
    distance(sitePosition(lattice, silicon), sitePosition(lattice, goal)) /
    lattice.bondLengthAngstrom;
  // along the worst direction four hops advance three bonds
  return (4 / 3) * bonds + margin;
}

/** An offset of a neighbour's frame, in the material frame. @unit angstrom */
export function placed({
  lattice,
  site,
  aim,
  offset,
}: {
  readonly lattice: ControlState["lattice"];
  readonly site: Site;
  readonly aim: NeighbourIndex;
  readonly offset: Offset;
}): Vector {
  const a = lattice.bondLengthAngstrom;
  const inFrame = { x: a * offset.along, y: a * offset.across };
  return turned(inFrame, neighbourAngles(lattice, site.sublattice)[aim]);
}

function parkFor({ lattice, silicon }: ControlState, { action, aim }: Decision): Park {
  const { dwellTimeS, stopOnArrival } = action;
  return {
    beamOffset: placed({ lattice, site: silicon, aim, offset: action }),
    dwellTimeS,
    stopOnArrival,
  };
}
