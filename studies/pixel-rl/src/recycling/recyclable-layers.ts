import type { Network } from "../network/network.js";
import type { EncoderStep } from "../network/plan.js";

/** A layer whose dormant units can be recycled. */
export interface RecyclableLayer {
  /** Under which its activations are observed. */
  readonly name: string;
  readonly numUnits: number;
  /** Paths of the parameters that make its units: the last axis is over units. */
  readonly incoming: readonly string[];
  /** Path of those that read them: the last axis but one is over units, or equal parts for each. */
  readonly outgoing: string;
}

/**
 * The layers with a ReLU of their own that one other layer alone reads: convolutions in a row, the
 * first of every residual block, and the dense layer. What is added to a residual stream is not
 * one of them, nor is what a token per feature map reads.
 *
 * @source Sokar et al. 2023, "The dormant neuron phenomenon", App. A (residual networks)
 */
export function recyclableLayers(
  network: Network,
  { tokens, bottleneck }: { readonly tokens: string; readonly bottleneck: string },
): readonly RecyclableLayer[] {
  const readsByFeature = bottleneck.startsWith("tokens") && tokens === "per-feature";
  return [
    ...convolutionsIn(network.steps, readsByFeature ? null : "bottleneck"),
    {
      name: "hidden",
      numUnits: network.bottleneck.numFeatures,
      incoming: ["bottleneck/hidden", "bottleneck/factor"],
      outgoing: "head",
    },
  ];
}

/** @param reader of the last step's output; null where no layer reads its units apart */
function convolutionsIn(
  steps: readonly EncoderStep[],
  reader: string | null,
): readonly RecyclableLayer[] {
  return steps.flatMap((step, index) => {
    if (step.kind === "residual") return convolutionsIn(step.steps, null);
    const [relu, next] = [steps[index + 1], steps[index + 2]];
    if (step.kind !== "conv" || relu?.kind !== "relu") return [];
    const outgoing = next === undefined ? reader : next.kind === "conv" ? at(next.name) : null;
    if (outgoing === null) return [];
    const incoming = [at(step.name)];
    return [{ name: relu.name, numUnits: step.numOutputs, incoming, outgoing }];
  });
}

function at(convolution: string): string {
  return `encoder/${convolution}`;
}
