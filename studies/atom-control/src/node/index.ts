import { study as anywhere } from "../study.js";
import type { Study } from "@quadrivium/config";
import type { StudyConfig } from "../config.js";
import type { StudyResult } from "../train/result.js";
import { serveCommand } from "./serve.js";

/** The study with the verbs that need a machine: `serve` listens and writes its log. */
export const study: Study<StudyConfig, StudyResult> = {
  ...anywhere,
  commands: [...anywhere.commands, serveCommand] as Study["commands"],
};
export { connectAdapter, type RemoteAdapter } from "./remote-adapter.js";
export { hostAdapter } from "./adapter-host.js";
