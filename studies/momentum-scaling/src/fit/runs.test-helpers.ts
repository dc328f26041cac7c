import { key, streamOf } from "@quadrivium/core";
import { lossAt, type LossSurface, type SizedRecord } from "./loss-surface.js";

/** The surface behind the runs. */
export const truth: LossSurface = {
  floor: 1.8172,
  paramsFactor: 482.01,
  paramsExponent: 0.3478,
  tokensFactor: 2085.43,
  tokensExponent: 0.3658,
};
const sizes = [1e7, 3e7, 1e8, 3e8, 1e9, 3e9];
const amounts = [1e9, 3e9, 1e10, 3e10, 1e11];
const grid = sizes.flatMap((numParams) =>
  amounts.map((numTokens) => ({ numParams, numTokens, run: `${numParams} ${numTokens}` })),
);
/** Losses of 30 runs, given size and data. */
export const runsOf = (
  loss: (record: { numParams: number; numTokens: number }, index: number) => number,
): SizedRecord[] => grid.map((record, i) => ({ ...record, loss: loss(record, i) }));
/** Losses on the surface with log-normal scatter. */
export const noisy = (seed: number, size: number): SizedRecord[] => {
  const stream = streamOf(key(seed));
  return runsOf((record) => lossAt(truth, record) * Math.exp(size * stream.normal()));
};
