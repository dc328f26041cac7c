export { checkShape, defaultHiddenDim, type PlrfShape } from "./model/plrf.js";
export {
  initialRisk,
  numModes,
  spectralProblem,
  trace,
  type SpectralProblem,
} from "./model/spectral-problem.js";
export { deterministicEquivalent } from "./model/deterministic-equivalent.js";
export { leftEdge, limitRisk } from "./model/limit-risk.js";
export { infiniteSpectrum, simpleSpectrum } from "./model/simple-spectrum.js";
export {
  constantSchedule,
  heavyBallSchedule,
  nesterovSchedule,
  sgdSchedule,
  type Coefficients,
  type Schedule,
} from "./theory/coefficients.js";
export { type MomentSystem } from "./theory/moment-system.js";
export { generalMomentumSystem, simplifiedMomentumSystem } from "./theory/general-momentum.js";
export { scheduleFreeSystem, type ScheduleFreeOptions } from "./theory/schedule-free.js";
export { exactMoments, type ExactMoments } from "./theory/exact-moments.js";
export {
  kernelNorm,
  sgdKernelNorm,
  criticalLearningRate,
  effectiveDimension,
} from "./theory/kernel-norm.js";
export { forecastStability, type StabilityForecast } from "./theory/stability.js";
export { logTimes, riskCurve, type RiskCurve, type RiskCurveOptions } from "./theory/risk-curve.js";
export { LogTimeIntegrator, type LogTimeMethod } from "./theory/log-time-integrator.js";
export {
  methodConstants,
  methodNames,
  methodRule,
  systemOf,
  type MethodConstants,
  type MethodName,
  type MethodOptions,
  type MethodRule,
} from "./theory/methods.js";
export { phaseOf, clockExponents, type PhaseName, type ClockExponents } from "./theory/phases.js";
export {
  problemExponents,
  type MethodExponents,
  type ProblemExponents,
} from "./theory/exponents.js";
export {
  maxPlusExponents,
  scalingFamily,
  type FrontierExponents,
  type ScalingFamily,
} from "./theory/max-plus.js";
export { exactSpectrum } from "./model/exact-spectrum.js";
export { gaussianFeatureRows, givenFeatureRows, type FeatureRows } from "./model/feature-rows.js";
export { spectrumNames, spectrumOf, type SpectrumName } from "./model/spectrum.js";
export { localSlopes } from "./analyze/local-slope.js";
export { Simulation, type SimulationState } from "./simulate/simulation.js";
export { simulateRun, type SimulatedRun } from "./simulate/simulate-run.js";
export { unitModes } from "./simulate/unit-modes.js";
export { replicate } from "./simulate/replicas.js";
export { type ReplicaSummary } from "./simulate/spread-runs.js";
export { coordinateProblem, type CoordinateProblem } from "./model/coordinate-problem.js";
export { coordinateRun } from "./simulate/coordinate-run.js";
export { adaptiveCommand } from "./commands/adaptive.js";
export { curveCommand } from "./commands/curve.js";
export { exponentsCommand } from "./commands/exponents.js";
export { momentsCommand } from "./commands/moments.js";
export { frontierCommand } from "./commands/frontier.js";
export {
  sizeLadder,
  theoryFrontier,
  ladderCurves,
  type SizeLadder,
} from "./analyze/theory-frontier.js";
export { computeFrontier, type Frontier, type SizeCurve } from "./analyze/frontier.js";
export { fitSlope, type SlopeFit, type SlopeFitOptions } from "./analyze/slope-fit.js";
export { isoFlopOptimum, type IsoFlopOptimum } from "./analyze/iso-flop.js";
export {
  riskTerms,
  scalingClock,
  type RiskTerms,
  type RiskTermsOptions,
} from "./theory/risk-terms.js";
export { volterraForm, solveVolterra, type VolterraForm } from "./theory/volterra.js";
export {
  simulationConfig,
  studyConfig,
  type SimulationConfig,
  type StudyConfig,
} from "./config.js";
export { type SimulationResult, type StudyResult } from "./train/result.js";
export { train } from "./train/train.js";
export { textConfig, type TextConfig } from "./text/config.js";
export { type LossCurve, type TextResult } from "./text/train/result.js";
export { type TextFiles } from "./text/corpus/open-corpus.js";
export {
  syntheticLanguage,
  type EntropyRates,
  type LanguageOptions,
  type SyntheticLanguage,
} from "./text/language/synthetic-language.js";
export { study, studyWith } from "./study.js";
export { estimateCommand } from "./commands/estimate.js";
export {
  estimate,
  type Components,
  type Estimate,
  type EstimateOptions,
} from "./estimate/estimate.js";
export { dataOf, type DataKind, type EstimateData } from "./estimate/data.js";
export { recommend, type Recommendation } from "./estimate/recommend.js";
export {
  fitFlooredPowerLaw,
  flooredExponentInterval,
  type FlooredPowerLaw,
} from "./analyze/floored-power-law.js";
export { fitCommand } from "./commands/fit.js";
export { type RunRecord, type ScaleName } from "./fit/run-record.js";
export {
  fitLossSurface,
  lossAt,
  type LossSurface,
  type SizedRecord,
  type SurfaceFit,
  type SurfaceOptions,
} from "./fit/loss-surface.js";
export { reportSurface, type SurfaceNumber, type SurfaceReport } from "./fit/surface-report.js";
export { reportCurve, type CurveReport } from "./fit/loss-curve.js";
export { reportIsoFlops, type IsoFlopReport, type IsoFlopValley } from "./fit/iso-flop-valleys.js";
export { type Measured, type ResampleOptions } from "./fit/resample-runs.js";
export { exploreCommand } from "./commands/explore.js";
export { familyRule, type FamilyRule } from "./theory/family-schedule.js";
export { familyNames, familyOf, type FamilyName } from "./theory/named-families.js";
export { familyFrontier, type FamilyFrontier } from "./analyze/family-frontier.js";
