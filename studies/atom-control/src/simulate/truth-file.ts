import { z } from "zod";

/**
 * What simulated samples were drawn from: kept in a file of its own, so that no fit sees it before it
 * is judged.
 */
export const simulationTruthSchema = z.object({
  map: z.string().describe("name of the rate map, which with its seed says everything about it"),
  seed: z.int().min(0),
  samples: z.int().positive(),
  policy: z.object({
    squareBonds: z.number().positive().describe("half the side of the square of beam positions"),
    minDwellS: z.number().positive(),
    maxDwellS: z.number().positive(),
    currentNanoA: z.number().positive(),
    voltageKv: z.number().positive(),
  }),
  trueNllPerSample: z.number().describe("minus the true log probability of what happened, in nats"),
  hopShare: z.number().describe("share of samples after which silicon is on another site"),
});

/** What simulated samples were drawn from, see {@link simulationTruthSchema}. */
export type SimulationTruth = z.infer<typeof simulationTruthSchema>;
