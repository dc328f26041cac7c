import { join } from "node:path";

/** The names of everything in a run folder. */
export const layout = {
  manifest: "manifest.json",
  result: "result.json",
  attempts: "attempts",
  start: "start.json",
  end: "end.json",
  heartbeat: "heartbeat.json",
  metrics: "metrics.jsonl",
  log: "log.jsonl",
  checkpoints: "checkpoint",
  state: "state.json",
  tree: "tree.safetensors",
  segments: "segments",
} as const;

/** The folder of a run's attempt. */
export function attemptFolder(runFolder: string, attempt: number): string {
  return join(runFolder, layout.attempts, String(attempt));
}
