import type { Activation } from "./activation.js";

/**
 * Values on the pair grid, computed one row (one $a$, all $b$) at a time so that the grid of a
 * large modulus never has to be held at once.
 */
export interface PairRows {
  readonly modulus: number;
  /** Values per pair. */
  readonly width: number;
  /** Writes the row of `a`. @param out @shape [modulus, width] */
  readonly fill: (a: number, out: Float64Array) => void;
}

/** An affine map from `inputs` to `outputs` values. */
export interface DenseMap {
  readonly inputs: number;
  readonly outputs: number;
  /** @shape [inputs, outputs] */
  readonly weight: Float64Array;
  /** @shape [outputs] */
  readonly bias: Float64Array;
}

/**
 * First-layer preactivations that are a term in $a$ plus a term in $b$: every network without
 * attention, and the transformer whose attention is constant.
 */
export interface TableLayer {
  readonly kind: "tables";
  readonly width: number;
  /** Term of token $a$. @shape [modulus, width] */
  readonly left: Float64Array;
  /** Term of token $b$. @shape [modulus, width] */
  readonly right: Float64Array;
  /** @shape [width] */
  readonly bias: Float64Array;
  /** Bounds on the rounding errors of the terms; absent where these are exact. Same shapes */
  readonly errors?: { readonly left: Float64Array; readonly right: Float64Array };
}

/** First-layer preactivations of another form, given row by row of the pair grid. */
export interface GridLayer {
  readonly kind: "grid";
  readonly width: number;
  readonly rows: PairRows;
}

/**
 * A network for pairs $(a, b)$ of residues, whatever its architecture: first-layer preactivations,
 * further dense layers, a linear read-out of `modulus` logits, and logits that bypass the neurons.
 */
export interface PairNet {
  readonly modulus: number;
  readonly activation: Activation;
  readonly firstLayer: TableLayer | GridLayer;
  /** Maps between hidden layers, in order; empty with one hidden layer. */
  readonly hiddenLayers: readonly DenseMap[];
  readonly readout: DenseMap;
  /** Logits of the residual path, which no neuron carries (transformers). */
  readonly residual?: PairRows;
  /** Share of learned softmax attention $\alpha$; absent for networks without attention. */
  readonly attentionRate?: number;
  /** What the network was read from, in one line. */
  readonly description: string;
}

/** Widths of the hidden layers, first to last. */
export function hiddenWidths(net: PairNet): number[] {
  return [net.firstLayer.width, ...net.hiddenLayers.map((layer) => layer.outputs)];
}
