import { InputError } from "@quadrivium/core";
import { type DanaOptions, forgetting, stochasticMomentum } from "./dana.js";
import type { Rule } from "./optimizer.js";
import { requirePositive } from "./require-positive.js";
import { schedule, type Schedule } from "./schedule.js";

/** Nodes of a condensed spectrum for each factor of ten between eigenvalues. */
const nodesPerDecade = 4;

/** Eigenvalues of the covariance of a model's features, or of a loss's curvature. */
export interface Spectrum {
  readonly lambda: ArrayLike<number>;
  /** Modes that each eigenvalue stands for [1 each]. */
  readonly weight?: ArrayLike<number>;
}

/** Options of {@link danaEffectiveDimension}. */
export interface EffectiveDimensionOptions extends Omit<DanaOptions, "gamma2" | "gamma3"> {
  /** $\gamma_2$, SGD's learning rate; about 0.4 of the largest stable one. */
  readonly gamma2: number;
  /** $B$: samples whose gradients are averaged in a step [1]. */
  readonly batchSize?: number;
  /** $s$: part of the momentum that gradient noise allows [0.25]. */
  readonly share?: number;
}

/**
 * DANA's momentum weight from the effective dimension of a spectrum,
 * $\gamma_3(t) = \gamma_2\, sB / \max(sB, N_\mathrm{eff}(\Delta(t)/\gamma_2))$ with
 * $N_\mathrm{eff}(x) = \sum_j \lambda_j/(\lambda_j + x)$: as much momentum as gradient noise allows
 * at every step. On a power law it falls as $t^{-1/2\alpha}$ until it settles at $sB\gamma_2/d$, so
 * that it is DANA-decaying first and DANA-constant at the end.
 *
 * The result is a number for each step, and a formula inside a traced program, for which the
 * spectrum is condensed to four nodes a decade. Symbols: $\Delta$ → {@link forgetting}, $B$ →
 * `batchSize`, $s$ → `share`.
 *
 * @throws E_OPTION if no eigenvalue is positive, one is negative or not finite, or a rate, batch or
 *   share is not positive
 * @source arXiv 2505.16098 (DANA); the rule from the kernel norm's bound
 *   $\gamma_3 N_\mathrm{eff} \lesssim 2B\gamma_2$
 */
export function effectiveDimensionMomentum(
  spectrum: Spectrum,
  options: EffectiveDimensionOptions,
): Schedule {
  const { gamma2, delta = 8, forgettingForm, batchSize = 1, share = 0.25 } = options;
  requirePositive("E_OPTION", "effectiveDimensionMomentum", { gamma2, delta, batchSize, share });
  const nodes = condensed(spectrum);
  const allowed = share * batchSize;
  const offset = forgettingForm === "paper" ? 1 : delta;
  return schedule((step, ops) => {
    // λ / (λ + Δ/γ2) = λp / (λp + 1) with p = γ2/Δ
    const progress = ops.mul(ops.add(step, offset), gamma2 / delta);
    let dimension = ops.mul(progress, 0);
    for (const { lambda, weight } of nodes) {
      const learnt = ops.mul(progress, lambda);
      dimension = ops.add(dimension, ops.mul(ops.div(learnt, ops.add(learnt, 1)), weight));
    }
    const numerator = ops.add(ops.mul(progress, 0), allowed * gamma2);
    return ops.div(numerator, ops.max(dimension, allowed));
  });
}

/**
 * DANA whose momentum weighs as much as gradient noise allows for a given spectrum:
 * {@link danaConstant} with $\gamma_3$ of {@link effectiveDimensionMomentum}.
 *
 * @throws E_OPTION as {@link effectiveDimensionMomentum} does
 * @source arXiv 2505.16098 (DANA); the rule from the kernel norm's bound
 *   $\gamma_3 N_\mathrm{eff} \lesssim 2B\gamma_2$
 */
export function danaEffectiveDimension(
  options: EffectiveDimensionOptions & { readonly spectrum: Spectrum },
): Rule {
  const { gamma2, delta = 8, forgettingForm, spectrum } = options;
  return stochasticMomentum({
    gamma1: 1,
    gamma2,
    gamma3: effectiveDimensionMomentum(spectrum, options),
    delta: forgetting(delta, forgettingForm),
  });
}

/** Neighbouring eigenvalues joined: number and trace are kept. */
function condensed({ lambda, weight }: Spectrum): readonly {
  readonly lambda: number;
  readonly weight: number;
}[] {
  const bins = new Map<number, { weight: number; trace: number }>();
  for (let j = 0; j < lambda.length; j++) {
    const [value, modes] = [lambda[j], weight === undefined ? 1 : weight[j]];
    if (!(value >= 0 && modes >= 0 && Number.isFinite(value * modes))) {
      throw new InputError(
        "E_OPTION",
        `effectiveDimensionMomentum: eigenvalues and their weights must be finite and ≥ 0; got ` +
          `${value} with weight ${modes} at index ${j}`,
        { details: { index: j, lambda: String(value), weight: String(modes) } },
      );
    }
    if (value * modes === 0) continue; // learns nothing and costs no noise
    const place = Math.round(nodesPerDecade * Math.log10(value));
    const bin = bins.get(place) ?? { weight: 0, trace: 0 };
    bin.weight += modes;
    bin.trace += modes * value;
    bins.set(place, bin);
  }
  if (bins.size === 0) {
    throw new InputError(
      "E_OPTION",
      `effectiveDimensionMomentum: needs an eigenvalue above 0; got none among ${lambda.length}`,
    );
  }
  return [...bins.values()].map((bin) => ({ lambda: bin.trace / bin.weight, weight: bin.weight }));
}
