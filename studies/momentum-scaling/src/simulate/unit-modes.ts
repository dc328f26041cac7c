import type { SpectralProblem } from "../model/spectral-problem.js";

/**
 * The problem as single modes, for simulation: mode $k$ takes the share of the spectral measure
 * between masses $k-1$ and $k$, with that share's trace and energy, so that the trace and the
 * initial risk stay as they are.
 */
export function unitModes(problem: SpectralProblem): SpectralProblem {
  const { lambda, weight, rho2, sigma2 } = problem;
  if (weight.every((w) => w === 1)) return problem;
  let mass = 0;
  for (const w of weight) mass += w;
  const count = Math.max(1, Math.round(mass));
  // whole modes share out a mass that is whole only up to discretisation
  const unit = mass / count;
  const trace = new Float64Array(count);
  const energy = new Float64Array(count);
  let mode = 0;
  let room = unit;
  for (let j = 0; j < lambda.length; j++) {
    let left = weight[j]!;
    while (left > 0 && mode < count) {
      const share = mode === count - 1 ? left : Math.min(left, room);
      trace[mode]! += share * lambda[j]!;
      energy[mode]! += share * lambda[j]! * rho2[j]!;
      left -= share;
      room -= share;
      if (room <= 1e-12 * unit && mode < count - 1) {
        mode++;
        room = unit;
      }
    }
  }
  return {
    lambda: trace,
    weight: new Float64Array(count).fill(1),
    rho2: energy.map((x, k) => (x === 0 ? 0 : x / trace[k]!)),
    sigma2,
  };
}
