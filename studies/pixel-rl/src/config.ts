import { nearest } from "@quadrivium/config";
import type { Key } from "@quadrivium/core";
import { z } from "zod";
import { distractorNames } from "./environments/distractor.js";
import { environmentNames, makeEnvironment } from "./environments/environment.js";
import { levelsOf } from "./environments/levels.js";
import type { CellSize } from "./environments/picture.js";
import { bottleneckNames } from "./network/bottleneck/bottleneck.js";
import { tokenKinds } from "./network/bottleneck/map-tokens.js";
import { encoderNames } from "./network/encoders.js";
import { makeNetwork, type Network } from "./network/network.js";
import { scaled, scaleModes } from "./network/scale.js";
import { sparsifyModes, sparsifyScopes, type SparsifierOptions } from "./sparsity/sparsifier.js";
import { replayBytes, type ReplayOptions } from "./replay/replay.js";

const gibibyte = 2 ** 30;

/** Settings that mean nothing to a policy: others than the defaults are refused. */
const replayOnly = [
  "double",
  "dueling",
  "noisy",
  "atoms",
  "nStep",
  "prioritized",
  "updatesPerStep",
  "augment",
  "redo",
  "redoTau",
] as const;

/**
 * Everything that decides a run but its seed. Flat, so that every field is one flag. The clock
 * counts frames, and in these environments a frame is also an agent's step.
 *
 * Defaults are MinAtar's published DQN.
 *
 * @source Young and Tian 2019, "MinAtar", §4
 */
