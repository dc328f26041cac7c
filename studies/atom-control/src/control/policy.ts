import { siteKey, type Site } from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { fromCanonical, type NeighbourIndex } from "../model/site-symmetry.js";
import type { Action, ActionKernel } from "./action-kernels.js";

/** What to do at a site, and how long it is expected to take from there. */
export interface Decision {
  readonly action: Action;
  readonly aim: NeighbourIndex;
  /** Expected time to the goal. @unit second */
  readonly expectedTimeS: number;
}

/** A problem of reaching a goal site in the least expected time. */
export interface PathProblem {
  readonly goal: Site;
  /** How far from the goal sites are planned for, in hops; beyond, a walk counts as failed. */
  readonly radius: number;
  /** What the actions at a site, aimed at one of its neighbours, do. */
  readonly kernelsAt: (site: Site, aim: NeighbourIndex) => readonly ActionKernel[];
  /** Time that every action takes beside its dwell. @unit second */
  readonly overheadS: number;
  /** What a second of parked beam costs beside its time, for plans that spare the sheet. */
  readonly dosePenalty?: number;
  /** Sites that silicon must not enter. */
  readonly isForbidden?: (site: Site) => boolean;
  /** Whether an action may be taken with silicon at a site. */
  readonly isAllowed?: (site: Site, aim: NeighbourIndex, action: Action) => boolean;
  /** What leaving the planned area or entering a forbidden site costs. @unit second */
  readonly failureTimeS: number;
}

/** Decisions by site. */
export interface Policy {
  /** `undefined` at the goal, outside the planned area, and where nothing is allowed. */
  readonly decide: (site: Site) => Decision | undefined;
}

/** One action at one site, with indices into the list of sites; −1 is failure. */
interface Option {
  readonly kernel: ActionKernel;
  readonly aim: NeighbourIndex;
  readonly costS: number;
  readonly to: Int32Array;
  readonly probability: Float64Array;
}

/**
 * The policy of least expected time: a stochastic shortest path, solved by value iteration.
 *
 * $V(s) = \min_a \frac{c_a + \sum_{s' \ne s} P_a(s'|s) V(s')}{1 - P_a(s|s)}$, swept outward from the
 * goal until no value moves by more than a millisecond.
 *
 * @source Bertsekas and Tsitsiklis 1991, "An analysis of stochastic shortest path problems"
 */
export function solvePolicy(problem: PathProblem): Policy {
  const { goal, failureTimeS, isForbidden } = problem;
  const sites = sitesAround(goal, problem.radius).filter((site) => !isForbidden?.(site));
  const indexOf = new Map(sites.map((site, s) => [siteKey(site), s]));
  const values = Float64Array.from(sites, (_, s) => (s === 0 ? 0 : failureTimeS));
  const options = sites.map((site, s) => (s === 0 ? [] : optionsAt(problem, site, indexOf)));
  const chosen = new Int32Array(sites.length).fill(-1);
  for (let sweep = 0; sweep < 500; sweep++) {
    let moved = 0;
    for (let s = 1; s < sites.length; s++) {
      let best = failureTimeS;
      options[s].forEach((option, o) => {
        const time = expectedTime(option, { s, values, failureTimeS });
        if (time >= best) return;
        best = time;
        chosen[s] = o;
      });
      moved = Math.max(moved, Math.abs(best - values[s]));
      values[s] = best;
    }
    if (moved < 1e-3) break;
  }
  const decisions = sites.map((_, s) => {
    const option = options[s][chosen[s]];
    if (option === undefined) return undefined;
    return { action: option.kernel.action, aim: option.aim, expectedTimeS: values[s] };
  });
  return { decide: (site) => decisions[indexOf.get(siteKey(site)) ?? -1] };
}

function expectedTime(
  { costS, to, probability }: Option,
  at: { readonly s: number; readonly values: Float64Array; readonly failureTimeS: number },
): number {
  let time = costS;
  let stays = 0;
  for (let n = 0; n < to.length; n++) {
    if (to[n] === at.s) stays += probability[n];
    else time += probability[n] * (to[n] < 0 ? at.failureTimeS : at.values[to[n]]);
  }
  return stays < 1 ? time / (1 - stays) : Infinity;
}

const aims: readonly NeighbourIndex[] = [0, 1, 2];

function optionsAt(
  problem: PathProblem,
  site: Site,
  indexOf: ReadonlyMap<string, number>,
): Option[] {
  const { overheadS, dosePenalty = 0, isAllowed } = problem;
  return aims.flatMap((aim) => {
    // kernels share their canonical sites, so each is placed once
    const placed = new Map<Site, number>();
    const indexAfter = (canonical: Site): number => {
      const known = placed.get(canonical);
      if (known !== undefined) return known;
      const index = indexOf.get(siteKey(fromCanonical(canonical, site, aim))) ?? -1;
      placed.set(canonical, index);
      return index;
    };
    return problem
      .kernelsAt(site, aim)
      .filter(({ action }) => isAllowed?.(site, aim, action) ?? true)
      .map((kernel) => ({
        kernel,
        aim,
        costS: overheadS + (1 + dosePenalty) * kernel.expectedDwellS,
        to: Int32Array.from(kernel.outcomes, (outcome) => indexAfter(outcome.site)),
        probability: Float64Array.from(kernel.outcomes, (outcome) => outcome.probability),
      }));
  });
}

/** All sites within some hops of a first one, nearest first. */
export function sitesAround(centre: Site, radius: number): Site[] {
  return patchAbout(centre.sublattice, radius).sites.map(({ i, j, sublattice }) => ({
    i: centre.i + i,
    j: centre.j + j,
    sublattice,
  }));
}
