import { foldIn, hostArray, streamOf, type Compute, type Key } from "@quadrivium/core";
import { compile, type np } from "@quadrivium/engine";
import { greedyAction } from "../agent/exploration.js";
import { FrameStack } from "../agent/frame-stack.js";
import { actionValues } from "../agent/learner.js";
import { environmentOf, type AgentConfig } from "../config.js";
import { levelsOf } from "../environments/levels.js";
import { applyNetwork, type NetworkParams } from "../network/network.js";
import type { Session } from "./session.js";

/** What an agent earns on the levels that it learned on, and on others. */
export type LevelReturns = {
  /** Mean return of an episode on each of the first training levels. */
  readonly training: number;
  /** Mean return of an episode on each held-out level. */
  readonly heldOut: number;
  /** Levels of either kind that were played. */
  readonly numTraining: number;
  readonly numHeldOut: number;
};

/** Share of random actions: enough that no episode goes round in a circle. */
const epsilon = 0.001;

/** Frames after which an episode is cut: the longest that a game of fixed length lasts. */
const maxFrames = 2501;

/**
 * Plays an episode on each of as many training levels as there are held-out ones, and on each of
 * those, by the best actions and without a noisy layer's noise; null where there are no levels.
 *
 * @param options.key decides the games, the same on both parts
 */
export async function playLevels(
  config: AgentConfig,
  session: Pick<Session, "network" | "params">,
  options: { readonly key: Key; readonly compute: Compute; readonly signal: AbortSignal },
): Promise<LevelReturns | null> {
  if (config.levels === 0) return null;
  const { levelSeed: seed, levels, heldOutLevels } = config;
  const parts = [
    levelsOf("training", { seed, count: Math.min(levels, heldOutLevels) }),
    levelsOf("held-out", { seed, count: heldOutLevels }),
  ];
  const policy = await openPolicy(config, session, options.compute);
  try {
    const means: number[] = [];
    for (const part of parts) {
      let sum = 0;
      for (const [index, level] of part.entries()) {
        options.signal.throwIfAborted();
        sum += await playEpisode(config, level, { ...policy, key: foldIn(options.key, index) });
      }
      means.push(sum / part.length);
    }
    const [training, heldOut] = means;
    const [numTraining, numHeldOut] = parts.map((part) => part.length);
    return { training, heldOut, numTraining, numHeldOut };
  } finally {
    await policy.dispose();
  }
}

interface Policy {
  values(observation: Float32Array): Promise<ArrayLike<number>>;
  dispose(): Promise<void>;
}

/** What the session's network ranks actions by, without noise. */
async function openPolicy(
  config: AgentConfig,
  { network, params }: Pick<Session, "network" | "params">,
  compute: Compute,
): Promise<Policy> {
  const { channels, height, width } = network.input;
  const shape = [1, channels, height, width];
  const program = await compile(
    (tree: np.Array, image: np.Array) => {
      const weights = tree as unknown as NetworkParams<np.Array>;
      return actionValues(config, applyNetwork(network, weights, image, {}).outputs);
    },
    [params as never, { dtype: "float32", shape }] as const,
    { ...compute, name: "playLevels" },
  );
  return {
    async values(observation) {
      const values = await program.run(params as never, hostArray(observation, shape) as never);
      const host = await values.read();
      values.dispose();
      return host.data as Float32Array;
    },
    dispose: () => program.dispose(),
  };
}

async function playEpisode(
  config: AgentConfig,
  level: Key,
  { key, values }: Pick<Policy, "values"> & { readonly key: Key },
): Promise<number> {
  const environment = environmentOf(config, streamOf(foldIn(key, 0)).nextUint32(), [level]);
  const { frameShape, pixelScale, numActions } = environment;
  const frameSize = frameShape.reduce((product, length) => product * length, 1);
  const stack = new FrameStack({ frameSize, frameStack: config.frameStack, pixelScale });
  const frame = new Uint8Array(frameSize);
  const stream = streamOf(foldIn(key, 1));
  let sum = 0;
  for (let n = 0; n < Math.min(maxFrames, config.maxEpisodeFrames); n++) {
    if (environment.terminated) break;
    environment.observe(frame);
    stack.push(frame);
    const isRandom = stream.uniform() <= epsilon;
    sum += environment.step(
      isRandom ? stream.below(numActions) : greedyAction(await values(stack.observation)),
    );
  }
  return sum;
}
