import type { Examination } from "../diagnostics/examine.js";
import type { LevelReturns } from "./play-levels.js";

/** What a run ends with. */
export type TrainingResult = {
  /** Mean return of the episodes that ended in the last `returnWindow` frames; null for none. */
  readonly meanReturn: number | null;
  /** Episodes behind it. */
  readonly episodesInWindow: number;
  readonly episodes: number;
  readonly updates: number;
  /** Frames and updates a second of this attempt's training, by the clock on the wall. */
  readonly framesPerSecond: number;
  readonly updatesPerSecond: number;
  /** Number of parameters of the whole network. */
  readonly numParams: number;
  /** Share of the parameters of encoder and bottleneck that the bottleneck holds. */
  readonly bottleneckShare: number;
  /** Share of zeros among the weights that the run makes sparse; 0 where it makes none. */
  readonly sparsity: number;
  /** What the agent earns on levels it learned on and on others; null where there are no levels. */
  readonly levels: LevelReturns | null;
  /** A look into the trained network; null where nothing was learned. */
  readonly examination: Examination | null;
};
