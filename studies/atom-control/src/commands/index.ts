import type { Command } from "@quadrivium/config";
import { controlCommand } from "./control.js";
import { exportCommand } from "./export.js";
import { importCommand } from "./import.js";
import { learnCommand } from "./learn.js";
import { locateCommand } from "./locate.js";
import { logCommand } from "./log.js";
import { simulateCommand } from "./simulate.js";
import { trackCommand } from "./track.js";

/** The study's verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [
  locateCommand,
  trackCommand,
  simulateCommand,
  importCommand,
  exportCommand,
  learnCommand,
  controlCommand,
  logCommand,
] as readonly Command[];
