import type { Pair } from "../ir/program.js";
import type { GraphBuilder, Tensor } from "../onnx/graph-builder.js";
import { beforeReversal, bordered, cut, reversed } from "./border.js";
import { blockedConv, suitsBlocks } from "./conv-blocked.js";
import { allOnes, lengthsOf, productOf, type ConvProblem } from "./conv-problem.js";
import { padsOf, type TensorConv, type TensorWeights } from "./tensor-conv.js";
import { carrying, dense, inOrder, reshaped, transposed } from "./layout.js";
import type { LoweringContext } from "./lowering.js";
import { viewInOrder, type View } from "./view.js";

/**
 * A convolution by one of ONNX Runtime's own kernels.
 *
 * A mapped axis that both operands carry becomes groups; one that a single operand carries joins
 * its batch or its features, so that nothing is repeated.
 */
export function convByKernel(context: LoweringContext, problem: ConvProblem): View {
  const { graph } = context;
  const { maps, outer, inner, spatial, shape } = problem;
  const own = [outer, inner, ...spatial];
  const [lhs, rhs] = [carrying(graph, problem.lhs, own), carrying(graph, problem.rhs, own)];
  const inLhs = maps.filter((axis) => lhs.axes[axis] !== null);
  const inRhs = maps.filter((axis) => rhs.axes[axis] !== null);
  const shared = inLhs.filter((axis) => inRhs.includes(axis));
  const lhsOnly = inLhs.filter((axis) => !shared.includes(axis));
  const rhsOnly = inRhs.filter((axis) => !shared.includes(axis));

  const count = (axes: readonly number[]): number => productOf(lengthsOf(shape, axes));
  const groups = count(shared);
  const channels = lhs.shape[inner];
  // With no spatial axis there is one of length 1 that every kernel understands.
  const whole = (lengths: readonly number[]): readonly number[] =>
    lengths.length === 0 ? [1] : lengths;
  const input = reshaped(
    graph,
    inOrder(graph, lhs, [...lhsOnly, outer, ...shared, inner, ...spatial]),
    [count(lhsOnly) * lhs.shape[outer], groups * channels, ...whole(lengthsOf(lhs.shape, spatial))],
  );
  const features = [...rhsOnly, outer];
  const kernel = whole(lengthsOf(rhs.shape, spatial));
  const weights: TensorWeights = {
    dims: [groups * productOf(lengthsOf(rhs.shape, features)), channels, ...kernel],
    asTensor() {
      const order = [...shared, ...features, inner, ...spatial];
      return reshaped(graph, inOrder(graph, rhs, order), this.dims);
    },
    featuresLast() {
      const before = beforeReversal(rhs.tensor);
      const turnsTapsOnly = before.axes.every((at) => spatial.includes(rhs.axes.indexOf(at)));
      const { tensor, axes } = turnsTapsOnly ? before : { tensor: rhs.tensor, axes: [] };
      const order = [inner, ...spatial, ...features];
      const dims = [channels, ...kernel, this.dims[0]];
      return {
        tensor: reshaped(graph, inOrder(graph, { ...rhs, tensor }, order), dims),
        axes: axes.map((axis) => order.indexOf(rhs.axes.indexOf(axis))),
      };
    },
  };
  const pointwise = spatial.length === 0;
  const tensor = convolve(context, {
    input,
    weights,
    ...(problem.bias === undefined ? {} : { bias: dense(graph, problem.bias) }),
    groups,
    strides: whole(problem.strides),
    padding: pointwise ? [[0, 0]] : problem.padding,
    lhsDilation: whole(problem.lhsDilation),
    rhsDilation: whole(problem.rhsDilation),
    lengths: whole(lengthsOf(shape, spatial)),
  });
  const order = [...lhsOnly, outer, ...shared, ...rhsOnly, inner, ...spatial];
  return viewInOrder(reshaped(graph, tensor, lengthsOf(shape, order)), "float32", shape, order);
}

function convolve(context: LoweringContext, conv: TensorConv): Tensor {
  const { graph } = context;
  if (!allOnes(conv.lhsDilation)) return convTranspose(graph, conv);
  const cropped = conv.padding.some(([before, after]) => before < 0 || after < 0);
  const input = cropped
    ? bordered(graph, conv.input, [
        [0, 0],
        [0, 0],
        ...conv.padding.map(([before, after]): Pair => [Math.min(before, 0), Math.min(after, 0)]),
      ])
    : conv.input;
  const padding = conv.padding.map(([before, after]): Pair => [
    Math.max(before, 0),
    Math.max(after, 0),
  ]);
  const ready = { ...conv, input, padding };
  if (suitsBlocks(context, ready)) return blockedConv(context, ready);
  const weights = conv.weights.asTensor();
  return graph.node(
    "Conv",
    conv.bias === undefined ? [input, weights] : [input, weights, conv.bias],
    { type: "float32", dims: [input.dims[0], weights.dims[0], ...conv.lengths] },
    {
      kernel_shape: weights.dims.slice(2),
      strides: conv.strides,
      dilations: conv.rhsDilation,
      pads: padsOf(padding),
      group: conv.groups,
    },
  );
}

/**
 * A convolution of an input with zeros between its elements, which is how the gradient of a strided
 * convolution arrives: ConvTranspose with the kernel turned round, where what surrounded the input
 * says how much of the result is cut off.
 */
function convTranspose(graph: GraphBuilder, conv: TensorConv): Tensor {
  const { input, weights, groups, strides, lhsDilation, rhsDilation, padding } = conv;
  const kernel = weights.dims.slice(2);
  const [features, channels] = [weights.dims[0] / groups, weights.dims[1]];
  const spatial = kernel.map((_, at) => at + 2);
  const swapped = transposed(
    graph,
    reshaped(graph, weights.asTensor(), [groups, features, channels, ...kernel]),
    [0, 2, 1, ...spatial.map((axis) => axis + 1)],
  );
  const turned = reversed(
    graph,
    reshaped(graph, swapped, [groups * channels, features, ...kernel]),
    spatial,
  );
  const reach = kernel.map((size, at) => (size - 1) * rhsDilation[at]);
  const pads = padding.map(([before, after], at): Pair => [reach[at] - before, reach[at] - after]);
  const cutOff = pads.map(([before, after]): Pair => [Math.max(before, 0), Math.max(after, 0)]);
  const beyond = pads.map(([before, after]): Pair => [Math.max(-before, 0), Math.max(-after, 0)]);
  // A short rest at the end, where strides do not divide the length, is ConvTranspose's own.
  const ownRest = beyond.every(([before, after], at) => before === 0 && after < lhsDilation[at]);
  const lengths = kernel.map(
    (_, at) =>
      (input.dims[at + 2] - 1) * lhsDilation[at] +
      reach[at] +
      1 -
      cutOff[at][0] -
      cutOff[at][1] +
      (ownRest ? beyond[at][1] : 0),
  );
  const full = graph.node(
    "ConvTranspose",
    [input, turned],
    { type: "float32", dims: [input.dims[0], weights.dims[0], ...lengths] },
    {
      kernel_shape: kernel,
      strides: lhsDilation,
      dilations: rhsDilation,
      pads: padsOf(cutOff),
      output_padding: ownRest ? beyond.map(([, after]) => after) : kernel.map(() => 0),
      group: groups,
    },
  );
  const wide = ownRest ? full : bordered(graph, full, [[0, 0], [0, 0], ...beyond]);
  return cut(
    graph,
    wide,
    strides.map((step, at) => ({ axis: at + 2, from: 0, to: wide.dims[at + 2], step })),
  );
}
