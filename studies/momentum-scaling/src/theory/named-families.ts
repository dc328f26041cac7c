import { scalingFamily, type ScalingFamily } from "./max-plus.js";

/** Families that have a name: where an exploration of exponents begins. */
export const familyNames = ["sgd", "dana-constant", "dana-decaying", "adana"] as const;
export type FamilyName = (typeof familyNames)[number];

/** ADANA's published damping exponent κ. */
export const adanaKappa = 0.85;

/**
 * The exponents of a named family.
 *
 * ADANA multiplies an average of the gradients over the last $t/\delta$ steps by $(1+t)^{1-\kappa}$.
 * Such an average is $\delta/t$ times DANA's buffer, so that its momentum schedule is DANA's with
 * $\kappa_3 = \kappa$. Only that schedule is meant here: the division by $\sqrt v$ is not, as no
 * theory for it is known.
 *
 * @source arXiv 2505.16098 (DANA); arXiv 2602.05298 (ADANA, κ = 0.85)
 */
export function familyOf(name: FamilyName, alpha: number): ScalingFamily {
  if (name !== "adana") return scalingFamily(name, alpha);
  const { kappa1, kappaB } = scalingFamily("sgd", alpha);
  return { kappa1, kappa2: kappa1, kappa3: adanaKappa, kappaB };
}
