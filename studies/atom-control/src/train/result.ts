import type { BenchmarkSummary } from "../control/benchmark.js";
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
export type StudyResult = Pick<BenchmarkSummary, keyof BenchmarkSummary> & {
  /** Time of each walk. @unit second */
  readonly seconds: readonly number[];
  /** The first walk, step by step. */
  readonly first: ShownWalk;
};
