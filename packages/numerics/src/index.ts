export { fftPlan } from "./fft/complex-fft.js";
export { type FftPlan } from "./fft/fft-plan.js";
export { inverseRealFft2, realFft2, type Grid } from "./fft/fft2.js";
export { primeFactors } from "./fft/prime-factors.js";
export { basisFrequency, inverseRealDft2, realDft2, realFourierBasis } from "./fft/real-basis.js";
export { inverseRealFft, realFft, type ComplexArray } from "./fft/real-fft.js";
export { identity, matmul, matrix, matrixOf, matvec, transpose, type Matrix } from "./matrix.js";
export { leastSquares, qr, type LeastSquares, type Qr } from "./linalg/qr.js";
export { cholesky, solve } from "./linalg/solve.js";
export { svd, type Svd } from "./linalg/svd.js";
export {
  spectralMeasure,
  symmetricEigen,
  tridiagonalMeasure,
  type SpectralMeasure,
  type SymmetricEigen,
} from "./linalg/symmetric-eigen.js";
export { type Tridiagonal } from "./linalg/tridiagonalize.js";
export { findRoot } from "./calculus/find-root.js";
export { normalQuantile } from "@quadrivium/core";
export {
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  fCdf,
  studentTCdf,
  studentTQuantile,
} from "./special/distributions.js";
export { erf, erfc, normalCdf } from "./special/erf.js";
export { beta, digamma, gamma, logBeta, logGamma } from "./special/gamma.js";
export { incompleteBeta } from "./special/incomplete-beta.js";
export { incompleteGammaP, incompleteGammaQ } from "./special/incomplete-gamma.js";
export { gaussLegendre, type QuadratureRule } from "./calculus/gauss-legendre.js";
export { integrate, type Integral } from "./calculus/integrate.js";
export { rungeKutta45, type Derivative, type Trajectory } from "./calculus/runge-kutta.js";
export { newtonStage, sdirk2, type StageSolver } from "./calculus/sdirk2.js";
export { linearFit, type Estimate, type LinearFit } from "./fit/linear-fit.js";
export {
  minimize,
  type Minimum,
  type MinimizeOptions,
  type Objective,
} from "./minimize/minimize.js";
export { fitPowerLaw, type PowerLawFit } from "./fit/power-law-fit.js";
export {
  signedLeb128,
  unsignedLeb128,
  wasmModule,
  wasmTypes,
  type WasmFunction,
  type WasmMemoryLimits,
} from "./wasm/wasm-module.js";
