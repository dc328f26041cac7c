import type { Stream } from "@quadrivium/core";

/** An action drawn by its log-probability; one uniform number is used. */
export function drawAction(logProbabilities: ArrayLike<number>, stream: Stream): number {
  let left = stream.uniform();
  for (let action = 0; action < logProbabilities.length - 1; action++) {
    left -= Math.exp(logProbabilities[action]);
    if (left < 0) return action;
  }
  return logProbabilities.length - 1;
}
