import { z } from "zod";

/** What is believed of the frame that a parked beam would refer to. */
export const beliefSchema = z.object({
  frameId: z.string(),
  accepted: z.boolean().describe("whether the frame can be trusted at all"),
  reason: z.string().describe("why not; empty where it can"),
  latticeResidualAngstrom: z.number().describe("rms distance of atoms from the fitted lattice"),
  numSilicon: z.int(),
  siliconPosterior: z.number(),
  driftSdAngstrom: z.number(),
  isRateModelInRange: z.boolean(),
  hasMoved: z.boolean().describe("whether silicon sits on another site than in the frame before"),
});
export type Belief = z.infer<typeof beliefSchema>;

/** When the loop may park the beam by itself. */
export const gateSettingsSchema = z.object({
  maxResidualAngstrom: z.number().positive().default(0.3),
  minSiliconPosterior: z.number().min(0).max(1).default(0.99),
  maxDriftSdAngstrom: z.number().positive().max(0.4).default(0.3),
});
export type GateSettings = z.infer<typeof gateSettingsSchema>;

/**
 * The first soft gate that is closed, as a sentence; `undefined` where the beam may be parked.
 *
 * Comparisons are written so that NaN closes a gate.
 */
export function closedGate(settings: GateSettings, belief: Belief | undefined): string | undefined {
  if (belief === undefined) return "the frame has not been looked at";
  if (!belief.accepted) return `the frame was refused: ${belief.reason}`;
  if (belief.numSilicon !== 1)
    return `exactly one silicon must be in the field; got ${belief.numSilicon}`;
  if (!(belief.siliconPosterior >= settings.minSiliconPosterior)) {
    return `silicon must be certain to ${settings.minSiliconPosterior}; got ${belief.siliconPosterior}`;
  }
  if (!(belief.latticeResidualAngstrom <= settings.maxResidualAngstrom)) {
    return `the lattice must fit within ${settings.maxResidualAngstrom} Å; got ${belief.latticeResidualAngstrom}`;
  }
  if (!(belief.driftSdAngstrom <= settings.maxDriftSdAngstrom)) {
    return `drift must be known to ${settings.maxDriftSdAngstrom} Å; got ${belief.driftSdAngstrom}`;
  }
  if (!belief.isRateModelInRange) return "the rate model was not fitted for this place and dwell";
  return undefined;
}
