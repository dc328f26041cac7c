import type { HostArray } from "@quadrivium/core";
import type { Architecture } from "../config.js";
import { frequencyStep } from "../coset/step.js";
import { remapLine } from "../coset/remap.js";
import { dissectionKey, type NetworkTask } from "../data.js";
import { dissect, type Dissection } from "../dissect/dissect.js";
import { mlpNet } from "../pair-net/mlp.js";
import type { DenseMap, PairNet } from "../pair-net/pair-net.js";
import type { Parameters } from "../parameters.js";

/** The part of a dissection that a run's result keeps. */
export type Digest = {
  /** Hidden layer that the verdict is read on, counted from 1. */
  readonly judgedLayer: number;
  /** Mean R1 of that layer's alive neurons, weighted by their energy. */
  readonly r1Weighted: number;
  /** Accuracy on all pairs after each substitution. */
  readonly substitution: Dissection["substitution"];
  /** Share of pairs on which the substituted network predicts as the network itself. */
  readonly agreement: Dissection["agreement"];
  readonly clusters: readonly {
    readonly frequency: number;
    readonly size: number;
    readonly energy: number;
  }[];
  /** Share of first-layer neurons with R1 above .9 that have frequency 1 once remapped. */
  readonly remappedToOne: number | null;
  /**
   * Share of the clusters' logit contributions that is not equivariant under shifts of a and b:
   * mean over clusters of 20 neurons or more, weighted by energy; `null` where there is none.
   */
  readonly equivarianceError: number | null;
  /** Relative error of C(a+2, b+2, c+4) = C(a, b, c), averaged alike. */
  readonly shiftError: number | null;
  /** Whether the extracted program is proved right on all pairs. */
  readonly isProved: boolean;
  readonly verdict: {
    readonly label: Dissection["verdict"]["label"];
    readonly gates: readonly {
      readonly id: string;
      readonly value: number | null;
      readonly pass: boolean;
      readonly threshold: string;
    }[];
  };
};

/** A trained network as the dissection reads it. */
export function pairNetOf(architecture: Architecture, params: Parameters<HostArray>): PairNet {
  const { modulus, activation, combine, embedding, hiddenLayers } = architecture;
  const values = (name: string): Float64Array => Float64Array.from(params[name].data, Number);
  const dense = (layer: string): DenseMap => {
    const [inputs, outputs] = params[`${layer}/kernel`].shape;
    return { inputs, outputs, weight: values(`${layer}/kernel`), bias: values(`${layer}/bias`) };
  };
  const embeddings = {
    "one-hot": () => [] as const,
    shared: () => [values("W_E")] as const,
    separate: () => [values("W_E_a"), values("W_E_b")] as const,
  };
  const [first, ...others] = Array.from({ length: hiddenLayers }, (_, layer) =>
    dense(`hidden_${layer}`),
  );
  return mlpNet({
    modulus,
    activation,
    combine,
    embeddings: embeddings[embedding](),
    first,
    hiddenLayers: others,
    readout: dense("output"),
  });
}

/** Dissects a trained network and keeps what a result should say. */
export function digestOf(
  architecture: Architecture,
  params: Parameters<HostArray>,
  task: NetworkTask,
): Digest {
  const net = pairNetOf(architecture, params);
  const mask = new Uint8Array(architecture.modulus ** 2);
  for (const pair of task.split.train) mask[pair] = 1;
  const found = dissect(net, {
    split: mask,
    labels: task.labels,
    key: dissectionKey(task.key),
    ablations: false,
  });
  const large = found.contributions.flatMap((contribution) => {
    const cluster = found.layers
      .at(-1)!
      .clusters.find(({ frequency }) => frequency === contribution.frequency)!;
    return cluster.size >= 20 ? [{ ...contribution, energy: cluster.energy }] : [];
  });
  const energy = large.reduce((total, cluster) => total + cluster.energy, 0);
  const weighted = (value: (cluster: (typeof large)[number]) => number): number | null =>
    large.length === 0
      ? null
      : large.reduce((total, cluster) => total + cluster.energy * value(cluster), 0) / energy;
  return {
    judgedLayer: found.judgedLayer,
    r1Weighted: found.layers[found.judgedLayer - 1].r1.weighted,
    substitution: found.substitution,
    agreement: found.agreement,
    clusters: found.clusters.map(({ frequency, size, energy }) => ({ frequency, size, energy })),
    remappedToOne: remappedToOne(net, found),
    equivarianceError: weighted((cluster) => cluster.equivarianceError),
    shiftError: weighted((cluster) => cluster.shiftError),
    isProved: found.certificate.proved,
    verdict: {
      label: found.verdict.label,
      gates: found.verdict.gates.map(({ id, value, pass, threshold }) => ({
        id,
        value,
        pass,
        threshold,
      })),
    },
  };
}

/**
 * Of the first layer's simple neurons, the share whose a-part has frequency 1 after the change of
 * variable of their own frequency. Nothing of the fit but its frequency goes in: the remapped table
 * column is transformed anew.
 */
function remappedToOne(net: PairNet, found: Dissection): number | null {
  const { firstLayer, modulus } = net;
  if (firstLayer.kind !== "tables") return null;
  const simple = found.neurons.filter(({ layer, alive, r1 }) => layer === 1 && alive && r1 > 0.9);
  if (simple.length === 0) return null;
  const toOne = simple.filter(({ id, f }) => {
    const column = Float64Array.from(
      { length: modulus },
      (_, token) => firstLayer.left[token * firstLayer.width + id],
    );
    return dominantFrequency(remapLine(frequencyStep(f, modulus), column)) === 1;
  });
  return toOne.length / simple.length;
}

/** The strongest frequency of a real function of a residue, by direct transform. */
function dominantFrequency(values: Float64Array): number {
  const n = values.length;
  let best = { frequency: 0, energy: 0 };
  for (let frequency = 1; frequency <= n / 2; frequency++) {
    let re = 0;
    let im = 0;
    for (const [x, value] of values.entries()) {
      const angle = (2 * Math.PI * ((frequency * x) % n)) / n;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    const energy = re * re + im * im;
    if (energy > best.energy) best = { frequency, energy };
  }
  return best.frequency;
}
