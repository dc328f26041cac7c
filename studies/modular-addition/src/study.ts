import type { Command, Study } from "@quadrivium/config";
import { dissectionCommands } from "./commands/index.js";
import { trainingConfig, type TrainingConfig } from "./config.js";
import { presets } from "./presets.js";
import { reproduction } from "./reproduction.js";
import type { TrainingResult } from "./train/result.js";
import { trainTask, trainTaskName } from "./train/train-spread.js";
import { train } from "./train/train.js";
import { weightsCommand } from "./train/weights-command.js";

/** The study of networks that learn a + b mod n. */
export const study: Study<TrainingConfig, TrainingResult> = {
  name: "modular-addition",
  title: "Networks that learn a + b mod n",
  paper: {
    title: "Uncovering a Universal Abstract Algorithm for Modular Addition in Neural Networks",
    authors:
      "Gavin McCracken, Gabriela Moisescu-Pareja, Vincent Létourneau, Doina Precup, Jonathan Love",
    id: "arXiv:2505.18266",
  },
  resultsVersion: 4,
  config: trainingConfig,
  presets,
  train,
  commands: [...dissectionCommands, weightsCommand] as readonly Command[],
  tasks: { [trainTaskName]: async (input, context) => trainTask(input, context) },
  reproduction,
};
