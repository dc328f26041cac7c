import {
  flattenTree,
  isHostArray,
  type Compute,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import type { Agent } from "../agent/agent.js";
import type { AgentConfig } from "../config.js";
import { tangentKernel } from "../diagnostics/tangent-kernel.js";
import { openExaminer, type Examination, type Examiner } from "../diagnostics/examine.js";
import type { Batch } from "../replay/batch.js";

/** Looks into a network while it is trained; looking changes nothing. */
export interface NetworkWatch {
  examine(probe: Batch): Promise<Examination>;
  /**
   * What a look finds, as metrics: those of {@link Examination}, the length of the loss's gradient
   * to encoder, bottleneck and head, and the {@link tangentKernel} of `kernelSamples` samples. What
   * is not finite is left out.
   *
   * @param probe as many samples as every other; the gradient is over the first of them
   * @param updates made so far: decides the noise
   */
  metrics(probe: Batch, updates: number): Promise<{ readonly [name: string]: number }>;
  dispose(): Promise<void>;
}

/** A watch over an agent; its programs are compiled when they are first needed. */
export function openWatch(config: AgentConfig, agent: Agent, compute: Compute): NetworkWatch {
  let examiner: Promise<Examiner> | undefined;
  const examine = async (probe: Batch): Promise<Examination> => {
    const { params, network } = agent;
    const batch = probe.actionTm1.length;
    examiner ??= openExaminer(config, network, { params, batch, compute });
    return (await examiner).examine(params, probe.observationTm1);
  };
  const kernelOf = async (probe: Batch, updates: number) => {
    const count = Math.min(config.kernelSamples, config.batchSize);
    if (count < 2) return {};
    const gradients: Float32Array[] = [];
    for (let sample = 0; sample < count; sample++) {
      gradients.push(
        await sampleGradient(agent, firstOf(probe, config.batchSize), { sample, updates }),
      );
    }
    return tangentKernel(gradients) ?? {};
  };
  return {
    examine,
    async metrics(probe, updates) {
      const { dormantByLayer: _, status: __, ...seen } = await examine(probe);
      const slope = await agent.gradient(firstOf(probe, config.batchSize), updates);
      const lengths = Object.entries(slope).map(
        ([part, tree]) => [`gradientNorm.${part}`, lengthOf(tree as Tree<HostArray>)] as const,
      );
      const kernel = Object.entries(await kernelOf(probe, updates)).map(
        ([name, value]) => [`tangentKernel.${name}`, value] as const,
      );
      const all = [...Object.entries(seen), ...lengths, ...kernel];
      return Object.fromEntries(
        all.filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
      );
    },
    dispose: async () => (await examiner)?.dispose(),
  };
}

/**
 * The gradient of one sample's loss to all parameters, one array after another.
 *
 * @param at.updates decides the noise, the same for every sample
 */
export async function sampleGradient(
  agent: Pick<Agent, "gradient">,
  batch: Batch,
  at: { readonly sample: number; readonly updates: number },
): Promise<Float32Array> {
  const weights = new Float32Array(batch.weights.length);
  weights[at.sample] = 1;
  const slope = await agent.gradient({ ...batch, weights }, at.updates);
  const leaves = flattenTree(slope as Tree<HostArray>, isHostArray).map(
    ({ leaf }) => leaf.data as Float32Array,
  );
  const flat = new Float32Array(leaves.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const leaf of leaves) {
    flat.set(leaf, from);
    from += leaf.length;
  }
  return flat;
}

/** The first samples of a batch, equally weighted. */
function firstOf(batch: Batch, size: number): Batch {
  const part = <Data extends Float32Array | Int32Array>(data: Data): Data =>
    data.slice(0, (data.length / batch.actionTm1.length) * size) as Data;
  return {
    observationTm1: part(batch.observationTm1),
    actionTm1: part(batch.actionTm1),
    rewardT: part(batch.rewardT),
    discountT: part(batch.discountT),
    observationT: part(batch.observationT),
    weights: new Float32Array(size).fill(1 / size),
    slots: part(batch.slots),
    pixelScale: batch.pixelScale,
  };
}

/** Euclidean length of all arrays of a tree together. */
function lengthOf(tree: Tree<HostArray>): number {
  let square = 0;
  for (const { leaf } of flattenTree(tree, isHostArray)) {
    for (const value of leaf.data as Float32Array) square += value * value;
  }
  return Math.sqrt(square);
}
