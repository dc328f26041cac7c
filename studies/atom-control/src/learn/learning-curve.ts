import { foldIn, type Compute, type Key } from "@quadrivium/core";
import type { Transition } from "../data/transition.js";
import type { RateMap } from "../model/rate-map.js";
import { collect, type CollectPolicy } from "../simulate/collect.js";
import { bandCoverage, excessNll, placeShare } from "./evaluate.js";
import type { LearnOptions } from "./learn-options.js";
import { learnRates } from "./learn-rates.js";

/** What a learning curve compares. */
export type LearnLikelihood = NonNullable<LearnOptions["likelihood"]>;

/** How a learning curve is drawn. */
export interface LearningCurveOptions {
  /** How samples are collected, and where fits are judged. */
  readonly policy: CollectPolicy;
  /** Numbers of samples, ascending: each fit sees the first so many of one collection. */
  readonly samples: readonly number[];
  /** Fits to the same samples that are compared [exact alone]. */
  readonly likelihoods?: readonly LearnLikelihood[];
  /** Collections, each with fits of its own [1]. */
  readonly repeats?: number;
  /** Places and dwells at which fits are judged [1000]. */
  readonly judgedSamples?: number;
  /** Networks in each ensemble [5]. */
  readonly members?: number;
  /** Steps of each fit [by the number of samples]. */
  readonly steps?: number;
  readonly key: Key;
  readonly compute: Compute;
  readonly signal?: AbortSignal;
}

/** One fit, judged by the truth. */
export interface LearningCurvePoint {
  readonly likelihood: LearnLikelihood;
  readonly samples: number;
  readonly repeat: number;
  /** Divergence from the true outcome probabilities. @unit nats per sample */
  readonly excessNll: number;
  /** True rate at the place recommended for the beam, over the greatest in the measured area. */
  readonly placeShare: number;
  /** Share of true rates inside the 5–95 % band. */
  readonly coverage90: number;
}

/**
 * How well rates are learned from more and more samples, for one or several likelihoods on the same
 * samples.
 *
 * Fits are judged where the same policy puts the beam, in a collection that none of them was shown.
 */
export async function* learningCurve(
  map: RateMap,
  options: LearningCurveOptions,
): AsyncGenerator<LearningCurvePoint, void, void> {
  const { policy, samples, likelihoods = ["exact"], repeats = 1, judgedSamples = 1000 } = options;
  const { members, steps, compute, signal } = options;
  const collected = (count: number, at: number): Transition[] =>
    Array.from(
      collect(map, { policy, samples: count, key: foldIn(options.key, at) }),
      ({ transition }) => transition,
    );
  const judged = collected(judgedSamples, 0);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const all = collected(Math.max(...samples), 2 * repeat + 1);
    for (const count of samples) {
      for (const likelihood of likelihoods) {
        const { model } = await learnRates(all.slice(0, count), {
          key: foldIn(options.key, 2 * repeat + 2),
          likelihood,
          compute,
          heldOutShare: 0,
          ...(members !== undefined && { members }),
          ...(steps !== undefined && { steps }),
          ...(signal !== undefined && { signal }),
        });
        yield {
          likelihood,
          samples: count,
          repeat,
          excessNll: excessNll(model, map, judged),
          placeShare: placeShare(model, map, all.slice(0, count)),
          coverage90: bandCoverage(model, map, judged),
        };
      }
    }
  }
}
