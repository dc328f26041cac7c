import { methodConstants } from "./methods.js";
import type { PlrfShape } from "../model/plrf.js";
import type { Schedule } from "./coefficients.js";
import type { ScalingFamily } from "./max-plus.js";

/** A family's hyperparameters on one model. */
export interface FamilyRule {
  /** $B = d^{\kappa_b}$, a whole number. */
  readonly batch: number;
  readonly schedule: Schedule;
}

/**
 * The hyperparameters that a family takes on a model: $\gamma_1 = 1$,
 * $\gamma_2 = g_2 d^{-\kappa_1}$, $\gamma_3 = g_3 d^{-\kappa_2}(1+t)^{-\kappa_3}$,
 * $\Delta = \delta/(\delta+t)$, $B = d^{\kappa_b}$.
 *
 * The factors are those of the published constants (`ode-example`, batch 1), so that the families
 * of SGD and of both DANA methods are those methods: $g_2 = 0.375 d^{\kappa}/\mathrm{Tr}$ and
 * $g_3 = 0.1 d^{\kappa}/\mathrm{Tr}$ with $\kappa = \max(0, 1-2\alpha)$, as the trace grows below
 * $2\alpha = 1$.
 *
 * @param options.rateFactor factor on γ2 and γ3 [1]
 * @param options.momentumFactor further factor on γ3 [1]
 */
export function familyRule(
  shape: PlrfShape,
  family: ScalingFamily,
  options: { readonly rateFactor?: number; readonly momentumFactor?: number } = {},
): FamilyRule {
  const { alpha, dim } = shape;
  const { rateFactor = 1, momentumFactor = 1 } = options;
  const { gamma2, gamma3, delta } = methodConstants(shape, {
    method: "dana-decaying",
    batch: 1,
    rateFactor,
  });
  const natural = dim ** Math.max(0, 1 - 2 * alpha);
  const rate = gamma2 * natural * dim ** -family.kappa1;
  const { kappa2, kappa3 } = family;
  const momentum = kappa2 === null ? 0 : momentumFactor * gamma3 * natural * dim ** -kappa2;
  return {
    batch: Math.max(1, Math.round(dim ** family.kappaB)),
    schedule: (t) => ({
      gamma1: 1,
      gamma2: rate,
      gamma3: momentum * (1 + t) ** -kappa3,
      delta: delta / (delta + t),
    }),
  };
}
