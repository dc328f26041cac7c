import type { Study } from "@quadrivium/config";
import { commands } from "./commands/index.js";
import { agentConfig, networkOf, replayOptionsOf, type AgentConfig } from "./config.js";
import { costsOf } from "./network/costs.js";
import { presets } from "./presets.js";
import { reproduction } from "./reproduction.js";
import { replayBytes } from "./replay/replay.js";
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
  resultsVersion: 3,
  config: agentConfig,
  presets,
  // Parameters, target and two moments, in four bytes each, and the replay.
  checkpointBytes(config) {
    const { encoderParams, bottleneckParams, headParams } = costsOf(networkOf(config));
    return (
      16 * (encoderParams + bottleneckParams + headParams) + replayBytes(replayOptionsOf(config))
    );
  },
  train,
  commands,
  tasks: {},
  reproduction,
};
