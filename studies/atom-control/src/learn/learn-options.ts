import type { Compute, Key } from "@quadrivium/core";
import type { LearningSet } from "./learning-set.js";
import type { StoredRateModel } from "./model-file.js";
import type { StackedParameters } from "./rate-form.js";

/** How rates are learned. */
export interface LearnOptions {
  /** Decides everything random in the fit. */
  readonly key: Key;
  readonly compute: Compute;
  /** Members of the ensemble [5]. */
  readonly members?: number;
  /**
   * `exact` counts any number of hops in a dwell, `first-hop` one at most, `paper` is the published
   * network and loss [exact].
   */
  readonly likelihood?: "exact" | "first-hop" | "paper";
  /** Learns a share of wrong labels; else every label is believed [true]. */
  readonly robust?: boolean;
  /** Takes g to be even across the bond [true]. */
  readonly reflection?: boolean;
  /** Takes rates to be proportional to the current, and learns what differs from that [true]. */
  readonly linearInCurrent?: boolean;
  /** Steps of the first phase; the exact phase adds a quarter of them or more [by the number of samples]. */
  readonly steps?: number;
  /** Share of the trajectories that are held out to judge the fit [0.1]. */
  readonly heldOutShare?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (text: string) => void;
}

/** {@link LearnOptions} with every choice made. */
export type CompleteLearnOptions = Required<Omit<LearnOptions, "signal" | "onProgress">> &
  Pick<LearnOptions, "signal" | "onProgress">;

/** What every kind of fit is given. */
export interface FitInput {
  readonly set: LearningSet;
  readonly reference: StoredRateModel["info"]["reference"];
  readonly weights: Float32Array;
  readonly options: CompleteLearnOptions;
  readonly key: Key;
}

/** What every kind of fit returns. */
export interface FitOutput {
  readonly network: StoredRateModel["network"];
  readonly params: StackedParameters;
  /** Share of wrong labels. */
  readonly noiseShare: number;
  /** Each member's probability that silicon left its site. @shape [members, size] */
  readonly hopProbability: Float64Array;
}
