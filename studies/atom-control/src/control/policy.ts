import { siteKey, type Site } from "../model/honeycomb.js";
import { patchAbout } from "../model/patch.js";
import { fromCanonical, type NeighbourIndex } from "../model/site-symmetry.js";
import type { Action, ActionKernel } from "./action-kernels.js";
import { kernelTable, type KernelTable } from "./kernel-table.js";

/** What to do at a site, and how long it is expected to take from there. */
export interface Decision {
  readonly action: Action;
  readonly aim: NeighbourIndex;
  /** What the action does, in the canonical frame. */
  readonly kernel: ActionKernel;
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

/** The actions at one site that aim at one neighbour. */
interface Aimed {
  readonly aim: NeighbourIndex;
  readonly table: KernelTable;
  readonly costS: Float64Array;
  /** Kernels that may be used. */
  readonly allowed: Int32Array;
  /** Index of each of the table's sites from here, the number of sites where walking fails. */
  readonly to: Int32Array;
}

/** The best action that is known at a site. */
interface Choice {
  readonly aimed: Aimed;
  readonly kernel: number;
}

const mostRounds = 200;
/** Sweeps between two choices of actions: they cost a hundredth of a choice. */
const sweepsPerRound = 20;
/** @unit second */
const precision = 1e-3;

/**
 * The policy of least expected time: a stochastic shortest path, solved by modified policy iteration
 * outward from the goal, until no choice moves a value by more than a millisecond.
 *
 * $V(s) = \min_a \frac{c_a + \sum_{s' \ne s} P_a(s'|s) V(s')}{1 - P_a(s|s)}$.
 *
 * @source Bertsekas and Tsitsiklis 1991, "An analysis of stochastic shortest path problems"; Puterman
 *   and Shin 1978, "Modified policy iteration algorithms for discounted Markov decision problems"
 */
export function solvePolicy(problem: PathProblem): Policy {
  const { goal, failureTimeS, isForbidden } = problem;
  const sites = sitesAround(goal, problem.radius).filter((site) => !isForbidden?.(site));
  const indexOf = new Map(sites.map((site, s) => [siteKey(site), s]));
  // one more value than sites: that of failure, to which values never exceed
  const values = new Float64Array(sites.length + 1).fill(failureTimeS);
  values[0] = 0;
  const options = aimedOptions(problem, sites, indexOf);
  const choices = sites.map((): Choice | undefined => undefined);
  for (let round = 0; round < mostRounds; round++) {
    let moved = 0;
    for (let s = 1; s < sites.length; s++) {
      const { choice, timeS } = bestAt(options[s], values, failureTimeS);
      choices[s] = choice;
      moved = Math.max(moved, Math.abs(timeS - values[s]));
      values[s] = timeS;
    }
    if (moved < precision) break;
    for (let sweep = 0; sweep < sweepsPerRound; sweep++) {
      choices.forEach((choice, s) => {
        if (choice !== undefined) values[s] = timeOf(choice, values);
      });
    }
  }
  return policyOf(choices, { values, indexOf });
}

/** Keeps the decisions alone: what they were found from is many times as large. */
function policyOf(
  choices: readonly (Choice | undefined)[],
  found: { readonly values: Float64Array; readonly indexOf: ReadonlyMap<string, number> },
): Policy {
  const { values, indexOf } = found;
  const decisions = choices.map((choice, s): Decision | undefined => {
    if (choice === undefined) return undefined;
    const kernel = choice.aimed.table.kernels[choice.kernel];
    return { action: kernel.action, kernel, aim: choice.aimed.aim, expectedTimeS: values[s] };
  });
  return { decide: (site) => decisions[indexOf.get(siteKey(site)) ?? -1] };
}

function bestAt(
  options: readonly Aimed[],
  values: Float64Array,
  failureTimeS: number,
): { readonly choice: Choice | undefined; readonly timeS: number } {
  let choice: Choice | undefined;
  let timeS = failureTimeS;
  for (const aimed of options) {
    for (const kernel of aimed.allowed) {
      const time = timeOf({ aimed, kernel }, values);
      if (time >= timeS) continue;
      timeS = time;
      choice = { aimed, kernel };
    }
  }
  return { choice, timeS };
}

function timeOf({ aimed, kernel }: Choice, values: Float64Array): number {
  const { table, costS, to } = aimed;
  const { starts, site, probability, stays } = table;
  if (stays[kernel] >= 1) return Infinity;
  let time = costS[kernel];
  for (let n = starts[kernel]; n < starts[kernel + 1]; n++) {
    time += probability[n] * values[to[site[n]]];
  }
  return time / (1 - stays[kernel]);
}

const aims: readonly NeighbourIndex[] = [0, 1, 2];

function aimedOptions(
  { kernelsAt, overheadS, dosePenalty = 0, isAllowed }: PathProblem,
  sites: readonly Site[],
  indexOf: ReadonlyMap<string, number>,
): Aimed[][] {
  const known = new Map<readonly ActionKernel[], Pick<Aimed, "table" | "costS" | "allowed">>();
  const shared = (kernels: readonly ActionKernel[]) => {
    const made = known.get(kernels) ?? {
      table: kernelTable(kernels),
      costS: Float64Array.from(
        kernels,
        ({ expectedDwellS }) => overheadS + (1 + dosePenalty) * expectedDwellS,
      ),
      allowed: Int32Array.from(kernels, (_, k) => k),
    };
    known.set(kernels, made);
    return made;
  };
  return sites.map((site) =>
    aims.map((aim): Aimed => {
      const common = shared(kernelsAt(site, aim));
      const to = Int32Array.from(common.table.sites, (canonical) => {
        return indexOf.get(siteKey(fromCanonical(canonical, site, aim))) ?? sites.length;
      });
      if (isAllowed === undefined) return { ...common, aim, to };
      const { kernels } = common.table;
      const allowed = common.allowed.filter((k) => isAllowed(site, aim, kernels[k].action));
      return { ...common, aim, to, allowed };
    }),
  );
}

/** All sites within some hops of a first one, nearest first. */
export function sitesAround(centre: Site, radius: number): Site[] {
  return patchAbout(centre.sublattice, radius).sites.map(({ i, j, sublattice }) => ({
    i: centre.i + i,
    j: centre.j + j,
    sublattice,
  }));
}
