import { hostArray, split } from "@quadrivium/core";
import { adam, schedules } from "@quadrivium/nn";
import { priorFor, relativeBeams } from "./ensemble-data.js";
import { fitMembers, forecastHops, stepsPerCall, type FitData } from "./fit-members.js";
import { hopGeometry } from "./hop-geometry.js";
import type { FitInput, FitOutput } from "./learn-options.js";
import type { LearningSet } from "./learning-set.js";
import { drawAnchors, initMembers, networkForm, type NetworkFormOptions } from "./network-form.js";
import {
  noiseShareOf,
  objective,
  outcomeForecast,
  type Likelihood,
  type PlanePoints,
} from "./objective.js";
import { plainMembers } from "./plain-network.js";
import type { StackedParameters } from "./rate-form.js";
import { propagationFor } from "./traced-outcomes.js";

const hidden = 32;
const batchSize = 128;
/**
 * Steps of the exact phase, as a share of the first's. Where silicon seldom goes beyond its
 * neighbours the first phase has done most of the work; else it was biased, and much is left.
 */
const exactShare = (maxHops: number): number => (maxHops <= 2 ? 0.25 : 0.6);
const learningRates = { firstHop: 5e-3, exact: 4e-3 };
/** Beyond this many expected hops an outcome tells nothing of the rates. */
const mostJumps = 40;

/**
 * Fits the equivariant network: first with the likelihood of single hops, which is ten times as
 * cheap, then, from there, with the exact one.
 */
export async function fitEquivariant(input: FitInput): Promise<FitOutput> {
  const { set, reference, weights, options, key } = input;
  const { members, robust, reflection, steps, compute, signal, onProgress } = options;
  const [initKey, anchorKey, firstKey, exactKey] = split(key, 4);
  const beams = relativeBeams(set, reference);
  const shape: NetworkFormOptions = {
    hidden,
    numSettings: 2,
    reflection,
    prior: priorFor(set, beams.relativeCurrent),
  };
  const form = networkForm(shape);
  const data: FitData = {
    set,
    ...beams,
    weights: hostArray(weights, [members, set.size]),
    anchors: drawAnchors(anchorKey, members),
  };
  const scanned = set.scanExposure.some((exposure) => exposure > 0);
  const common = { maxHops: set.maxHops, robust, ...(scanned && { plane: planePoints() }) };
  const phase = (name: string, count: number, believed: Likelihood) => ({
    objective: objective(form, { ...common, likelihood: believed }),
    penalty: form.penalty,
    optimizer: adam({
      learningRate: schedules.cosine({
        init: believed.kind === "exact" ? learningRates.exact : learningRates.firstHop,
        numSteps: Math.ceil(count / stepsPerCall) * stepsPerCall,
      }),
      beta2: 0.99,
    }),
    steps: count,
    batchSize,
    compute,
    signal,
    onStep: (done: number) => onProgress?.(`${name}: step ${done} of ${count}`),
  });

  let likelihood: Likelihood = { kind: "first-hop" };
  let { params } = await fitMembers(initMembers(initKey, members, shape), data, {
    ...phase("first hop", steps, likelihood),
    key: firstKey,
  });
  if (options.likelihood === "exact") {
    const jumps = expectedJumps(shape, params, { set, data });
    likelihood = {
      kind: "exact",
      propagation: propagationFor(Math.min(1.5 * jumps + 1, mostJumps)),
    };
    ({ params } = await fitMembers(params, data, {
      ...phase("exact", Math.round(exactShare(set.maxHops) * steps), likelihood),
      key: exactKey,
    }));
  }
  const shares = Array.from(params.noise.data, noiseShareOf);
  const noiseShare = robust ? shares.reduce((sum, value) => sum + value, 0) / members : 0;
  const { noise: _, ...weightsOnly } = params;
  const forecast = outcomeForecast(form, { ...common, likelihood });
  const hopProbability = await forecastHops(forecast, weightsOnly, data, compute);
  return {
    network: { kind: "equivariant", ...shape },
    params: weightsOnly,
    noiseShare,
    hopProbability,
  };
}

/** The most hops that any member expects of a dwell at the fastest site of the patch. */
function expectedJumps(
  shape: NetworkFormOptions,
  params: StackedParameters,
  { set, data }: { readonly set: LearningSet; readonly data: FitData },
): number {
  const { numHops, turn, shift } = hopGeometry(set.maxHops);
  const members = plainMembers(shape, params);
  const rates = new Float64Array(data.weights.shape[0]);
  const totals = new Float64Array(rates.length);
  let most = 0;
  // A few hundred samples tell it well enough.
  const stride = Math.max(1, Math.floor(set.size / 300));
  for (let row = 0; row < set.size; row += stride) {
    const [x, y] = [set.beam[2 * row], set.beam[2 * row + 1]];
    const settings = data.settings.data.subarray(2 * row, 2 * row + 2);
    const exposure = set.dwellTimeS[row] * data.relativeCurrent[row];
    for (let hop = 0; hop < numHops; hop++) {
      if (hop % 3 === 0) totals.fill(0);
      const along = turn[hop] * x + turn[numHops + hop] * y - shift[hop];
      const across =
        turn[2 * numHops + hop] * x + turn[3 * numHops + hop] * y - shift[numHops + hop];
      members(along, across, settings, rates);
      rates.forEach((rate, m) => (totals[m] += rate * exposure));
      if (hop % 3 === 2) most = Math.max(most, ...totals);
    }
  }
  return most;
}

/** A grid over the plane about the bond, for the exposure of images. */
function planePoints(): PlanePoints {
  const side = 0.25;
  const places: (readonly [number, number])[] = [];
  for (let x = -3 + side / 2; x < 4; x += side) {
    for (let y = -3 + side / 2; y < 3; y += side) places.push([x, y]);
  }
  return {
    along: Float32Array.from(places, ([x]) => x),
    across: Float32Array.from(places, ([, y]) => y),
    area: new Float32Array(places.length).fill(side * side),
  };
}
