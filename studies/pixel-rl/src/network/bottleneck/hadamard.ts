import { foldIn } from "@quadrivium/core";
import type { np } from "@quadrivium/engine";
import { tanh } from "@quadrivium/nn";
import {
  applyLinear,
  initLinear,
  noisyLayersOf,
  numLinearParams,
  type LinearParams,
} from "../linear.js";
import type { MakeBottleneck } from "./bottleneck.js";
import { flattenMap } from "./reduce-map.js";

/**
 * Two dense layers side by side on the flattened map, multiplied:
 * $z = \tanh(W_1 x + b_1) \odot \tanh(W_2 x + b_2)$. A unit is silent only where one of its factors
 * is 0; saturated factors still multiply to ±1.
 *
 * @source Kooi et al. 2024, "Hadamard representations", §4 (arXiv 2406.09079)
 */
export const hadamardBottleneck: MakeBottleneck = ({ height, width, channels }, options, style) => {
  const layer = { numInputs: height * width * channels, numOutputs: options.hidden };
  return {
    numFeatures: options.hidden,
    numParams: 2 * numLinearParams(layer, style.noisy),
    macs: 2 * layer.numInputs * layer.numOutputs,
    noisyLayers: noisyLayersOf({ hidden: layer, factor: layer }, style),
    init: (key) => ({
      hidden: initLinear(foldIn(key, 0), layer, style),
      factor: initLinear(foldIn(key, 1), layer, style),
    }),
    apply(params, map, { noise, observe }) {
      const { hidden, factor } = params as {
        readonly [name in "hidden" | "factor"]: LinearParams<np.Array>;
      };
      const values = flattenMap(map);
      const features = tanh(applyLinear(hidden, values, noise?.hidden)).mul(
        tanh(applyLinear(factor, values, noise?.factor)),
      );
      observe("hidden", features);
      return features;
    },
  };
};
