import { key, streamOf, type Stream } from "@quadrivium/core";
import type { ActionKernel } from "../control/action-kernels.js";
import type { ControlState } from "../control/controller.js";
import { walkLimitS, type Planner } from "../control/planner.js";
import { sameSite, siteKey, type Site } from "../model/honeycomb.js";
import type { Outcome } from "../model/outcome-probabilities.js";
import { fromCanonical } from "../model/site-symmetry.js";
import { chargePicoC } from "./ledger.js";

/** What a plan expects, from the next stay of the beam on. */
export interface Forecast {
  /** Sites from silicon's to the goal, each the most probable after the one before. */
  readonly path: readonly Site[];
  readonly expectedTimeS: number;
  /** 5 % and 95 % of the time. @unit second */
  readonly timeS: readonly [number, number];
  /** Charge of stays and frames that one walk in twenty exceeds. @unit picocoulomb */
  readonly charge95PicoC: number;
  /** Share of walks that take ten minutes or leave what is planned for. */
  readonly failureShare: number;
}

const numWalks = 400;
const mostPath = 64;

/**
 * Walks many times through the planner's own outcome probabilities: the same numbers always come of
 * the same state. `null` where the planner sees no way.
 */
export function forecast(
  planner: Planner,
  start: ControlState,
  { imageTimeS, currentNanoA }: { readonly imageTimeS: number; readonly currentNanoA: number },
): Forecast | null {
  const expectedTimeS = planner.decision(start)?.expectedTimeS;
  if (expectedTimeS === undefined) return null;
  const stream = streamOf(key(0));
  const walks = Array.from({ length: numWalks }, () => walk(planner, start, imageTimeS, stream));
  const sorted = walks.map(({ timeS }) => timeS).sort((a, b) => a - b);
  const quantile = (share: number): number => sorted[Math.round(share * (numWalks - 1))];
  const late = quantile(0.95);
  return {
    path: likelyPath(planner, start),
    expectedTimeS,
    timeS: [quantile(0.05), late],
    // the beam is on while it is parked and while it scans: all of the time
    charge95PicoC: chargePicoC(currentNanoA, late),
    failureShare: walks.filter(({ failed }) => failed).length / numWalks,
  };
}

function walk(
  planner: Planner,
  start: ControlState,
  imageTimeS: number,
  stream: Stream,
): { readonly timeS: number; readonly failed: boolean } {
  let silicon = start.silicon;
  let timeS = 0;
  while (!sameSite(silicon, start.goal)) {
    const decision = planner.decision({ ...start, silicon });
    if (decision === undefined || timeS >= walkLimitS) return { timeS: walkLimitS, failed: true };
    const outcome = drawn(decision.kernel.outcomes, stream);
    timeS += imageTimeS + dwellOf(decision.kernel, outcome, stream);
    silicon = fromCanonical(outcome.site, silicon, decision.aim);
  }
  return { timeS, failed: false };
}

function drawn(outcomes: readonly Outcome[], stream: Stream): Outcome {
  let left = stream.uniform();
  for (const outcome of outcomes) {
    left -= outcome.probability;
    if (left < 0) return outcome;
  }
  return outcomes[outcomes.length - 1];
}

/** How long a stay took: where the beam stops on arrival, arrivals have a constant hazard. */
function dwellOf(
  { action, outcomes, expectedDwellS }: ActionKernel,
  outcome: Outcome,
  stream: Stream,
): number {
  const isTarget = ({ site: { i, j, sublattice } }: Outcome): boolean =>
    i === 0 && j === 0 && sublattice === "B";
  if (!action.stopOnArrival || !isTarget(outcome)) return action.dwellTimeS;
  const arrives = outcomes.find(isTarget)!.probability;
  if (arrives > 1 - 1e-9) return expectedDwellS;
  const hazard = -Math.log(1 - arrives) / action.dwellTimeS;
  return -Math.log(1 - stream.uniform() * arrives) / hazard;
}

function likelyPath(planner: Planner, start: ControlState): Site[] {
  const path = [start.silicon];
  const seen = new Set([siteKey(start.silicon)]);
  let silicon = start.silicon;
  while (!sameSite(silicon, start.goal) && path.length < mostPath) {
    const decision = planner.decision({ ...start, silicon });
    if (decision === undefined) break;
    const here = silicon;
    const [next] = decision.kernel.outcomes
      .map(({ site, probability }) => ({
        site: fromCanonical(site, here, decision.aim),
        probability,
      }))
      .filter(({ site }) => !seen.has(siteKey(site)))
      .sort((a, b) => b.probability - a.probability);
    if (next === undefined) break;
    seen.add(siteKey(next.site));
    path.push(next.site);
    silicon = next.site;
  }
  return path;
}
