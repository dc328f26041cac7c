import type { Command } from "@quadrivium/config";
import { controlCommand } from "./control.js";
import { learnCommand } from "./learn.js";
import { logCommand } from "./log.js";
import { simulateCommand } from "./simulate.js";

/** The study's verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [
  simulateCommand,
  learnCommand,
  controlCommand,
  logCommand,
] as readonly Command[];
