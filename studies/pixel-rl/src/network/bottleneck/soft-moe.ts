import { foldIn, type Tree } from "@quadrivium/core";
import { np } from "@quadrivium/engine";
import { initializers, relu } from "@quadrivium/nn";
import type { MakeBottleneck } from "./bottleneck.js";
import { softmax } from "./softmax.js";
import { tokenShape, tokensOf } from "./map-tokens.js";

type Params = {
  readonly slots: np.Array;
  readonly W_in: np.Array;
  readonly b_in: np.Array;
  readonly W_out: np.Array;
  readonly b_out: np.Array;
};

/**
 * Soft mixture of experts over the map's tokens $X$.
 *
 * With $L = X\Phi$: every slot reads the tokens by the softmax of $L$ over tokens, an expert (dense,
 * ReLU, dense) maps its slots, and every token reads the slots by the softmax of $L$ over slots.
 * The tokens that result are flattened for the head. There are ⌈tokens/experts⌉ slots an expert.
 *
 * Symbols: $\Phi$ → `slots` [token size, experts · slots].
 *
 * @source Puigcerver et al. 2024, "From sparse to soft mixtures of experts", §2; Obando-Ceron et
 *   al. 2024, "Mixtures of experts unlock parameter scaling for deep RL"
 * @departs experts stay free of noise in a noisy network
 */
export const softMoeBottleneck: MakeBottleneck = (shape, { hidden, numExperts, tokens: kind }) => {
  const { numTokens, tokenSize } = tokenShape(shape, kind);
  const slotsPerExpert = Math.ceil(numTokens / numExperts);
  const numSlots = numExperts * slotsPerExpert;
  return {
    numFeatures: numTokens * tokenSize,
    numParams: tokenSize * numSlots + numExperts * (2 * tokenSize * hidden + hidden + tokenSize),
    macs: 3 * numTokens * tokenSize * numSlots + 2 * numSlots * tokenSize * hidden,
    noisyLayers: {},
    init(key) {
      const draw = (index: number, numInputs: number, lengths: readonly number[]) =>
        initializers.truncatedNormal(1 / Math.sqrt(numInputs))(foldIn(key, index), lengths);
      return {
        slots: draw(0, tokenSize, [tokenSize, numSlots]),
        W_in: draw(1, tokenSize, [numExperts, tokenSize, hidden]),
        b_in: initializers.zeros(key, [numExperts, 1, hidden]),
        W_out: draw(2, hidden, [numExperts, hidden, tokenSize]),
        b_out: initializers.zeros(key, [numExperts, 1, tokenSize]),
      };
    },
    apply(params: Tree<np.Array>, map, { observe }) {
      const { slots, W_in, b_in, W_out, b_out } = params as Params;
      const batch = map.shape[0];
      const tokens = tokensOf(map, shape, kind); // [batch, tokens, size]
      const logits = np.matmul(tokens.ref, slots.ref); // [batch, tokens, slots]
      const dispatch = np.transpose(softmax(logits.ref, 1), [0, 2, 1]);
      const inputs = np
        .matmul(dispatch, tokens)
        .reshape([batch, numExperts, slotsPerExpert, tokenSize]);
      const active = relu(np.matmul(inputs, W_in.ref).add(b_in.ref));
      observe("experts", active.ref.reshape([batch, numSlots, hidden]));
      const outputs = np.matmul(active, W_out.ref).add(b_out.ref);
      const combined = np.matmul(softmax(logits, 2), outputs.reshape([batch, numSlots, tokenSize]));
      return combined.reshape([batch, numTokens * tokenSize]);
    },
  };
};
