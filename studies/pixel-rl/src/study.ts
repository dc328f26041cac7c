import type { Study } from "@quadrivium/config";
import { commands } from "./commands/index.js";
import { agentConfig, networkOf, replayOptionsOf, type AgentConfig } from "./config.js";
import { costsOf } from "./network/costs.js";
import { presets } from "./presets.js";
import { reproduction } from "./reproduction.js";
import { replayBlockBytes, replayBytes } from "./replay/replay.js";
import type { TrainingResult } from "./train/result.js";
import { train } from "./train/train.js";

/** The study of value-based agents from pixels and their bottleneck. */
export const study: Study<AgentConfig, TrainingResult> = {
  name: "pixel-rl",
  title: "Where wide value networks fail: the bottleneck",
  paper: {
    title: "Mind the GAP! The Challenges of Scale in Pixel-based Deep Reinforcement Learning",
    authors: "Ghada Sokar, Pablo Samuel Castro",
    id: "arXiv:2505.17749",
  },
  resultsVersion: 4,
  config: agentConfig,
  presets,
  // a run is counted in frames throughout: a frame is one step of a game
  synonyms: { steps: "frames", game: "env", lr: "learningRate", gamma: "discount", width: "scale" },
  // Parameters, target and two moments, in four bytes each, priorities and two blocks of replay.
  checkpointBytes(config) {
    const { encoderParams, bottleneckParams, headParams } = costsOf(networkOf(config));
    const replay = replayOptionsOf(config);
    const loose = Math.min(2 * replayBlockBytes, replayBytes(replay));
    return 16 * (encoderParams + bottleneckParams + headParams) + 8 * replay.capacity + loose;
  },
  // Two checkpoints after the oldest, the ring has moved on by two periods at most.
  segmentBytes(config) {
    const replay = replayOptionsOf(config);
    const steps = replay.capacity + 2 * config.checkpointEvery;
    return replayBytes({ ...replay, capacity: Math.min(steps, config.frames), prioritized: false });
  },
  train,
  commands,
  tasks: {},
  reproduction,
};
