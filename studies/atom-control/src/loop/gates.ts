import { z } from "zod";

/** What is believed of the frame that a parked beam would refer to. */
export const beliefSchema = z.object({
  frameId: z.string(),
  accepted: z.boolean().describe("whether the frame can be trusted at all"),
  reason: z.string().describe("why not; empty where it can"),
  latticeResidualAngstrom: z.number().describe("rms distance of atoms from the fitted lattice"),
  numSilicon: z.int(),
  siliconPosterior: z.number(),
  driftSdAngstrom: z.number().describe("of silicon's place by the end of the dwell"),
  goalPosterior: z.number().describe("that the goal was followed to the right site"),
  rateModelDoubt: z.string().describe("why its rates do not hold here; empty where they do"),
  hasMoved: z.boolean().describe("whether silicon sits on another site than in the frame before"),
  charge95PicoC: z.number().min(0).describe("what the rest of the plan takes, 95 %; 0 unplanned"),
});
/** See {@link beliefSchema}. */
export type Belief = z.infer<typeof beliefSchema>;

/** When the loop may park the beam by itself. */
export const gateSettingsSchema = z.object({
  maxResidualAngstrom: z.number().positive().default(0.3),
  minSiliconPosterior: z.number().min(0).max(1).default(0.99),
  maxDriftSdAngstrom: z.number().positive().max(0.4).default(0.3),
  minGoalPosterior: z.number().min(0).max(1).default(0.9),
});
/** See {@link gateSettingsSchema}. */
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
  if (!(belief.goalPosterior >= settings.minGoalPosterior)) {
    return `the goal's site must be sure to ${settings.minGoalPosterior}; got ${belief.goalPosterior}: set it anew`;
  }
  if (belief.rateModelDoubt !== "") return `the rate model does not hold: ${belief.rateModelDoubt}`;
  return undefined;
}
