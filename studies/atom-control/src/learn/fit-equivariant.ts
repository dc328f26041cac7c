import { hostArray, split } from "@quadrivium/core";
import { adam, schedules } from "@quadrivium/nn";
import { relativeBeams } from "./ensemble-data.js";
import { fitMembers, forecastHops, stepsPerCall, type FitData } from "./fit-members.js";
import { hopGeometry } from "./hop-geometry.js";
import type { FitInput, FitOutput } from "./learn-options.js";
import type { LearningSet } from "./learning-set.js";
import { initMembers, networkForm, type NetworkFormOptions } from "./network-form.js";
import {
  noiseShareOf,
  objective,
  outcomeForecast,
  type Likelihood,
  type PlanePoints,
} from "./objective.js";
import { plainMembers } from "./plain-network.js";
import type { RateForm, StackedParameters } from "./rate-form.js";
import { broadPrior, priorFor } from "./rate-prior.js";
import { drawAnchors } from "./residual-prior.js";
import { propagationFor } from "./traced-outcomes.js";
import { unseenLoss } from "./unseen-loss.js";

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

/** Priors that are tried, with the standard deviation of the residual: how far rates may be from them. */
const tries = [
  { bump: "fitted", spread: 0.5 },
  { bump: "fitted", spread: 1.2 },
  { bump: "broad", spread: 4 },
] as const;

/**
 * Fits the equivariant network: first with the likelihood of single hops, which is ten times as
 * cheap, then, from there, with the exact one.
 *
 * What rates are drawn to and how firmly is chosen in the first phase, by the loss of samples that
 * members have not seen: the one bump that explains the outcomes best saves samples where rates are
 * a bump, and misleads where they are not.
 */
export async function fitEquivariant(input: FitInput): Promise<FitOutput> {
  const { set, reference, weights, options, key } = input;
  const { members, robust, reflection, steps, compute, signal, onProgress } = options;
  const [initKey, anchorKey, firstKey, exactKey] = split(key, 4);
  const beams = relativeBeams(set, reference);
  const bumps = {
    fitted: priorFor(set, beams.relativeCurrent),
    broad: broadPrior(set, beams.relativeCurrent),
  };
  const data: FitData = {
    set,
    ...beams,
    weights: hostArray(weights, [members, set.size]),
    anchors: drawAnchors(anchorKey, members),
  };
  const scanned = set.scanExposure.some((exposure) => exposure > 0);
  const common = { maxHops: set.maxHops, robust, ...(scanned && { plane: planePoints() }) };
  const phase = (name: string, count: number, held: RateForm, believed: Likelihood) => ({
    objective: objective(held, { ...common, likelihood: believed }),
    penalty: held.penalty,
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
  const forecast = async (
    held: RateForm,
    params: StackedParameters,
    likelihood: Likelihood,
  ): Promise<Float64Array> => {
    const believed = outcomeForecast(held, { ...common, likelihood });
    return forecastHops(believed, withoutNoise(params), data, compute);
  };

  const firstHop: Likelihood = { kind: "first-hop" };
  const tried = [];
  for (const { bump, spread } of tries) {
    const shape: NetworkFormOptions = { hidden, numSettings: 2, reflection, prior: bumps[bump] };
    const form = networkForm(shape, spread);
    const { params } = await fitMembers(initMembers(initKey, members, shape), data, {
      ...phase(`first hop, ${bump} prior, spread ${spread}`, steps, form, firstHop),
      key: firstKey,
    });
    const hopProbability = await forecast(form, params, firstHop);
    tried.push({
      shape,
      form,
      params,
      hopProbability,
      loss: unseenLoss({ set, weights, hopProbability }),
    });
  }
  const first = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  const { params, hopProbability } =
    options.likelihood === "exact" ? await fitExactly(first) : first;

  async function fitExactly({ shape, form, params: from }: typeof first) {
    const jumps = expectedJumps(shape, from, { set, data });
    const likelihood: Likelihood = {
      kind: "exact",
      propagation: propagationFor(Math.min(1.5 * jumps + 1, mostJumps)),
    };
    const { params: found } = await fitMembers(from, data, {
      ...phase("exact", Math.round(exactShare(set.maxHops) * steps), form, likelihood),
      key: exactKey,
    });
    return { params: found, hopProbability: await forecast(form, found, likelihood) };
  }

  const shares = Array.from(params.noise.data, noiseShareOf);
  const noiseShare = robust ? shares.reduce((sum, value) => sum + value, 0) / members : 0;
  return {
    network: { kind: "equivariant", ...first.shape },
    params: withoutNoise(params),
    noiseShare,
    hopProbability,
  };
}

/** The parameters of rates: a share of wrong labels is none. */
function withoutNoise(params: StackedParameters): StackedParameters {
  const { noise: _, ...weights } = params;
  return weights;
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
