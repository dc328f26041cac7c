import { z } from "zod";

const angle = z.number().describe("radians");

/** One neuron of an extracted program: a rectified sum of waves, read out as one wave. */
export const programNeuron = z.object({
  ampA: z.number(),
  phiA: angle,
  ampB: z.number(),
  phiB: angle,
  /** Waves of a+b and of a-b, where the network's neurons have them. */
  ampSum: z.number().optional(),
  phiSum: angle.optional(),
  ampDifference: z.number().optional(),
  phiDifference: angle.optional(),
  /** Constant part of the preactivation. */
  beta: z.number(),
  gainOut: z.number(),
  phiOut: angle,
});

/** The neurons of one frequency; what they write is scaled by the gain. */
export const programCluster = z.object({
  frequency: z.int().min(1),
  gain: z.number(),
  neurons: z.array(programNeuron),
});

/**
 * An algorithm read off a network, complete in itself: nothing of the network is needed to run it.
 *
 * $\mathrm{logit}_c = \mathrm{bias}_c + \sum_f g_f \sum_j \gamma_j\,\sigma\bigl(\beta_j +
 * A\cos(\theta_a+\varphi_a) + B\cos(\theta_b+\varphi_b) + \dots\bigr)\cos(\theta_c+\varphi_{out})$,
 * $\theta_x = 2\pi f x/n$.
 */
export const programSchema = z.object({
  kind: z.literal("quadrivium/modular-addition-program"),
  modulus: z.int().min(2),
  activation: z.enum(["relu", "square", "abs", "gelu"]),
  clusters: z.array(programCluster),
  /** One constant for each residue. */
  bias: z.array(z.number()),
});

export type Program = z.output<typeof programSchema>;

export type ProgramCluster = z.output<typeof programCluster>;

export type ProgramNeuron = z.output<typeof programNeuron>;
