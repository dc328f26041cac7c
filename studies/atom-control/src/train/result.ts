import type { BenchmarkSummary } from "../control/benchmark.js";
import type { LearningCurvePoint } from "../learn/learning-curve.js";
import type { Site } from "../model/honeycomb.js";

// Types, not interfaces: results are JSON, and only types show that they are.

type PlainSite = Pick<Site, "i" | "j" | "sublattice">;

/** One walk, to be looked at. */
export type ShownWalk = {
  /** Direction of an A site's first neighbour. @unit radians */
  readonly latticeAngle: number;
  readonly goal: PlainSite;
  /** Silicon as the images showed it. */
  readonly track: readonly { readonly site: PlainSite; readonly timeS: number }[];
};

/** What a run of walks found. */
export type WalkResult = Pick<BenchmarkSummary, keyof BenchmarkSummary> & {
  /** Time of each walk. @unit second */
  readonly seconds: readonly number[];
  /** The first walk, step by step. */
  readonly first: ShownWalk;
};

/** What learning an unknown map and walking on it came to. */
export type LearnedResult = {
  /** How much worse the learned map predicts than the truth. @unit nats per sample */
  readonly excessNll: number;
  /** Share of true rates inside the 5–95 % bands. */
  readonly coverage90: number;
  readonly heldOutNll: number | null;
  readonly learned: Pick<BenchmarkSummary, keyof BenchmarkSummary>;
  readonly oracle: Pick<BenchmarkSummary, keyof BenchmarkSummary>;
  /** Times of the walks planned on the learned map, and of the oracle's on the same tasks. @unit second */
  readonly seconds: readonly number[];
  readonly oracleSeconds: readonly number[];
  /** Rates with the beam on the bond's axis. */
  readonly profile: readonly {
    readonly along: number;
    readonly truth: number;
    readonly mean: number;
    readonly lower: number;
    readonly upper: number;
  }[];
};

/** What a learning curve came to. */
export type CurveResult = {
  readonly points: readonly Pick<LearningCurvePoint, keyof LearningCurvePoint>[];
};

/** What a run found. */
export type StudyResult = WalkResult | LearnedResult | CurveResult;
