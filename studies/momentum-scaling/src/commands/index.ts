import type { Command } from "@quadrivium/config";
import { adaptiveCommand } from "./adaptive.js";
import { curveCommand } from "./curve.js";
import { estimateCommand } from "./estimate.js";
import { exploreCommand } from "./explore.js";
import { fitCommand } from "./fit.js";
import { exponentsCommand } from "./exponents.js";
import { frontierCommand } from "./frontier.js";
import { momentsCommand } from "./moments.js";
import { textCompareCommand } from "./text-compare.js";

/** The study's verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [
  curveCommand,
  exponentsCommand,
  frontierCommand,
  exploreCommand,
  momentsCommand,
  adaptiveCommand,
  textCompareCommand,
  estimateCommand,
  fitCommand,
] as readonly Command[];
