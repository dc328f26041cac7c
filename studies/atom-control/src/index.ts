export {
  bondLengthAngstrom,
  nearestSite,
  neighbourAngles,
  neighbourDirections,
  neighbours,
  sameSite,
  siteKey,
  sitePosition,
  type Honeycomb,
  type Site,
  type Sublattice,
} from "./model/honeycomb.js";
export { direction, distance, minus, plus, turned, type Vector } from "./model/vector.js";
export { hopRates, paperBeam, type BeamSettings, type RateMap } from "./model/rate-map.js";
export { mapByName, mapNames } from "./model/maps/map-by-name.js";
export { gaussianMixtureMap, type GaussianBump } from "./model/maps/gaussian-mixture.js";
export {
  outcomeKernels,
  outcomeProbabilities,
  type Outcome,
  type ParkedBeam,
} from "./model/outcome-probabilities.js";
export { hopsDuring, siliconAfter, type Dwell, type Hop } from "./model/kinetic-monte-carlo.js";
export { transitionSchema, type Transition, type TransitionLabel } from "./data/transition.js";
export { readTransitions, writeTransitions } from "./data/read-transitions.js";
export {
  filterObservations,
  filterRules,
  filterSteps,
  type FilterCounts,
  type FilteredSteps,
  type FilterOptions,
  type FilterRule,
} from "./data/filter-steps.js";
export {
  type Atom as GridAtom,
  type BeamControl,
  type ControlPairing,
  type GridObservation,
  type GridStep,
} from "./data/grid-step.js";
export { readTruth } from "./simulate/read-truth.js";
export { type LearnOptions } from "./learn/learn-options.js";
export { learnRates, type LearnResult } from "./learn/learn-rates.js";
export {
  learningCurve,
  type LearningCurveOptions,
  type LearningCurvePoint,
  type LearnLikelihood,
} from "./learn/learning-curve.js";
export {
  loadRateModel,
  openRateModel,
  saveRateModel,
  type StoredRateModel,
} from "./learn/model-file.js";
export {
  type BandCalibration,
  type BeamReference,
  type RateModel,
  type RateModelInfo,
} from "./learn/rate-model.js";
export { type Frame } from "./perception/frame.js";
export { type Controller, type ControlState, type Park } from "./control/controller.js";
export { locateFrame, type LocateOptions } from "./perception/locate-frame.js";
export {
  type ClassifiedSite,
  type ForeignAtom,
  type LocatedFrame,
  type LocatedSilicon,
} from "./perception/located-frame.js";
export { type ClassPosterior } from "./perception/site-classes.js";
export { type PixelPlace } from "./perception/pixel-place.js";
export { type PlacedLattice } from "./perception/placed-lattice.js";
export { overlaySvg } from "./perception/render-overlay.js";
export { hopLog, type HopRecord } from "./perception/hop-log.js";
export { type PairPosterior, type TrackerSettings } from "./perception/hop-tracker.js";
export { type Explanation } from "./perception/registration.js";
export { imageBeamSchema, pairTransition, type ImageBeam } from "./perception/pair-transition.js";
export { study } from "./study.js";
export { studyConfig, type LearnConfig, type StudyConfig, type WalkConfig } from "./config.js";
export {
  type LearnedResult,
  type ShownWalk,
  type StudyResult,
  type WalkResult,
} from "./train/result.js";
export { simulationTruthSchema, type SimulationTruth } from "./simulate/truth-file.js";
export { collect, type CollectPolicy, type SimulatedTransition } from "./simulate/collect.js";
export {
  controllerByName,
  controllerNames,
  type ControllerFactory,
  type ControllerName,
  type ControllerOptions,
  type LearnedRates,
} from "./control/controllers.js";
export { planner, walkLimitS, type Planner, type PlannerOptions } from "./control/planner.js";
export { type Polygon } from "./control/polygon.js";
export { myopicDwell, type MyopicDwell } from "./control/myopic-dwell.js";
export { bestOffset, type Offset } from "./control/offsets.js";
export { cusum, type CusumOptions } from "./control/cusum.js";
export { countsPerS, measuredDetector, type Detector } from "./control/adf-signal.js";
export {
  drawTask,
  runEpisode,
  type Episode,
  type Task,
  type WalkEnd,
  type World,
} from "./control/episode.js";
export { placeHazards, type Hazards, type WalkHazards } from "./control/hazards.js";
export {
  summarize,
  walks,
  type BenchmarkOptions,
  type BenchmarkSummary,
} from "./control/benchmark.js";
export {
  atomsOf,
  fourfoldBondAngstrom,
  siliconBondAngstrom,
  type Atom,
  type Region,
  type Sheet,
} from "./simulate/sheet.js";
export {
  atRest,
  drift,
  scanWobble,
  type DriftModel,
  type DriftState,
  type Scan,
  type Wobble,
} from "./simulate/scan.js";
export {
  expectedCounts,
  measuredImageModel,
  renderFrame,
  type Exposure,
  type ImageModel,
  type RenderRequest,
} from "./simulate/render-frame.js";
export { hopsWhileScanning, type ScanHop, type ScannedSilicon } from "./simulate/scan-hops.js";
export { collectPaper, paperPolicy, type PaperTrajectory } from "./simulate/paper/collect-paper.js";
export {
  drawPaperImage,
  paperImage,
  type PaperImageParameters,
  type PaperNoise,
} from "./simulate/paper/paper-image.js";
export {
  beginPaperEpisode,
  paperSimulator,
  stepPaperEpisode,
  type PaperObservation,
  type PaperScene,
  type PaperStep,
} from "./simulate/paper/paper-microscope.js";
export { instrumentByName, type Instrument, type InstrumentName } from "./simulate/instrument.js";
export { takeFrame, type Specimen, type TakenFrame } from "./simulate/take-frame.js";
export {
  duneTrajectory,
  readDuneSteps,
  type BeamFrame,
  type DuneObservation,
  type DuneReading,
  type DuneSteps,
} from "./formats/dune-sessions.js";
export { readDuneSamples, writeDuneTransitions } from "./formats/dune-transitions.js";
export { ornlObservations } from "./formats/ornl-observations.js";
export { readOrnlSession, type OrnlStep } from "./formats/ornl-session.js";
export {
  duneMessages,
  readDuneRecords,
  writeDuneRecords,
  type DuneMessage,
} from "./formats/putting-dune.js";
export { LoopError, type Adapter, type Instrument as LoopInstrument } from "./loop/adapter.js";
export {
  chainWriter,
  verifyLog,
  type LogEntry,
  type LogLine,
  type LogVerdict,
} from "./loop/chain-log.js";
export { type LoopClock } from "./loop/clock.js";
export { gateSettingsSchema, type Belief, type GateSettings } from "./loop/gates.js";
export { guardInstrument, type GuardedAdapter } from "./loop/guard.js";
export { type LedgerTotals } from "./loop/ledger.js";
export { jumpingClock } from "./loop/jumping-clock.js";
export { limitsSchema, type Limits } from "./loop/limits.js";
export { type PilotSpec } from "./loop/pilot.js";
export {
  type Acquired,
  type AcquireCommand,
  type Description,
  type InstrumentStatus,
  type LoopCommand,
  type LoopErrorCode,
  type Parked,
  type ParkCommand,
  type ShiftCommand,
  type StopRule,
} from "./loop/protocol.js";
export {
  replayLog,
  type ReplayDifference,
  type ReplayReport,
  type SessionFiles,
} from "./loop/replay-log.js";
export { type LoopOutcome, type LoopSettings, type TakenLook } from "./loop/run-loop.js";
export { type SelfTestVerdict } from "./loop/self-test.js";
export {
  sessionTransitions,
  type SessionTransitions,
  type StayKind,
} from "./loop/session-transitions.js";
export {
  simulatedInstrument,
  type SimulatedInstrumentOptions,
} from "./loop/simulated-instrument.js";
export {
  supervise,
  type ExecuteOptions,
  type LoopReply,
  type Supervisor,
  type SupervisorOptions,
} from "./loop/supervisor.js";
export { walkSession, type WalkSession, type WalkSessionOptions } from "./loop/walk-session.js";
