import {
  flattenTree,
  isHostArray,
  type Compute,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import type { Agent } from "../agent/agent.js";
import type { AgentConfig } from "../config.js";
import { openExaminer, type Examination, type Examiner } from "../diagnostics/examine.js";
import type { Batch } from "../replay/batch.js";

/** Looks into a network while it is trained; looking changes nothing. */
export interface NetworkWatch {
  examine(probe: Batch): Promise<Examination>;
  /**
   * What a look finds, as metrics: those of {@link Examination} and the length of the loss's gradient
   * to encoder, bottleneck and head. What is not finite is left out.
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
  return {
    examine,
    async metrics(probe, updates) {
      const { dormantByLayer: _, status: __, ...seen } = await examine(probe);
      const slope = await agent.gradient(firstOf(probe, config.batchSize), updates);
      const lengths = Object.entries(slope).map(
        ([part, tree]) => [`gradientNorm.${part}`, lengthOf(tree as Tree<HostArray>)] as const,
      );
      const all = [...Object.entries(seen), ...lengths];
      return Object.fromEntries(
        all.filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
      );
    },
    dispose: async () => (await examiner)?.dispose(),
  };
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
