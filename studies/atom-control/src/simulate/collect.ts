import { foldIn, streamOf, type Key, type Stream } from "@quadrivium/core";
import type { Transition } from "../data/transition.js";
import { bondLengthAngstrom, sameSite, sitePosition, type Site } from "../model/honeycomb.js";
import { siliconAfter } from "../model/kinetic-monte-carlo.js";
import { outcomeProbabilities } from "../model/outcome-probabilities.js";
import type { BeamSettings, RateMap } from "../model/rate-map.js";
import { plus } from "../model/vector.js";

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
  const { beam, squareBonds, dwellTimesS } = policy;
  const half = squareBonds * bondLengthAngstrom;
  const [shortest, longest] = dwellTimesS;
  const density = 1 / (2 * half) ** 2 / (longest > shortest ? longest - shortest : 1);
  const lattice = {
    origin: { x: 0, y: 0 },
    angle: (stream.uniform() * Math.PI) / 3,
    bondLengthAngstrom,
  };
  let silicon: Site = { i: 0, j: 0, sublattice: stream.below(2) === 0 ? "A" : "B" };
  for (let step = 0; step < steps; step++) {
    const beamOffset = {
      x: half * (2 * stream.uniform() - 1),
      y: half * (2 * stream.uniform() - 1),
    };
    const dwellTimeS = shortest + (longest - shortest) * stream.uniform();
    const beamPosition = plus(sitePosition(lattice, silicon), beamOffset);
    const now = siliconAfter(map, { lattice, silicon, beamPosition, dwellTimeS, beam }, stream);
    const { sublattice } = silicon;
    const after: Site = { i: now.i - silicon.i, j: now.j - silicon.j, sublattice: now.sublattice };
    const outcomes = outcomeProbabilities(map, {
      sublattice,
      angle: lattice.angle,
      beamOffset,
      dwellTimeS,
      beam,
    });
    const probability = outcomes.find(({ site }) => sameSite(site, after))?.probability ?? 0;
    silicon = now;
    const transition: Transition = {
      trajectory,
      step,
      latticeAngle: lattice.angle,
      sublattice,
      beamXAngstrom: beamOffset.x,
      beamYAngstrom: beamOffset.y,
      dwellTimeS,
      ...beam,
      after: [{ ...after, probability: 1 }],
      propensity: density,
    };
    yield { transition, probability };
  }
}
