import { z } from "zod";

const score = z.looseObject({
  accuracy: z.number(),
  crossEntropy: z.number(),
  marginMin: z.number(),
  marginMean: z.number(),
});

const cluster = z.object({ frequency: z.number(), size: z.number(), energy: z.number() });

const rung = z.looseObject({
  id: z.string(),
  accuracy: z.number(),
  agreement: z.number(),
  crossEntropy: z.number(),
  marginMin: z.number(),
  marginMean: z.number(),
  /** Null where the unchanged network's mean margin is 0. */
  marginRetained: z.number().nullable(),
});

/** What `dissect` prints: a dissection without its longest lists, and where the network came from. */
export const dissectOutput = z.looseObject({
  source: z.object({
    file: z.string(),
    mapping: z.record(z.string(), z.string()),
    unused: z.array(z.string()),
    notes: z.array(z.string()),
  }),
  seed: z.number(),
  modulus: z.number(),
  description: z.string(),
  ...score.shape,
  train: score.optional(),
  test: score.optional(),
  aliveNeurons: z.number(),
  clusters: z.array(cluster),
  numFrequencies: z.number(),
  frequencies: z.array(z.number()),
  r1Mean: z.number(),
  judgedLayer: z.number(),
  substitution: z.record(z.string(), z.number()),
  agreement: z.record(z.string(), z.number()),
  layers: z.array(
    z.looseObject({ layer: z.number(), aliveNeurons: z.number(), ladder: z.array(rung) }),
  ),
  contributions: z.array(
    z.looseObject({ frequency: z.number(), clockFve: z.number(), pizzaFve: z.number() }),
  ),
  ablations: z.array(
    z.looseObject({ frequency: z.number(), zeroAccuracy: z.number(), randomDrop: z.number() }),
  ),
  certificate: z.looseObject({
    accuracy: z.number(),
    marginMin: z.number(),
    errorBound: z.number(),
    proved: z.boolean(),
  }),
  /** Of the network itself; null where it attends, or its activation is GELU. */
  networkCertificate: z
    .object({ marginMin: z.number(), errorBound: z.number(), proved: z.boolean() })
    .nullable(),
  verdict: z.object({
    label: z.string(),
    gates: z.array(
      z.object({
        id: z.string(),
        value: z.number().nullable(),
        threshold: z.string(),
        pass: z.boolean(),
        reason: z.string(),
      }),
    ),
    notes: z.array(z.string()),
  }),
  /** With `--neurons`: one record a neuron. */
  neurons: z.array(z.looseObject({ id: z.number(), f: z.number() })).optional(),
});

export type DissectOutput = z.output<typeof dissectOutput>;
