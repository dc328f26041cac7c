import { foldIn, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { Transition } from "../data/transition.js";
import { bondLengthAngstrom, sameSite, sitePosition, type Site } from "../model/honeycomb.js";
import { siliconAfter, type Dwell } from "../model/kinetic-monte-carlo.js";
import { outcomeProbabilities } from "../model/outcome-probabilities.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { minus, plus, type Vector } from "../model/vector.js";

/** How random samples are collected: the beam anywhere in a square about silicon, any dwell. */
export interface CollectPolicy {
  readonly beam: BeamSettings;
  /** Half the side of the square. @unit bonds */
  readonly squareBonds: number;
  /** Shortest and longest dwell. @unit second */
  readonly dwellTimesS: readonly [number, number];
  /** Samples that follow one another on one sheet. */
  readonly stepsPerTrajectory: number;
}

/** One simulated transition, with the probability that the true map gave to what happened. */
export interface SimulatedTransition {
  readonly transition: Transition;
  readonly probability: number;
}

/**
 * Simulates the collection of samples: trajectory after trajectory, each on a sheet turned at random,
 * the beam's place and dwell drawn anew for each sample.
 */
export function* collect(
  map: RateMap,
  {
    policy,
    samples,
    key,
  }: { readonly policy: CollectPolicy; readonly samples: number; readonly key: Key },
): Generator<SimulatedTransition, void, void> {
  for (let trajectory = 0, left = samples; left > 0; trajectory++) {
    const steps = Math.min(left, policy.stepsPerTrajectory);
    yield* collectTrajectory(map, { policy, steps, trajectory }, streamOf(foldIn(key, trajectory)));
    left -= steps;
  }
}

function* collectTrajectory(
  map: RateMap,
  {
    policy,
    steps,
    trajectory,
  }: {
    readonly policy: CollectPolicy;
    readonly steps: number;
    readonly trajectory: number;
  },
  stream: Stream,
): Generator<SimulatedTransition, void, void> {
  const { beam } = policy;
  const lattice = {
    origin: { x: 0, y: 0 },
    angle: (stream.uniform() * Math.PI) / 3,
    bondLengthAngstrom,
  };
  let silicon: Site = { i: 0, j: 0, sublattice: stream.below(2) === 0 ? "A" : "B" };
  for (let step = 0; step < steps; step++) {
    const { beamOffset, dwellTimeS, propensity } = drawStay(policy, stream);
    const beamPosition = plus(sitePosition(lattice, silicon), beamOffset);
    const dwell = { lattice, silicon, beamPosition, dwellTimeS, beam };
    const now = siliconAfter(map, dwell, stream);
    yield {
      transition: { ...transitionBetween(dwell, now), trajectory, step, propensity },
      probability: trueProbability(map, dwell, now),
    };
    silicon = now;
  }
}

/** Draws where and how long the beam stays, with the density of that draw. */
export function drawStay(
  { squareBonds, dwellTimesS: [shortest, longest] }: CollectPolicy,
  stream: Stream,
): {
  readonly beamOffset: Vector;
  readonly dwellTimeS: number;
  readonly propensity: number;
} {
  const half = squareBonds * bondLengthAngstrom;
  const beamOffset = {
    x: half * (2 * stream.uniform() - 1),
    y: half * (2 * stream.uniform() - 1),
  };
  const dwellTimeS = shortest + (longest - shortest) * stream.uniform();
  const propensity = 1 / (2 * half) ** 2 / (longest > shortest ? longest - shortest : 1);
  return { beamOffset, dwellTimeS, propensity };
}

/** A dwell and where silicon is after it, as a sample. */
export function transitionBetween(
  { lattice, silicon, beamPosition, dwellTimeS, beam }: Dwell,
  now: Site,
): Omit<Transition, "trajectory" | "step"> {
  const { x, y } = minus(beamPosition, sitePosition(lattice, silicon));
  return {
    latticeAngle: lattice.angle,
    sublattice: silicon.sublattice,
    beamXAngstrom: x,
    beamYAngstrom: y,
    dwellTimeS,
    ...beam,
    after: [{ ...fromSite(silicon, now), probability: 1 }],
  };
}

/** The probability that the true map gives to where silicon went. */
export function trueProbability(map: RateMap, dwell: Dwell, now: Site): number {
  const { lattice, silicon, beamPosition, dwellTimeS, beam } = dwell;
  const outcomes = outcomeProbabilities(map, {
    sublattice: silicon.sublattice,
    angle: lattice.angle,
    beamOffset: minus(beamPosition, sitePosition(lattice, silicon)),
    dwellTimeS,
    beam,
  });
  const after = fromSite(silicon, now);
  return outcomes.find(({ site }) => sameSite(site, after))?.probability ?? 0;
}

/** A site with its cell counted from another's. */
function fromSite(from: Site, { i, j, sublattice }: Site): Site {
  return { i: i - from.i, j: j - from.j, sublattice };
}
