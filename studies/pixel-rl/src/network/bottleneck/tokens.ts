import { np } from "@quadrivium/engine";
import { relu } from "@quadrivium/nn";
import {
  applyLinear,
  initLinear,
  noisyLayersOf,
  numLinearParams,
  type LinearParams,
} from "../linear.js";
import type { MakeBottleneck } from "./bottleneck.js";
import { tokenShape, tokensOf } from "./map-tokens.js";

/**
 * One dense layer and ReLU on every token of the map, then their mean or sum. Without the ReLU the
 * mean over places would equal the dense layer on the global average: the difference is the
 * non-linearity.
 *
 * @source Sokar et al. 2024, "Don't flatten, tokenize!", §4
 */
export function tokensBottleneck(combine: "mean" | "sum"): MakeBottleneck {
  return (shape, { hidden, tokens }, style) => {
    const { numTokens, tokenSize } = tokenShape(shape, tokens);
    const layer = { numInputs: tokenSize, numOutputs: hidden };
    return {
      numFeatures: hidden,
      numParams: numLinearParams(layer, style.noisy),
      macs: numTokens * tokenSize * hidden,
      noisyLayers: noisyLayersOf({ hidden: layer }, style),
      init: (key) => ({ hidden: initLinear(key, layer, style) }),
      apply(params, map, { noise, observe }) {
        const { hidden: weights } = params as { readonly hidden: LinearParams<np.Array> };
        const active = relu(applyLinear(weights, tokensOf(map, shape, tokens), noise?.hidden));
        const features = combine === "mean" ? np.mean(active, 1) : np.sum(active, 1);
        observe("hidden", features);
        return features;
      },
    };
  };
}
