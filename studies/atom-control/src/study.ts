import type { Study } from "@quadrivium/config";
import { commands } from "./commands/index.js";
import { studyConfig, type StudyConfig } from "./config.js";
import { presets } from "./presets.js";
import { reproduction } from "./reproduction.js";
import type { StudyResult } from "./train/result.js";
import { trainStudy } from "./train/train-study.js";

/** The study of silicon in graphene under the electron beam. */
export const study: Study<StudyConfig, StudyResult> = {
  name: "atom-control",
  title: "Silicon in graphene: learn its hops, walk it to its goal",
  paper: {
    title:
      "Learning and Controlling Silicon Dopant Transitions in Graphene using Scanning Transmission Electron Microscopy",
    authors:
      "Max Schwarzer, Jesse Farebrother, Joshua Greaves, Ekin Dogus Cubuk, Rishabh Agarwal, Aaron Courville, " +
      "Marc G. Bellemare, Sergei Kalinin, Igor Mordatch, Pablo Samuel Castro, Kevin M. Roccapriore",
    id: "arXiv:2311.17894",
  },
  resultsVersion: 4,
  config: studyConfig,
  presets,
  train: trainStudy,
  commands,
  tasks: {},
  reproduction,
};
