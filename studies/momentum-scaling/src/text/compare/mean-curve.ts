import type { TextResult } from "../train/result.js";
import type { MeanCurve } from "./loss-exponent.js";

/** The mean training loss over runs that did not diverge. */
export function meanCurve(runs: readonly TextResult[]): MeanCurve {
  const stable = runs.filter(({ status }) => status === "stable");
  const numTokens = stable[0]?.curve.numTokens ?? [];
  const loss = numTokens.map(
    (_, point) =>
      stable.reduce((sum, { curve }) => sum + curve.trainLoss[point]!, 0) / stable.length,
  );
  return { numTokens, loss };
}
