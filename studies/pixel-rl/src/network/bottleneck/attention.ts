import { foldIn, type Key } from "@quadrivium/core";
import { np } from "@quadrivium/engine";
import { initializers, relu } from "@quadrivium/nn";
import {
  applyLinear,
  initLinear,
  noisyLayersOf,
  numLinearParams,
  type LinearParams,
} from "../linear.js";
import type { MakeBottleneck } from "./bottleneck.js";
import { softmax } from "./softmax.js";
import { tokensOf } from "./map-tokens.js";

/**
 * A weighted mean over places, weights by a learned query, then dense:
 * $g = \sum_{ij} a_{ij} F_{ij}$ with $a = \mathrm{softmax}_{ij}(q \cdot F_{ij} / \sqrt{C})$. With
 * $q = 0$ it is global average pooling. Symbols: $q$ → `query`.
 *
 * @source Lee et al. 2019, "Set transformer", §3.2: pooling by attention, with one head and seed,
 *   and values that are the places themselves
 */
export const attentionBottleneck: MakeBottleneck = (shape, { hidden }, style) => {
  const { height, width, channels } = shape;
  const layer = { numInputs: channels, numOutputs: hidden };
  return {
    numFeatures: hidden,
    numParams: channels + numLinearParams(layer, style.noisy),
    macs: 2 * height * width * channels + channels * hidden,
    noisyLayers: noisyLayersOf({ hidden: layer }, style),
    init: (key: Key) => ({
      query: initializers.truncatedNormal(1)(foldIn(key, 0), [channels, 1]),
      hidden: initLinear(foldIn(key, 1), layer, style),
    }),
    apply(params, map, { noise, observe }) {
      const { query, hidden: weights } = params as {
        readonly query: np.Array;
        readonly hidden: LinearParams<np.Array>;
      };
      const places = tokensOf(map, shape, "per-conv"); // [batch, places, channels]
      const scores = np.matmul(places.ref, query.ref).mul(1 / Math.sqrt(channels));
      const pooled = np.sum(places.mul(softmax(scores, 1)), 1); // [batch, channels]
      const features = relu(applyLinear(weights, pooled, noise?.hidden));
      observe("hidden", features);
      return features;
    },
  };
};
