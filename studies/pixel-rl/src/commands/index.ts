import type { Command } from "@quadrivium/config";
import { anatomyCommand } from "./anatomy.js";
import { emulatorCommand } from "./emulator.js";
import { paramsCommand } from "./params.js";
import { statsCommand } from "./stats.js";
import { traceCommand } from "./trace.js";
import { watchCommand } from "./watch.js";

/** The study's verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [
  anatomyCommand,
  emulatorCommand,
  paramsCommand,
  statsCommand,
  traceCommand,
  watchCommand,
] as readonly Command[];
