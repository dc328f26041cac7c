import { hostArray, type HostArray } from "@quadrivium/core";
import type { PolicySamples } from "./actor-critic.js";
import { generalizedAdvantages } from "./advantages.js";

/** What several games gave over some frames: frame by frame, in each frame game by game. */
export interface Rollout {
  readonly observation: Float32Array;
  readonly action: Int32Array;
  readonly logProbability: Float32Array;
  readonly reward: Float32Array;
  /** Value of the state, and of the one that followed; see `RolloutValues`. */
  readonly value: Float32Array;
  readonly nextValue: Float32Array;
  readonly over: Uint8Array;
}

/** A rollout of so many samples, to be filled. */
export function emptyRollout(numSamples: number, observationSize: number): Rollout {
  return {
    observation: new Float32Array(numSamples * observationSize),
    action: new Int32Array(numSamples),
    logProbability: new Float32Array(numSamples),
    reward: new Float32Array(numSamples),
    value: new Float32Array(numSamples),
    nextValue: new Float32Array(numSamples),
    over: new Uint8Array(numSamples),
  };
}

/** What is learned from a rollout. It keeps its arrays. */
export function samplesOf(
  rollout: Rollout,
  given: Parameters<typeof generalizedAdvantages>[1],
): PolicySamples {
  const { observation, action, logProbability, reward, value, nextValue, over } = rollout;
  const advantage = generalizedAdvantages(
    { rewards: reward, values: value, nextValues: nextValue, over },
    given,
  );
  const goal = advantage.map((gain, i) => gain + value[i]);
  return { observation, action, logProbability, advantage, goal };
}

/** The samples at some places, in their order. */
export function gather(samples: PolicySamples, places: ArrayLike<number>): PolicySamples {
  const size = samples.action.length;
  const part = <Data extends Float32Array | Int32Array>(data: Data, empty: Data): Data => {
    const length = data.length / size;
    for (let i = 0; i < places.length; i++) {
      empty.set(data.subarray(places[i] * length, (places[i] + 1) * length), i * length);
    }
    return empty;
  };
  const floats = (data: Float32Array): Float32Array =>
    part(data, new Float32Array((data.length / size) * places.length));
  return {
    observation: floats(samples.observation),
    action: part(samples.action, new Int32Array(places.length)),
    logProbability: floats(samples.logProbability),
    advantage: floats(samples.advantage),
    goal: floats(samples.goal),
  };
}

/** Arrays by name, copied for a checkpoint. */
export function saveArrays(arrays: Rollout | PolicySamples): {
  readonly [name: string]: HostArray;
} {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, data]: [string, Float32Array]) => [
      name,
      hostArray(data.slice(), [data.length]),
    ]),
  );
}

/** What {@link saveArrays} kept. */
export function restoreArrays<Arrays extends Rollout | PolicySamples>(saved: {
  readonly [name: string]: HostArray;
}): Arrays {
  return Object.fromEntries(
    Object.entries(saved).map(([name, { data }]) => [name, (data as Float32Array).slice()]),
  ) as unknown as Arrays;
}
