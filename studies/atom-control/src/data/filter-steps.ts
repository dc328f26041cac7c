import { bondLengthAngstrom, nearestSite, neighbours, type Site } from "../model/honeycomb.js";
import { distance, minus, type Vector } from "../model/vector.js";
import {
  gridSteps,
  type Atom,
  type ControlPairing,
  type GridObservation,
  type GridStep,
} from "./grid-step.js";
import type { Transition } from "./transition.js";

/** Why a step is dropped, in the order in which the rules are tried. */
export const filterRules = [
  "one-control",
  "one-silicon",
  "nine-neighbours",
  "not-fourfold",
  "threefold",
  "single-hop",
  "aligned",
] as const;
export type FilterRule = (typeof filterRules)[number];

/** Steps that were kept, and how many each rule dropped. */
export interface FilterCounts {
  readonly total: number;
  readonly kept: number;
  readonly dropped: { readonly [rule in FilterRule]: number };
}

/** Transitions and what was dropped on the way to them. */
export interface FilteredSteps {
  readonly transitions: readonly Transition[];
  readonly counts: FilterCounts;
}

/** What is done otherwise than in the paper. */
export interface FilterOptions {
  /** Whether dwells with several hops are dropped, as in the paper, which biases rates low [drop]. */
  readonly multiHop?: "drop" | "keep";
}

const siliconNumber = 14;
/** Distances that bound the first shell of threefold silicon. @unit angstrom */
const bounds = { fourfold: 0.5, shell: 2, alignment: 0.71 };

/**
 * Turns trajectories of segmented images into transitions, by the paper's rules: exactly one beam
 * control; exactly one silicon before and after; nine neighbours at least; not fourfold ($|d_1 -
 * d_4| \ge 0.5$ Å); threefold ($d_1 … d_3 < 2$ Å $< d_4 … d_9$); silicon after is among the four
 * atoms nearest to its old place, so that dwells with several hops are dropped; and the old places
 * lie within 0.71 Å of those atoms on average, so that the images are aligned.
 *
 * @source Schwarzer et al. 2023, published code
 */
export function filterObservations(
  trajectories: readonly (readonly GridObservation[])[],
  { pairing, ...options }: FilterOptions & { readonly pairing: ControlPairing },
): FilteredSteps {
  return filterSteps(
    trajectories.map((observations) => gridSteps(observations, pairing)),
    options,
  );
}

/** {@link filterObservations} of sessions whose steps are already paired with their controls. */
export function filterSteps(
  sessions: readonly (readonly GridStep[])[],
  { multiHop = "drop" }: FilterOptions = {},
): FilteredSteps {
  const transitions: Transition[] = [];
  const dropped = Object.fromEntries(filterRules.map((rule) => [rule, 0])) as {
    [rule in FilterRule]: number;
  };
  let total = 0;
  sessions.forEach((steps, trajectory) => {
    steps.forEach((gridStep, step) => {
      total++;
      const found = judge(gridStep, multiHop);
      if (typeof found === "string") dropped[found]++;
      else transitions.push({ trajectory, step, ...found });
    });
  });
  return { transitions, counts: { total, kept: transitions.length, dropped } };
}

/** A step as a transition, or the first rule that it breaks. */
function judge(
  { before, after, controls }: GridStep,
  multiHop: "drop" | "keep",
): FilterRule | Omit<Transition, "trajectory" | "step"> {
  if (controls.length !== 1) return "one-control";
  const [old, now] = [before, after].map(silicons);
  if (old.length !== 1 || now.length !== 1) return "one-silicon";
  const [silicon] = old;
  const shell = nearestTo(
    silicon,
    before.filter((atom) => atom !== silicon),
  );
  if (shell.length < 9) return "nine-neighbours";
  const d = shell.slice(0, 9).map((atom) => distance(atom, silicon));
  if (Math.abs(d[0] - d[3]) < bounds.fourfold) return "not-fourfold";
  if (!(d[2] < bounds.shell && d[3] > bounds.shell)) return "threefold";
  const close = nearestTo(silicon, after).slice(0, 4);
  const isFar = !close.includes(now[0]);
  if (isFar && multiHop === "drop") return "single-hop";
  const places = [silicon, ...shell.slice(0, 3)];
  const gaps = places.map((place) => Math.min(...close.map((atom) => distance(atom, place))));
  if (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length > bounds.alignment) return "aligned";
  return transitionOf({ silicon, neighbours: shell.slice(0, 3), now: now[0], isFar }, controls[0]);
}

function transitionOf(
  seen: {
    readonly silicon: Vector;
    readonly neighbours: readonly Vector[];
    readonly now: Vector;
    /** Whether silicon has gone beyond its neighbours. */
    readonly isFar: boolean;
  },
  { x, y, dwellTimeS, currentNanoA, voltageKv }: GridStep["controls"][number],
): Omit<Transition, "trajectory" | "step"> {
  const turn = (place: Vector): number => {
    const { x: dx, y: dy } = minus(place, seen.silicon);
    return Math.atan2(dy, dx);
  };
  // Counter-clockwise from some first one, as the sites of a honeycomb are; silicon's is an A site.
  const ordered = seen.neighbours.toSorted((a, b) => turn(a) - turn(b));
  const lattice = {
    origin: seen.silicon,
    angle: meanThirdTurn(ordered.map(turn)),
    bondLengthAngstrom,
  };
  const origin: Site = { i: 0, j: 0, sublattice: "A" };
  const sites = [origin, ...neighbours(origin)];
  const gaps = [seen.silicon, ...ordered].map((place) => distance(place, seen.now));
  const after = seen.isFar
    ? nearestSite(lattice, seen.now)
    : sites[gaps.indexOf(Math.min(...gaps))];
  return {
    latticeAngle: lattice.angle,
    sublattice: "A",
    beamXAngstrom: x - seen.silicon.x,
    beamYAngstrom: y - seen.silicon.y,
    dwellTimeS,
    currentNanoA,
    voltageKv,
    after: [{ ...after, probability: 1 }],
  };
}

/** The angle φ for which φ, φ + 120° and φ + 240° fit three directions best. */
function meanThirdTurn(turns: readonly number[]): number {
  const shifted = turns.map((turn, k) => turn - (2 * Math.PI * k) / 3);
  const x = shifted.reduce((sum, angle) => sum + Math.cos(angle), 0);
  const y = shifted.reduce((sum, angle) => sum + Math.sin(angle), 0);
  return Math.atan2(y, x);
}

function silicons(atoms: readonly Atom[]): readonly Atom[] {
  return atoms.filter(({ atomicNumber }) => atomicNumber === siliconNumber);
}

function nearestTo(place: Vector, atoms: readonly Atom[]): readonly Atom[] {
  return atoms.toSorted((a, b) => distance(a, place) - distance(b, place));
}
