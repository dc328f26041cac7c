export { traceGame, type Trace, type TraceOptions } from "./environments/minatar/trace.js";
export { MinAtarEnvironment, type MinAtarOptions } from "./environments/minatar/environment.js";
export { makeEnvironment, type Environment } from "./environments/environment.js";
export { objectMask, pictureSide, type CellSize } from "./environments/picture.js";
export { openConsole, type AtariConsole, type Controls } from "./atari/console.js";
export { AtariEnvironment, type AtariOptions } from "./atari/atari-environment.js";
export { atariGame, atariGames, type AtariGame } from "./atari/games.js";
export { agentConfig, networkOf, type AgentConfig } from "./config.js";
export { bottleneckNames, type BottleneckName } from "./network/bottleneck/bottleneck.js";
export { costsOf, type NetworkCosts } from "./network/costs.js";
export { encoderNames, type EncoderName } from "./network/encoders.js";
export {
  applyNetwork,
  initNetwork,
  makeNetwork,
  type Network,
  type NetworkOptions,
  type NetworkParams,
} from "./network/network.js";
export { Replay, type ReplayOptions, type Step } from "./replay/replay.js";
export { emptyBatch, type Batch } from "./replay/batch.js";
export { openAgent, type Agent } from "./agent/agent.js";
export { atomValues, projectAtoms } from "./agent/project-atoms.js";
export { explorationAt } from "./agent/exploration.js";
export { atariReferenceScores, humanNormalizedScore } from "./commands/human-normalized.js";
export { flattenedToPooled, pooledToFlattened } from "./network/surgery.js";
export { bottleneckAnatomy, type BottleneckAnatomy } from "./diagnostics/bottleneck-anatomy.js";
export {
  enlarge,
  focusOn,
  gradCam,
  slopeUnevenness,
  type Focus,
  type PlaceMap,
} from "./diagnostics/grad-cam.js";
export { type TrainingResult } from "./train/result.js";
export { train } from "./train/train.js";
export { study } from "./study.js";
