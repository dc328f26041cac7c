import { InputError } from "@quadrivium/core";
import { gaussLegendre } from "@quadrivium/numerics";

/** Rest energy of the electron. @unit electronvolt */
const electronRestEv = 510_998.95;
/** Rest energy of one atomic mass unit. @unit electronvolt */
const massUnitEv = 931_494_102.4;
const speedOfLight = 299_792_458;
const fineStructure = 1 / 137.035999;
/** $(a_0 R)^2$ with Bohr radius and Rydberg energy. @unit barn electronvolt² */
const bohrRydbergSquared = 5.29177e-11 ** 2 * 1e28 * 13.6057 ** 2;

/** A nucleus that an electron may hit. */
export interface Nucleus {
  readonly protons: number;
  /** @unit atomic mass units */
  readonly mass: number;
  /** Root mean square of its velocity along the beam. @unit metre per second */
  readonly vibrationMPerS: number;
}

/**
 * Carbon of graphene at 300 K.
 *
 * @source the mean square velocity 3.17e5 m²/s² out of plane is the literature's, not measured here
 */
export const grapheneCarbon: Nucleus = { protons: 6, mass: 12, vibrationMPerS: 563 };

/**
 * Largest energy that an electron passes to a nucleus that moves along the beam.
 *
 * $T = (2\sqrt{E(E + 2mc^2)} + Mvc)^2 / 2Mc^2$: twice the electron's momentum, added to the
 * nucleus's own.
 *
 * @param velocityMPerS of the nucleus along the beam. @unit metre per second
 * @returns energy. @unit electronvolt
 */
export function maxTransferEv(voltageKv: number, mass: number, velocityMPerS = 0): number {
  const energy = voltageKv * 1000;
  const massEv = mass * massUnitEv;
  const momentum = 2 * Math.sqrt(energy * (energy + 2 * electronRestEv));
  return (momentum + (massEv * velocityMPerS) / speedOfLight) ** 2 / (2 * massEv);
}

/**
 * Cross-section for passing more than a threshold energy to a nucleus, averaged over its thermal
 * vibration.
 *
 * $\sigma = 4\pi (Z a_0 R / mc^2)^2 \frac{1-\beta^2}{\beta^4} [x - 1 - \beta^2 \ln x + \pi \alpha
 * \beta (2\sqrt x - 2 - \ln x)]$ with $x = T/E_d > 1$, $\alpha = Z/137$.
 *
 * @returns cross-section. @unit barn
 * @throws E_BEAM unless the voltage is positive
 * @source McKinley and Feshbach 1948; vibrations as in Meyer et al. 2012, PRL 108, 196102
 */
export function knockOnCrossSection(
  nucleus: Nucleus,
  options: { readonly voltageKv: number; readonly thresholdEv: number },
): number {
  const { voltageKv, thresholdEv } = options;
  if (!(voltageKv > 0 && Number.isFinite(voltageKv))) {
    throw new InputError(
      "E_BEAM",
      `knockOnCrossSection: voltage must be above 0 kV; got ${voltageKv}`,
    );
  }
  const energy = voltageKv * 1000;
  const betaSquared = 1 - (electronRestEv / (electronRestEv + energy)) ** 2;
  const beta = Math.sqrt(betaSquared);
  const alpha = nucleus.protons * fineStructure;
  const prefactor =
    4 *
    Math.PI *
    bohrRydbergSquared *
    (nucleus.protons / electronRestEv) ** 2 *
    ((1 - betaSquared) / betaSquared ** 2);
  const above = (x: number): number => {
    const log = Math.log(x);
    return x - 1 - betaSquared * log + Math.PI * alpha * beta * (2 * Math.sqrt(x) - 2 - log);
  };
  // Only velocities beyond the one that just reaches the threshold count.
  const massEv = nucleus.mass * massUnitEv;
  const momentum = 2 * Math.sqrt(energy * (energy + 2 * electronRestEv));
  const slowest = ((Math.sqrt(2 * massEv * thresholdEv) - momentum) / massEv) * speedOfLight;
  const low = Math.max(slowest / nucleus.vibrationMPerS, -9);
  const { nodes, weights } = gaussLegendre(120, [low, Math.max(low, 0) + 9]);
  let average = 0;
  nodes.forEach((z, i) => {
    const x = maxTransferEv(voltageKv, nucleus.mass, z * nucleus.vibrationMPerS) / thresholdEv;
    if (x > 1) average += weights[i] * Math.exp(-0.5 * z * z) * above(x);
  });
  return (prefactor * average) / Math.sqrt(2 * Math.PI);
}