export const agentConfig = z
  .object({
    env: z.string().default("minatar/breakout").describe(environmentNames.join(", ")),
    pixels: z
      .enum(["planes", "grid", "sprite"])
      .default("planes")
      .describe("planes: one channel a kind of object, 10×10; grid, sprite: RGB pictures"),
    cellSize: z
      .union([z.literal(2), z.literal(4), z.literal(8)])
      .default(2)
      .describe("pixels a side of a cell in pictures: images of 20², 40² or 84²"),
    distractor: z
      .enum(distractorNames)
      .default("none")
      .describe("what moves behind the objects of grid and sprite pictures"),
    distractorContrast: z.number().min(0).max(1).default(0.5).describe("its largest brightness"),
    frameStack: z.int().min(1).max(16).default(1).describe("frames in an observation"),
    sticky: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .describe("probability that a frame repeats the last action"),
    ramping: z.boolean().default(true).describe("whether games get faster as they are played"),
    levels: z
      .int()
      .min(0)
      .max(100_000)
      .default(0)
      .describe("levels to learn on, of varied rules and looks; 0 for the published game"),
    levelSeed: z.int().min(0).default(0).describe("decides which levels there are"),
    heldOutLevels: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe("levels never learned on that are played in the end, an episode each"),
    maxEpisodeFrames: z
      .int()
      .min(1)
      .default(100_000)
      .describe("frames after which an episode is cut short; its last value is bootstrapped"),
    frames: z.int().min(1).max(1_000_000_000).default(1_000_000).describe("frames to play"),

    encoder: z.enum(encoderNames).default("minatar").describe("the convolutions"),
    bottleneck: z
      .enum(bottleneckNames)
      .default("flatten")
      .describe("the connection from the encoder's map to the first dense layer"),
    poolSize: z.int().min(1).max(64).default(2).describe("places a side that `pool` leaves"),
    tokens: z
      .enum(tokenKinds)
      .default("per-conv")
      .describe("what a token of tokens-mean, tokens-sum and soft-moe is"),
    coordinates: z
      .boolean()
      .default(false)
      .describe("whether the encoder also sees each place's row and column"),
    sparsify: z
      .enum(sparsifyModes)
      .default("none")
      .describe("how weights become few: static masks, rigl, or gradual pruning"),
    sparsifyScope: z
      .enum(sparsifyScopes)
      .default("bottleneck")
      .describe("the kernels that become sparse: the bottleneck's alone, or all"),
    sparsity: z.number().min(0).lt(1).default(0.95).describe("share of zero weights in the end"),
    maskPeriod: z.int().min(1).default(1000).describe("updates between two changes of the masks"),
    redo: z
      .int()
      .min(0)
      .default(0)
      .describe("updates between two recyclings of dormant units (ReDo); 0 for none"),
    redoTau: z
      .number()
      .min(0)
      .max(1)
      .default(0.025)
      .describe("share of their layer's mean activity up to which units are recycled"),
    numExperts: z.int().min(1).max(64).default(1).describe("experts of `soft-moe`"),
    denseUnits: z.int().min(1).max(65_536).default(128).describe("units of the first dense layer"),
    scaleMode: z
      .enum(scaleModes)
      .default("all")
      .describe("what `scale` multiplies: encoder channels, dense units, all, or depth"),
    scale: z.int().min(1).max(16).default(1).describe("factor on the network's size"),
    padding: z.enum(["SAME", "VALID"]).default("SAME").describe("around nature's convolutions"),

    algorithm: z
      .enum(["q-learning", "ppo"])
      .default("q-learning")
      .describe("q-learning from a replay, or proximal policy optimization"),
    double: z.boolean().default(false).describe("choose the next action by the online network"),
    dueling: z.boolean().default(false).describe("learn a value and advantages apart"),
    noisy: z.boolean().default(false).describe("explore by noise on the dense layers"),
    atoms: z.int().min(1).max(201).default(1).describe("atoms of the return; 1 for its mean alone"),
    valueMax: z.number().gt(0).default(10).describe("atoms span [−valueMax, valueMax]"),
    nStep: z.int().min(1).max(100).default(1).describe("frames whose rewards a target sums"),
    prioritized: z.boolean().default(false).describe("replay by priority √loss"),

    loss: z.enum(["huber", "squared"]).default("huber").describe("of the value's error"),
    optimizer: z.enum(["rmsprop", "adam"]).default("rmsprop").describe("rmsprop is centred"),
    learningRate: z.number().gt(0).max(1).default(2.5e-4).describe("step size"),
    optimizerEpsilon: z.number().gt(0).max(1).default(0.01).describe("added to the root"),
    annealLearningRate: z
      .boolean()
      .default(false)
      .describe("whether the step size falls in a straight line to 0 at the run's end"),
    maxGradNorm: z
      .number()
      .gt(0)
      .nullable()
      .default(null)
      .describe("longer gradients are shortened to this length"),
    discount: z.number().min(0).max(1).default(0.99).describe("γ"),
    rewardClip: z.number().gt(0).nullable().default(null).describe("rewards beyond ± are clipped"),
    batchSize: z.int().min(1).max(4096).default(32).describe("samples in an update"),
    replayCapacity: z.int().min(2).default(100_000).describe("frames kept"),
    replayGiB: z.number().gt(0).default(4).describe("largest replay allowed, in GiB"),
    learningStarts: z.int().min(1).default(5000).describe("frames played before the first update"),
    updatePeriod: z.int().min(1).default(1).describe("frames between two updates"),
    updatesPerStep: z
      .int()
      .min(1)
      .max(64)
      .default(1)
      .describe("updates made each time that updatePeriod has passed"),
    augment: z
      .enum(["none", "shift"])
      .default("none")
      .describe("shift: move and brighten sampled images by chance, as DrQ does"),
    targetPeriod: z.int().min(1).default(1000).describe("updates between copies to the target"),
    epsilonFinal: z.number().min(0).max(1).default(0.1).describe("random actions in the end"),
    epsilonDecayFrames: z
      .int()
      .min(0)
      .default(100_000)
      .describe("frames over which the share falls from 1, after learning starts"),

    numEnvs: z.int().min(1).max(1024).default(8).describe("ppo: games played side by side"),
    rolloutFrames: z
      .int()
      .min(1)
      .max(65_536)
      .default(128)
      .describe("ppo: frames of each game between two rounds of learning"),
    epochs: z.int().min(1).max(100).default(4).describe("ppo: passes over a rollout"),
    gaeLambda: z.number().min(0).max(1).default(0.95).describe("ppo: λ of the advantages"),
    clipRange: z
      .number()
      .gt(0)
      .default(0.2)
      .describe("ppo: how far an action's probability may move from 1 in ratio"),
    entropyWeight: z.number().min(0).default(0.01).describe("ppo: weight of the policy's entropy"),
    valueWeight: z.number().min(0).default(0.5).describe("ppo: weight of the value's loss"),

    examineEvery: z
      .int()
      .min(0)
      .default(25_000)
      .describe("frames between two looks into the network, told as metrics; 0 for none"),
    kernelSamples: z
      .int()
      .min(0)
      .max(256)
      .default(16)
      .describe("samples of a batch whose gradients a look compares; a copy of the weights each"),
    returnWindow: z.int().min(1).default(50_000).describe("last frames that meanReturn is over"),
    checkpointEvery: z.int().min(1).default(50_000).describe("frames between two checkpoints"),
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (!environmentNames.includes(config.env)) {
      const near = nearest(config.env, environmentNames);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      refuse("env", `must be one of ${environmentNames.join(", ")}; got "${config.env}"${hint}`);
      return;
    }
    if (config.distractor !== "none" && config.pixels === "planes") {
      refuse("distractor", `needs pixels grid or sprite; got planes`);
    }
    if (config.redo > 0 && config.bottleneck === "soft-moe") {
      refuse("redo", `needs a bottleneck with one dense layer; got soft-moe; use redo 0`);
    }
    if (config.algorithm === "ppo") {
      for (const name of replayOnly) {
        const standing = agentConfig.shape[name].parse(undefined);
        if (config[name] !== standing) {
          refuse(name, `is of q-learning; got ${config[name]} with algorithm ppo`);
        }
      }
      const samples = config.numEnvs * config.rolloutFrames;
      if (samples % config.batchSize !== 0) {
        refuse(
          "batchSize",
          `must divide numEnvs · rolloutFrames = ${samples}; got ${config.batchSize}`,
        );
      }
      return;
    }
    if (config.learningStarts < config.batchSize + config.nStep + config.frameStack) {
      refuse(
        "learningStarts",
        `must exceed batchSize + nStep + frameStack frames; got ${config.learningStarts}`,
      );
    }
    if (config.learningStarts > config.replayCapacity) {
      refuse("learningStarts", `must not exceed replayCapacity; got ${config.learningStarts}`);
    }
    const bytes = replayBytes(replayOptionsOf(config));
    if (bytes > config.replayGiB * gibibyte) {
      refuse(
        "replayCapacity",
        `would take ${(bytes / gibibyte).toFixed(2)} GiB of memory; got a limit of ` +
          `${config.replayGiB} GiB; use replayCapacity ` +
          `${Math.floor((config.replayCapacity * config.replayGiB * gibibyte) / bytes)} or less, ` +
          `a smaller cellSize, or raise replayGiB if this machine has the memory`,
      );
    }
  });

