import type { GraphBuilder, Tensor } from "../onnx/graph-builder.js";
import { bordered } from "./border.js";
import { padsOf, type TensorConv, type TensorWeights } from "./tensor-conv.js";
import { reshaped, transposed } from "./layout.js";
import type { LoweringContext } from "./lowering.js";

/**
 * ONNX Runtime's own domain of kernels that keep channels in blocks as wide as a vector register.
 * Its optimizer uses them only where weights are constants; weights that are trained reach them by
 * being put in blocks within the graph.
 */
const domain = "com.microsoft.nchwc";

/** Added work, from channels that fill up blocks, beyond which blocks do not pay. */
const worthwhile = 1.5;

const roundUp = (length: number, block: number): number => Math.ceil(length / block) * block;

/** Channels as the blocked kernel reads them: few are read as they lie, more in whole blocks. */
function readChannels(channels: number, block: number): number {
  return channels < block ? channels : roundUp(channels, block);
}

/** Says whether the blocked kernel can compute a convolution, and sooner than the plain one. */
export function suitsBlocks({ channelBlock }: LoweringContext, conv: TensorConv): boolean {
  const [features, channels, ...kernel] = conv.weights.dims;
  if (conv.groups !== 1 || kernel.length !== 2) return false;
  return fillsBlocks(channelBlock, features, channels);
}

/** Says whether so many features and channels go in blocks with little to fill up. */
export function fillsBlocks(block: number, features: number, channels: number): boolean {
  // The kernel that puts channels in blocks takes them in fours.
  if (block === 0 || (channels > block && channels % 4 !== 0)) return false;
  const filled = roundUp(features, block) * readChannels(channels, block);
  return filled <= worthwhile * features * channels;
}

/** A two-dimensional convolution with input and result as they are everywhere else. */
export function blockedConv(
  { graph, channelBlock: block }: LoweringContext,
  conv: TensorConv,
): Tensor {
  const [features, channels, height, width] = conv.weights.dims;
  const [outputs, inputs] = [roundUp(features, block), readChannels(channels, block)];
  const [batch] = conv.input.dims;
  const lengths = conv.input.dims.slice(2);

  const inBlocks = inputs % block === 0 && channels >= block;
  const weights = blockedWeights(graph, conv.weights, {
    outputs,
    inputs,
    block,
    inputBlock: inBlocks ? block : 1,
  });
  const input = inBlocks
    ? graph.node(
        `${domain}.ReorderInput`,
        [conv.input],
        { type: "float32", dims: [batch, inputs, ...lengths] },
        { channels_last: 0 },
      )
    : conv.input;
  const bias =
    conv.bias === undefined ? [] : [bordered(graph, conv.bias, [[0, outputs - features]])];
  const result = graph.node(
    `${domain}.Conv`,
    [input, weights, ...bias],
    { type: "float32", dims: [batch, outputs, ...conv.lengths] },
    {
      auto_pad: "NOTSET",
      kernel_shape: [height, width],
      strides: conv.strides,
      dilations: conv.rhsDilation,
      pads: padsOf(conv.padding),
      group: 1,
    },
  );
  return graph.node(
    `${domain}.ReorderOutput`,
    [result],
    { type: "float32", dims: [batch, features, ...conv.lengths] },
    { channels: features, channels_last: 0 },
  );
}

/** How weights are put in blocks: channels filled up, and how many stay together. */
interface Blocking {
  readonly outputs: number;
  readonly inputs: number;
  readonly block: number;
  readonly inputBlock: number;
}

/**
 * Weights as the blocked kernel reads them: [features / block, channels / block, kernel…,
 * channels in a block, features in a block].
 *
 * With the features last, each step moves whole rows: rows of channels and taps find their order,
 * backwards where the kernel is turned round, and then the rows are cut into blocks. One transpose
 * of all axes at once, which moves single numbers, takes three times as long.
 */
function blockedWeights(
  graph: GraphBuilder,
  weights: TensorWeights,
  { outputs, inputs, block, inputBlock }: Blocking,
): Tensor {
  const { tensor, axes: backwards } = weights.featuresLast();
  const [features, channels, height, width] = weights.dims;
  const filled = bordered(graph, tensor, [
    [0, inputs - channels],
    [0, 0],
    [0, 0],
    [0, outputs - features],
  ]);
  const taps = height * width;
  const numRows = inputs * taps;
  const turned = (at: number, length: number, axis: number): number =>
    backwards.includes(axis) ? length - 1 - at : at;
  const rowOrder = Array.from({ length: numRows }, (_, place) => {
    const channel = Math.floor(place / (taps * inputBlock)) * inputBlock + (place % inputBlock);
    const tap = Math.floor(place / inputBlock) % taps;
    const row = turned(Math.floor(tap / width), height, 1);
    const column = turned(tap % width, width, 2);
    return (channel * height + row) * width + column;
  });
  const rows = takeRows(graph, reshaped(graph, filled, [numRows, outputs]), rowOrder);
  // Cut into blocks only now: without a reshape between them ONNX Runtime joins the transposes.
  const split = reshaped(graph, rows, [numRows, outputs / block, block]);
  return reshaped(graph, transposed(graph, split, [1, 0, 2]), [outputs, inputs, height, width]);
}

/** The rows of a tensor in another order. */
function takeRows(graph: GraphBuilder, tensor: Tensor, order: readonly number[]): Tensor {
  if (order.every((row, at) => row === at)) return tensor;
  return graph.node("Gather", [tensor, graph.int64s(order)], tensor, { axis: 0 });
}
