import type { Command } from "@quadrivium/config";
import { controlCommand } from "./control.js";
import { simulateCommand } from "./simulate.js";

/** The study's verbs, in the order in which help lists them. */
export const commands: readonly Command[] = [simulateCommand, controlCommand] as readonly Command[];
