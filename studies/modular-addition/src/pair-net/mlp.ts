import type { Activation } from "./activation.js";
import { product } from "./multiply.js";
import type { DenseMap, PairNet } from "./pair-net.js";

/** How the two inputs of an MLP meet: side by side, or summed. */
export type Combine = "concat" | "add";

/** Weights of an MLP over two one-hot or embedded residues, all row-major. */
export interface MlpWeights {
  readonly modulus: number;
  readonly activation: Activation;
  readonly combine: Combine;
  /** One embedding for both inputs, one for each, or none (one-hot). @shape [modulus, dModel] */
  readonly embeddings:
    readonly [] | readonly [Float64Array] | readonly [Float64Array, Float64Array];
  /**
   * First hidden layer; its inputs are `modulus` or `dModel` when added, twice that when
   * concatenated.
   */
  readonly first: DenseMap;
  readonly hiddenLayers: readonly DenseMap[];
  readonly readout: DenseMap;
}

/**
 * An MLP as a {@link PairNet}: embedding and first layer are folded into one table per input, which
 * changes no preactivation.
 */
export function mlpNet(weights: MlpWeights): PairNet {
  const { modulus, combine, embeddings, first } = weights;
  const { outputs: width, weight, bias } = first;
  const half = combine === "concat" ? first.inputs / 2 : first.inputs;
  const leftMap = weight.subarray(0, half * width);
  const rightMap = combine === "concat" ? weight.subarray(half * width) : leftMap;
  const table = (embedding: Float64Array | undefined, map: Float64Array): Float64Array =>
    embedding === undefined
      ? map
      : product(embedding, map, { rows: modulus, inner: half, columns: width });
  const tableError = (embedding: Float64Array, map: Float64Array): Float64Array =>
    table(embedding.map(Math.abs), map.map(Math.abs)).map((sum) => 2 * (half + 1) * 2 ** -53 * sum);
  const [own] = embeddings;
  const kind = ["one-hot", "shared embedding", "separate embeddings"][embeddings.length];
  return {
    modulus,
    activation: weights.activation,
    firstLayer: {
      kind: "tables",
      width,
      left: table(embeddings[0], leftMap),
      right: table(embeddings[1] ?? embeddings[0], rightMap),
      bias,
      ...(own === undefined
        ? {}
        : {
            errors: {
              left: tableError(own, leftMap),
              right: tableError(embeddings[1] ?? own, rightMap),
            },
          }),
    },
    hiddenLayers: weights.hiddenLayers,
    readout: weights.readout,
    description: `MLP: ${kind}, ${combine}, ${[width, ...weights.hiddenLayers.map((l) => l.outputs)].join("-")} ${weights.activation}`,
  };
}
