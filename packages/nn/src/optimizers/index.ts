export { type Arithmetic, type Ops, type ScalarArithmetic } from "./ops.js";
export { numberOps } from "./number-ops.js";
export { hostArrayOps, type PlainArray, typedArrayOps } from "./host-ops.js";
export { applyUpdates, type Optimizer, type OptimizerState, type Rule } from "./optimizer.js";
export { schedule, type Schedule, type Scheduled } from "./schedule.js";
export * as schedules from "./schedules.js";
export { heavyBall, nesterov, sgd } from "./sgd.js";
export { adam, type AdamOptions, adamW, type AdamWOptions } from "./adam.js";
export { centredRmsProp } from "./rms-prop.js";
export {
  evaluationParams,
  scheduleFreeAdamW,
  type ScheduleFreeAdamWOptions,
  type ScheduleFreeOptions,
  scheduleFreeSgd,
} from "./schedule-free.js";
export {
  danaConstant,
  danaDecaying,
  type DanaOptions,
  forgetting,
  type ForgettingForm,
  type MomentumCoefficients,
  stochasticMomentum,
} from "./dana.js";
export { type DanaConstants, danaConstants } from "./dana-presets.js";
export {
  danaEffectiveDimension,
  effectiveDimensionMomentum,
  type EffectiveDimensionOptions,
  type Spectrum,
} from "./effective-dimension.js";
export { danaAdaptive, type DanaAdaptiveOptions } from "./dana-adaptive.js";
export { adana, type AdanaOptions, danaStar } from "./adana.js";
export { flattened } from "./flattened.js";
export { chain, clipByGlobalNorm, globalNorm, masked } from "./compose.js";
