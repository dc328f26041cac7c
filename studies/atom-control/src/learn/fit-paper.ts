import { hostArray, split } from "@quadrivium/core";
import { adamW } from "@quadrivium/nn";
import { relativeBeams } from "./ensemble-data.js";
import { fitMembers, forecastHops, type FitData } from "./fit-members.js";
import type { FitInput, FitOutput } from "./learn-options.js";
import {
  initPaperMembers,
  paperForecast,
  paperObjective,
  sixfold,
  type PaperNetworkOptions,
} from "./paper/paper-network.js";

/** Width, batch and optimizer of the paper's script for measured data. */
const settings = { hidden: 128, batchSize: 256, learningRate: 1e-3, weightDecay: 0.1 };

/**
 * Fits the paper's network with the paper's loss on six symmetric copies of every sample, which are
 * made after the bootstrap, so that copies never straddle it.
 */
export async function fitPaper(input: FitInput): Promise<FitOutput> {
  const { reference, options, key } = input;
  const [initKey, orderKey] = split(key, 2);
  const { set, source } = sixfold(input.set);
  const beams = relativeBeams(set, reference);
  const { hidden, batchSize, learningRate, weightDecay } = settings;
  const weights = new Float32Array(options.members * set.size);
  for (let member = 0; member < options.members; member++) {
    source.forEach((row, copy) => {
      weights[member * set.size + copy] = input.weights[member * input.set.size + row];
    });
  }
  const columns = [0, 1].map((c) =>
    Array.from({ length: set.size }, (_, row) => beams.settings.data[2 * row + c]),
  );
  const places = [0, 1].map((c) =>
    Array.from({ length: set.size }, (_, row) => set.beam[2 * row + c]),
  );
  const inputs = [...columns, ...places].map(moments);
  const network: PaperNetworkOptions = {
    hidden,
    inputMean: inputs.map(({ mean }) => mean),
    inputScale: inputs.map(({ scale }) => scale),
  };
  const anchors = hostArray(new Float32Array(options.members), [options.members, 1]);
  const data: FitData = {
    set,
    ...beams,
    weights: hostArray(weights, [options.members, set.size]),
    anchors,
  };
  const start = initPaperMembers(initKey, options.members, hidden);
  const { params } = await fitMembers(start, data, {
    objective: paperObjective(network),
    optimizer: adamW({ learningRate, weightDecay }),
    steps: options.steps,
    batchSize,
    key: orderKey,
    compute: options.compute,
    signal: options.signal,
    onStep: (done) => options.onProgress?.(`paper: step ${done} of ${options.steps}`),
  });
  const hopProbability = await forecastHops(
    paperForecast(network),
    params,
    {
      ...data,
      ...relativeBeams(input.set, reference),
      set: input.set,
      weights: hostArray(input.weights, [options.members, input.set.size]),
    },
    options.compute,
  );
  return { network: { kind: "paper", ...network }, params, noiseShare: 0, hopProbability };
}

/** Mean and standard deviation; 1 in place of no deviation. */
function moments(values: readonly number[]): { readonly mean: number; readonly scale: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, scale: variance > 1e-12 ? Math.sqrt(variance) : 1 };
}
