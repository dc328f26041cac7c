import type { HostArray } from "@quadrivium/core";
import type { PlainMembers } from "../plain-network.js";
import type { StackedParameters } from "../rate-form.js";
import type { PaperNetworkOptions } from "./paper-network.js";

/**
 * The members of a trained paper's network, evaluated in float64 without an engine.
 *
 * The network is asked in its canonical frame, the neighbour nearest to the beam on +x, and answers
 * for that and the two others counter-clockwise: $r_k = L\,\mathrm{softmax}(z)_k$.
 */
export function plainPaperMembers(
  { hidden, inputMean, inputScale }: PaperNetworkOptions,
  stacked: StackedParameters,
): PlainMembers {
  const member = (array: HostArray, m: number): Float64Array => {
    const size = array.data.length / array.shape[0];
    return Float64Array.from((array.data as Float32Array).subarray(m * size, (m + 1) * size));
  };
  const [numMembers] = stacked.bias3.shape;
  const layers = Array.from({ length: numMembers }, (_, m) =>
    [1, 2, 3].map((at) => ({
      kernel: member(stacked[`kernel${at}`], m),
      bias: member(stacked[`bias${at}`], m),
    })),
  );
  return (along, across, settings, rates) => {
    // The asked neighbour lies on +x; turn the nearest one there, and the asked one away.
    const turns = Math.round((3 * Math.atan2(across, along)) / (2 * Math.PI));
    const angle = (-2 * Math.PI * turns) / 3;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const place = [settings[0], settings[1], c * along - s * across, s * along + c * across];
    const inputs = place.map((value, at) => (value - inputMean[at]) / inputScale[at]);
    const asked = (3 - turns) % 3;
    layers.forEach(([one, two, three], m) => {
      const first = affine(inputs, one, hidden).map(swish);
      const second = affine(first, two, hidden).map(swish);
      const [z1, z2, z3, total] = affine(second, three, 4).map(softplus);
      const logits = [z1, z2, z3];
      const peak = Math.max(...logits);
      const shares = logits.map((z) => Math.exp(z - peak));
      rates[m] = (total * shares[asked]) / (shares[0] + shares[1] + shares[2]);
    });
  };
}

function affine(
  x: readonly number[],
  { kernel, bias }: { readonly kernel: Float64Array; readonly bias: Float64Array },
  width: number,
): number[] {
  return Array.from({ length: width }, (_, h) =>
    x.reduce((sum, value, at) => sum + value * kernel[at * width + h], bias[h]),
  );
}

function swish(x: number): number {
  return x / (1 + Math.exp(-x));
}

function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}