/** A checked configuration, every default filled in. */
export type AgentConfig = z.output<typeof agentConfig>;

/**
 * A configuration's environment.
 *
 * @param levels are played in place of those to learn on
 */
export function environmentOf(
  config: AgentConfig,
  seed: number,
  levels: readonly Key[] = levelsOf("training", { seed: config.levelSeed, count: config.levels }),
) {
  return makeEnvironment(config.env, {
    seed,
    pixels: config.pixels,
    cellSize: config.cellSize as CellSize,
    stickyActionProbability: config.sticky,
    ramping: config.ramping,
    distractor: config.distractor,
    distractorContrast: config.distractorContrast,
    levels,
  });
}

/** A configuration's value network. */
export function networkOf(config: AgentConfig): Network {
  const { numActions, frameShape } = environmentOf(config, 0);
  const [channels, height, width] = frameShape;
  return makeNetwork(
    {
      ...config,
      ...scaled(config.scaleMode, config.scale, config.denseUnits),
      numActions,
      numAtoms: config.atoms,
      actorCritic: config.algorithm === "ppo",
    },
    { height, width, channels: channels * config.frameStack },
  );
}

/** A configuration's replay; it is never larger than the run is long. */
export function replayOptionsOf(config: AgentConfig): ReplayOptions {
  const { frameShape } = environmentOf(config, 0);
  return {
    capacity: Math.min(config.replayCapacity, config.frames),
    frameSize: frameShape.reduce((product, length) => product * length, 1),
    bitsPerPixel: config.pixels === "planes" ? 1 : 8,
    frameStack: config.frameStack,
    nStep: config.nStep,
    discount: config.discount,
    prioritized: config.prioritized,
  };
}

/** Updates that a whole run makes. */
export function totalUpdates(config: AgentConfig): number {
  if (config.algorithm === "ppo") {
    const { numEnvs, rolloutFrames, epochs, batchSize } = config;
    const samples = numEnvs * rolloutFrames;
    return Math.max(1, Math.floor(config.frames / samples) * epochs * (samples / batchSize));
  }
  const { frames, learningStarts, updatePeriod, updatesPerStep } = config;
  const upTo = (frame: number): number => Math.floor(Math.max(0, frame) / updatePeriod);
  return Math.max(1, updatesPerStep * (upTo(frames) - upTo(learningStarts - 1)));
}

/** How a configuration's network becomes sparse. */
export function sparsifierOf(config: AgentConfig): SparsifierOptions {
  return { ...config, totalUpdates: totalUpdates(config) };
}
