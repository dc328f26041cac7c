import { InputError, split } from "@quadrivium/core";
import { bootstrapWeights, holdOut, independentGroups } from "../data/split.js";
import type { Transition } from "../data/transition.js";
import { bestOffset, measuredOffsets } from "./best-offset.js";
import { bandInflation } from "./calibrate.js";
import { hopsToResolve, referenceBeam, relativeBeams } from "./ensemble-data.js";
import { meanNll } from "./evaluate.js";
import { fitEquivariant } from "./fit-equivariant.js";
import { fitPaper } from "./fit-paper.js";
import { hopProbabilities, learningSet, type LearningSet } from "./learning-set.js";
import type { CompleteLearnOptions, LearnOptions } from "./learn-options.js";
import { openRateModel, type StoredRateModel } from "./model-file.js";
import type { RateModel } from "./rate-model.js";

/** A learned model, and the samples that it was not shown. */
export interface LearnResult {
  readonly stored: StoredRateModel;
  readonly model: RateModel;
  readonly heldOut: readonly Transition[];
  /** Mean negative log-likelihood of the held-out samples, any number of hops. @unit nats */
  readonly heldOutNll: number;
}

const fewestSamples = 20;

/**
 * Learns hop rates from transitions: an ensemble over bootstraps of whole trajectories, with bands
 * calibrated on trajectories that a member has not seen.
 *
 * @throws E_TRANSITIONS if there are fewer than 20 samples; E_NO_HOPS if none shows a hop
 */
export async function learnRates(
  transitions: readonly Transition[],
  given: LearnOptions,
): Promise<LearnResult> {
  const options = complete(given, transitions.length);
  refuseUseless(transitions);
  const [splitKey, bootstrapKey, fitKey] = split(options.key, 3);
  const groups = independentGroups(transitions);
  const { train, heldOut } = holdOut(groups, options.heldOutShare, splitKey);
  const shown = Array.from(train, (row) => transitions[row]);
  const judged = Array.from(heldOut, (row) => transitions[row]);
  refuseWithoutHops(shown);

  const setOf = (maxHops: number): LearningSet => learningSet(shown, maxHops);
  const set = setOf(hopsToResolve(shown, setOf));
  const reference = referenceBeam(shown, options.linearInCurrent && options.likelihood !== "paper");
  const weights = bootstrapWeights(
    Int32Array.from(train, (row) => groups[row]),
    options.members,
    bootstrapKey,
  );
  const fit = options.likelihood === "paper" ? fitPaper : fitEquivariant;
  const { network, params, noiseShare, hopProbability } = await fit({
    set,
    reference,
    weights,
    options,
    key: fitKey,
  });

  const { relativeCurrent } = relativeBeams(set, reference);
  const exposure = set.dwellTimeS.reduce((sum, time, row) => sum + time * relativeCurrent[row], 0);
  const draft: StoredRateModel = {
    version: 1,
    network,
    params,
    info: {
      reference,
      band: { inflation: 1, resolutionPerS: 1 / exposure },
      noiseShare,
      bestOffset: { along: 0, across: 0 },
      training: {},
    },
  };
  const inflation = bandInflation({ set, weights, hopProbability });
  const model = openRateModel({
    ...draft,
    info: { ...draft.info, band: { ...draft.info.band, inflation } },
  });
  const beam = { currentNanoA: reference.currentNanoA, voltageKv: reference.voltageKv };
  const reflection = options.reflection && options.likelihood !== "paper";
  const best = bestOffset(measuredOffsets(set, { reflection }), (along, across) =>
    model.cautious(along, across, beam),
  );
  const heldOutNll = judged.length === 0 ? NaN : meanNll(model, judged, noiseShare);
  const stored: StoredRateModel = {
    ...draft,
    info: {
      ...draft.info,
      band: { ...draft.info.band, inflation },
      bestOffset: best,
      training: {
        likelihood: options.likelihood,
        robust: options.robust,
        members: options.members,
        steps: options.steps,
        samples: shown.length,
        heldOutSamples: judged.length,
        hopsToldApart: set.maxHops,
        ...(Number.isFinite(heldOutNll) && { heldOutNll }),
      },
    },
  };
  return { stored, model: openRateModel(stored), heldOut: judged, heldOutNll };
}

function complete(given: LearnOptions, size: number): CompleteLearnOptions {
  const likelihood = given.likelihood ?? "exact";
  return {
    members: 5,
    robust: true,
    reflection: true,
    linearInCurrent: true,
    heldOutShare: 0.1,
    steps: defaultSteps(likelihood, size),
    ...given,
    likelihood,
  };
}

/** More data, longer fits: they can resolve more. */
function defaultSteps(likelihood: CompleteLearnOptions["likelihood"], size: number): number {
  if (likelihood === "paper") return 2000;
  return Math.round(Math.min(Math.max(1000 * Math.sqrt(size / 1000), 800), 3000));
}

function refuseUseless(transitions: readonly Transition[]): void {
  if (transitions.length >= fewestSamples) return;
  throw new InputError(
    "E_TRANSITIONS",
    `learnRates: rates can be learned from ${fewestSamples} transitions or more; ` +
      `got ${transitions.length}`,
  );
}

function refuseWithoutHops(shown: readonly Transition[]): void {
  const hops = hopProbabilities(learningSet(shown, 1)).reduce((sum, p) => sum + p, 0);
  if (hops >= 0.5) return;
  throw new InputError(
    "E_NO_HOPS",
    `learnRates: at least one sample must show a hop; got none in ${shown.length}; ` +
      "dwell longer, or nearer to a neighbour",
  );
}
