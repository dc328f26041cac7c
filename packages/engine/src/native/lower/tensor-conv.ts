import type { Pair } from "../ir/program.js";
import type { Tensor } from "../onnx/graph-builder.js";
import type { Backwards } from "./border.js";

/** Weights of a convolution, in the layouts that kernels want. */
export interface TensorWeights {
  /** [groups · features, channels, kernel…] */
  readonly dims: readonly number[];
  /** A tensor of those dims. */
  asTensor(): Tensor;
  /** A tensor [channels, kernel…, features] of a single group, to be read backwards. */
  featuresLast(): Backwards;
}

/**
 * A convolution of tensors: the input is [batch, groups · channels, lengths…], the weights are
 * [groups · features, channels, kernel…].
 */
export interface TensorConv {
  readonly input: Tensor;
  readonly weights: TensorWeights;
  /** A number for each feature, added to the result; absent without one. @shape [features] */
  readonly bias?: Tensor;
  readonly groups: number;
  readonly strides: readonly number[];
  readonly padding: readonly Pair[];
  readonly lhsDilation: readonly number[];
  readonly rhsDilation: readonly number[];
  /** The result's lengths. */
  readonly lengths: readonly number[];
}

/** Paddings as ONNX lists them: every beginning, then every end. */
export function padsOf(padding: readonly Pair[]): readonly number[] {
  return [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
}
