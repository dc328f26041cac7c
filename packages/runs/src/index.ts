export { lastHeartbeat, readAttempts, type AttemptStart, type Heartbeat } from "./attempt.js";
export { attemptChain, readMetrics, type ChainLink } from "./chain.js";
export { clear, clearableRun, needlessBeside, needlessIn, type Clearance } from "./clear.js";
export { codeVersion, showCodeVersion, type CodeVersion } from "./code-version.js";
export { driveRun, type DriveOptions, type DriveOutcome } from "./drive.js";
export { formatBytes, freeBytes } from "./files/disk.js";
export { flattenCheckpoint, type FlatTree } from "./tree-codec.js";
export { writeFileAtomic } from "./files/atomic-file.js";
export { finishedRun, lastCheckpoint } from "./finished-run.js";
export { finiteJson } from "./finite-json.js";
export { localMap, taskOf, type Tasks } from "./local-map.js";
export { thisMachine, type Machine } from "./machine.js";
export { type Manifest } from "./manifest.js";
export { type Metric } from "./metrics-log.js";
export { type RunProgress } from "./progress.js";
export { readResult, type RunResult } from "./result.js";
export {
  createRun,
  ensureRun,
  findRun,
  listRuns,
  openRun,
  type BrokenRun,
  type Run,
  type RunSpec,
} from "./run-store.js";
export { runStatus, type RunStatus } from "./status.js";
export { parallelMap } from "./pool/parallel-map.js";
export { ProcessPool, type PoolOptions } from "./pool/process-pool.js";
export { serveTasks, type TaskHandler } from "./pool/serve-tasks.js";
export { type Job } from "./pool/worker.js";
