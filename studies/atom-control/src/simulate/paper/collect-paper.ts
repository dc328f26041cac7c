import { foldIn, streamOf, type Key } from "@quadrivium/core";
import { bondLengthAngstrom, sitePosition } from "../../model/honeycomb.js";
import { paperBeam, type RateMap } from "../../model/rate-map.js";
import { plus } from "../../model/vector.js";
import {
  drawStay,
  transitionBetween,
  trueProbability,
  type CollectPolicy,
  type SimulatedTransition,
} from "../collect.js";
import {
  beginPaperEpisode,
  paperSimulator,
  stepPaperEpisode,
  type PaperObservation,
} from "./paper-microscope.js";

/** One trajectory of the published simulator under a random beam. */
export interface PaperTrajectory {
  /** One more than there are samples: each holds the beam controls that led to it. */
  readonly observations: readonly PaperObservation[];
  readonly samples: readonly SimulatedTransition[];
}

/** The published random agent: the beam evenly within 1.42 Å of silicon on either axis, for 1.5 s. */
export const paperPolicy: CollectPolicy = {
  beam: paperBeam,
  squareBonds: paperSimulator.reachAngstrom / bondLengthAngstrom,
  dwellTimesS: [paperSimulator.dwellTimeS, paperSimulator.dwellTimeS],
  stepsPerTrajectory: 20,
};

/**
 * Collects samples in the published simulator, trajectory after trajectory, each on a sheet of its own.
 *
 * Samples keep every dwell, also those with several hops, which the published filter drops.
 */
export function* collectPaper(
  map: RateMap,
  {
    policy,
    samples,
    key,
  }: { readonly policy: CollectPolicy; readonly samples: number; readonly key: Key },
): Generator<PaperTrajectory, void, void> {
  const { beam, stepsPerTrajectory } = policy;
  for (let trajectory = 0, left = samples; left > 0; trajectory++) {
    const stream = streamOf(foldIn(key, trajectory));
    let { scene, observation } = beginPaperEpisode(stream);
    const observations = [observation];
    const found: SimulatedTransition[] = [];
    for (let step = 0; step < Math.min(left, stepsPerTrajectory); step++) {
      const { lattice, silicon } = scene;
      const { beamOffset, dwellTimeS, propensity } = drawStay(policy, stream);
      const beamPosition = plus(sitePosition(lattice, silicon), beamOffset);
      const controls = [{ ...beamPosition, dwellTimeS, ...beam }];
      ({ scene, observation } = stepPaperEpisode(scene, { map, controls }, stream));
      observations.push(observation);
      const dwell = { lattice, silicon, beamPosition, dwellTimeS, beam };
      found.push({
        transition: { ...transitionBetween(dwell, scene.silicon), trajectory, step, propensity },
        probability: trueProbability(map, dwell, scene.silicon),
      });
    }
    left -= found.length;
    yield { observations, samples: found };
  }
}
