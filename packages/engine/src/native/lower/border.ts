import type { Pair } from "../ir/program.js";
import type { GraphBuilder, Tensor } from "../onnx/graph-builder.js";

/** A stretch of an axis of a tensor: every `step`-th element from `from` to before `to`. */
export interface Stretch {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly step?: number;
}

/** The tensor cut to stretches of some axes. */
export function cut(graph: GraphBuilder, tensor: Tensor, stretches: readonly Stretch[]): Tensor {
  const real = stretches.filter(
    ({ axis, from, to, step = 1 }) => from !== 0 || to !== tensor.dims[axis] || step !== 1,
  );
  if (real.length === 0) return tensor;
  const dims = [...tensor.dims];
  for (const { axis, from, to, step = 1 } of real) dims[axis] = Math.ceil((to - from) / step);
  const lists = [
    real.map(({ from }) => from),
    real.map(({ to }) => to),
    real.map(({ axis }) => axis),
    real.map(({ step = 1 }) => step),
  ];
  return graph.node("Slice", [tensor, ...lists.map((list) => graph.int64s(list))], {
    type: tensor.type,
    dims,
  });
}

/** The tensor with zeros added at both ends of every axis, or elements taken away where negative. */
export function bordered(graph: GraphBuilder, tensor: Tensor, widths: readonly Pair[]): Tensor {
  const kept = cut(
    graph,
    tensor,
    widths.map(([before, after], axis) => ({
      axis,
      from: Math.max(0, -before),
      to: tensor.dims[axis] - Math.max(0, -after),
    })),
  );
  const added = [0, 1].map((end) => widths.map((width) => Math.max(0, width[end])));
  if (added.flat().every((width) => width === 0)) return kept;
  const dims = kept.dims.map((length, axis) => length + added[0][axis] + added[1][axis]);
  return graph.node("Pad", [kept, graph.int64s(added.flat())], { type: kept.type, dims });
}

/** A tensor and the axes along which it is to be read backwards. */
export interface Backwards {
  readonly tensor: Tensor;
  readonly axes: readonly number[];
}

/** What reversed tensors were before, for readers that can go backwards themselves. */
const reversals = new WeakMap<Tensor, Backwards>();

/** The tensor with the order along some axes reversed. */
export function reversed(graph: GraphBuilder, tensor: Tensor, axes: readonly number[]): Tensor {
  const turned = axes.filter((axis) => tensor.dims[axis] > 1);
  if (turned.length === 0) return tensor;
  const lists = [
    turned.map(() => -1),
    // One before the first element, counted from the end.
    turned.map((axis) => -tensor.dims[axis] - 1),
    turned,
    turned.map(() => -1),
  ];
  const result = graph.node("Slice", [tensor, ...lists.map((list) => graph.int64s(list))], {
    type: tensor.type,
    dims: tensor.dims,
  });
  reversals.set(result, { tensor, axes: turned });
  return result;
}

/** The tensor that was reversed, or the tensor itself and no axes. */
export function beforeReversal(tensor: Tensor): Backwards {
  return reversals.get(tensor) ?? { tensor, axes: [] };
}
