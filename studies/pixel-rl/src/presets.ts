import type { Preset } from "@quadrivium/config";
import type { AgentConfig } from "./config.js";

type Settings = { readonly [Name in keyof AgentConfig]?: AgentConfig[Name] };

/** Everything that Rainbow adds to DQN. */
const rainbow = {
  double: true,
  dueling: true,
  noisy: true,
  atoms: 51,
  nStep: 3,
  prioritized: true,
  optimizer: "adam",
  learningRate: 2.5e-4,
  optimizerEpsilon: 3.125e-4,
  learningStarts: 1000,
  updatePeriod: 4,
  targetPeriod: 250,
  returnWindow: 25_000,
} satisfies Settings;

/** Networks and optimizer of the bottleneck's study: the paper's encoder on small pictures. */
const bottleneck = {
  frames: 150_000,
  encoder: "impala",
  denseUnits: 512,
  scaleMode: "dense",
  optimizer: "adam",
  learningRate: 2.5e-4,
  optimizerEpsilon: 1.5e-4,
  learningStarts: 1000,
  updatePeriod: 4,
  targetPeriod: 250,
  epsilonFinal: 0.05,
  epsilonDecayFrames: 30_000,
  returnWindow: 25_000,
} satisfies Settings;

/** Data-efficient Rainbow: ten steps, an update every frame. */
const dataEfficientRainbow = {
  ...rainbow,
  frames: 100_000,
  nStep: 10,
  learningRate: 1e-4,
  optimizerEpsilon: 1.5e-4,
  learningStarts: 1600,
  updatePeriod: 1,
  targetPeriod: 2000,
} satisfies Settings;

/** DrQ(ε): double, dueling, ten steps, augmented images, a target that follows every update. */
const drq = {
  frames: 100_000,
  double: true,
  dueling: true,
  nStep: 10,
  augment: "shift",
  optimizer: "adam",
  learningRate: 1e-4,
  optimizerEpsilon: 1.5e-4,
  learningStarts: 1600,
  updatePeriod: 1,
  targetPeriod: 1,
  epsilonFinal: 0.01,
  epsilonDecayFrames: 5000,
  returnWindow: 25_000,
} satisfies Settings;

/** Proximal policy optimization with its usual settings, and four times their step size. */
const ppo = {
  algorithm: "ppo",
  frames: 300_000,
  numEnvs: 8,
  rolloutFrames: 128,
  epochs: 4,
  batchSize: 256,
  gaeLambda: 0.95,
  clipRange: 0.2,
  entropyWeight: 0.01,
  valueWeight: 0.5,
  maxGradNorm: 0.5,
  optimizer: "adam",
  learningRate: 1e-3,
  optimizerEpsilon: 1e-5,
  annealLearningRate: true,
  returnWindow: 25_000,
} satisfies Settings;

/** DQN that learns Breakout in half a minute: fewer updates, each a larger step. */
const quick = {
  frames: 50_000,
  optimizer: "adam",
  learningRate: 5e-4,
  optimizerEpsilon: 1e-4,
  learningStarts: 1000,
  updatePeriod: 4,
  targetPeriod: 250,
  epsilonFinal: 0.05,
  epsilonDecayFrames: 15_000,
  returnWindow: 10_000,
} satisfies Settings;

/** Named configurations. */
export const presets: { readonly [name: string]: Preset } = {
  "minatar-dqn": {
    summary: "MinAtar's published DQN; set frames=200000 to see it learn in minutes",
    set: {},
    expectedSeconds: 3000,
  },
  "minatar-quick": {
    summary: "a smaller DQN on MinAtar that learns within half a minute",
    set: quick,
    expectedSeconds: 30,
  },
  "minatar-rainbow": {
    summary: "double, dueling, distributional, noisy, prioritized, three-step DQN on MinAtar",
    set: { ...rainbow, frames: 200_000 },
    expectedSeconds: 1200,
  },
  "minatar-der": {
    summary: "data-efficient Rainbow's settings on MinAtar: an update every frame, ten steps",
    set: dataEfficientRainbow,
    expectedSeconds: 900,
  },
  "minatar-drq-epsilon": {
    summary: "DrQ(ε)'s settings on 20×20 pictures; not yet shown to learn",
    set: { ...drq, pixels: "sprite", cellSize: 2 },
    expectedSeconds: 2000,
  },
  "minatar-ppo": {
    summary: "proximal policy optimization on MinAtar, eight games side by side",
    set: ppo,
    expectedSeconds: 20,
  },
  "bottleneck-10": {
    summary: "DQN with the Impala encoder on the games' 10×10 planes; set bottleneck and scale",
    set: bottleneck,
    expectedSeconds: 900,
  },
  "bottleneck-20": {
    summary: "the same on 20×20 pictures",
    set: { ...bottleneck, pixels: "sprite", cellSize: 2 },
    expectedSeconds: 600,
  },
  "bottleneck-40": {
    summary: "the same on 40×40 pictures",
    set: { ...bottleneck, pixels: "sprite", cellSize: 4 },
    expectedSeconds: 1700,
  },
  "bottleneck-84": {
    summary: "the same on 84×84 pictures, Atari's size",
    set: { ...bottleneck, pixels: "sprite", cellSize: 8 },
    expectedSeconds: 6000,
  },
};
