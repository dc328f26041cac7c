import {
  flattenTree,
  isHostArray,
  type Compute,
  type HostArray,
  type Tree,
} from "@quadrivium/core";
import type { AgentConfig } from "../config.js";
import { tangentKernel } from "../diagnostics/tangent-kernel.js";
import { openExaminer, type Examination, type Examiner } from "../diagnostics/examine.js";
import type { Probe, Session } from "./session.js";

/** Looks into a network while it is trained; looking changes nothing. */
export interface NetworkWatch {
  examine(probe: Probe): Promise<Examination>;
  /**
   * What a look finds, as metrics: those of {@link Examination}, the length of the loss's gradient
   * to encoder, bottleneck and head, and the {@link tangentKernel} of `kernelSamples` samples. What
   * is not finite is left out.
   *
   * @param probe as many samples as every other; the gradient is over the first of them
   */
  metrics(probe: Probe): Promise<{ readonly [name: string]: number }>;
  dispose(): Promise<void>;
}

/** A watch over a session; its programs are compiled when they are first needed. */
export function openWatch(config: AgentConfig, session: Session, compute: Compute): NetworkWatch {
  let examiner: Promise<Examiner> | undefined;
  const examine = async (probe: Probe): Promise<Examination> => {
    const { params, network } = session;
    const { channels, height, width } = network.input;
    const batch = probe.images.length / (channels * height * width);
    examiner ??= openExaminer(config, network, { params, batch, compute });
    return (await examiner).examine(params, probe.images);
  };
  const kernelOf = async ({ sampleGradient }: Probe) => {
    const count = Math.min(config.kernelSamples, config.batchSize);
    if (count < 2 || sampleGradient === null) return {};
    const gradients: Float32Array[] = [];
    for (let sample = 0; sample < count; sample++) gradients.push(await sampleGradient(sample));
    return tangentKernel(gradients) ?? {};
  };
  return {
    examine,
    async metrics(probe) {
      const { dormantByLayer: _, status: __, ...seen } = await examine(probe);
      const slope = await probe.gradient();
      const lengths = Object.entries(slope).map(
        ([part, tree]) => [`gradientNorm.${part}`, lengthOf(tree as Tree<HostArray>)] as const,
      );
      const kernel = Object.entries(await kernelOf(probe)).map(
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

/** Euclidean length of all arrays of a tree together. */
function lengthOf(tree: Tree<HostArray>): number {
  let square = 0;
  for (const { leaf } of flattenTree(tree, isHostArray)) {
    for (const value of leaf.data as Float32Array) square += value * value;
  }
  return Math.sqrt(square);
}
