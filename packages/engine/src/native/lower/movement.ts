import type { GraphBuilder } from "../onnx/graph-builder.js";
import { reversed } from "./border.js";
import { carrying, commonOrder, inOrder } from "./layout.js";
import type { Lowering, Lowerings } from "./lowering.js";
import { reshapeView } from "./reshape.js";
import { broadcastTo, carriedOrder, reseen, viewInOrder, type View } from "./view.js";

const transpose: Lowering<"transpose"> = (_, { parameters: { perm } }, [view]) => [
  reseen(
    view,
    perm.map((axis) => view.shape[axis]),
    perm.map((axis) => view.axes[axis]),
  ),
];

/** New axes at the positions named, and unit axes stretched: both are bookkeeping. */
const broadcast: Lowering<"broadcast"> = (_, { parameters: { shape, axis } }, [view]) => {
  const kept = shape.map((_, at) => at).filter((at) => !axis.includes(at));
  // Where the rank already fits, the axes named are the unit axes that are stretched.
  const from = view.shape.length === shape.length ? shape.map((_, at) => at) : kept;
  const unit = shape.map((_, at) => (from.includes(at) ? view.shape[from.indexOf(at)] : 1));
  const axes = shape.map((_, at) => (from.includes(at) ? view.axes[from.indexOf(at)] : null));
  return [broadcastTo(reseen(view, unit, axes), shape)];
};

const reshape: Lowering<"reshape"> = ({ graph }, { parameters: { shape } }, [view]) => [
  reshapeView(graph, view, shape),
];

/** Cuts or reverses carried axes of the tensor. */
function slice(
  graph: GraphBuilder,
  view: View,
  cuts: readonly { readonly axis: number; readonly from: number; readonly to: number }[],
  step: 1 | -1,
): View {
  const carried = cuts.filter(({ axis }) => view.axes[axis] !== null);
  const shape = view.shape.map((length, axis) => {
    const cut = cuts.find((candidate) => candidate.axis === axis);
    return cut === undefined ? length : Math.abs(cut.to - cut.from);
  });
  if (carried.length === 0) return reseen(view, shape, view.axes);
  const at = carried.map(({ axis }) => view.axes[axis]!);
  const dims = view.tensor.dims.map((length, tensorAxis) => {
    const cut = carried[at.indexOf(tensorAxis)];
    return cut === undefined ? length : Math.abs(cut.to - cut.from);
  });
  const lists = [
    carried.map(({ from }) => from),
    carried.map(({ to }) => to),
    at,
    carried.map(() => step),
  ];
  const tensor = graph.node("Slice", [view.tensor, ...lists.map((list) => graph.int64s(list))], {
    type: view.tensor.type,
    dims,
  });
  return { ...reseen(view, shape, view.axes), tensor };
}

const shrink: Lowering<"shrink"> = ({ graph }, { parameters }, [view]) => {
  const cuts = parameters.slice.flatMap(([from, to], axis) =>
    from === 0 && to === view.shape[axis] ? [] : [{ axis, from, to }],
  );
  return [slice(graph, view, cuts, 1)];
};

const flip: Lowering<"flip"> = ({ graph }, { parameters: { axis } }, [view]) => {
  const carriers = axis.flatMap((each) => view.axes[each] ?? []);
  return [{ ...view, tensor: reversed(graph, view.tensor, carriers) }];
};

/** Zeros around; an axis that grows must be carried. */
const pad: Lowering<"pad"> = (context, { parameters: { width } }, [operand]) => {
  if (width.some(([before, after]) => before < 0 || after < 0)) {
    return context.refuse("padding widths must not be negative");
  }
  const { graph } = context;
  const grown = width.flatMap(([before, after], axis) => (before + after === 0 ? [] : [axis]));
  if (grown.length === 0) return [operand];
  const view = carrying(graph, operand, grown);
  const known = carriedOrder(view);
  const order = [...known, ...grown.filter((axis) => !known.includes(axis))];
  const source = inOrder(graph, view, order);
  const dims = order.map((axis) => view.shape[axis] + width[axis][0] + width[axis][1]);
  const widths = [...order.map((axis) => width[axis][0]), ...order.map((axis) => width[axis][1])];
  const tensor = graph.node("Pad", [source, graph.int64s(widths)], { type: source.type, dims });
  const shape = view.shape.map((length, axis) => length + width[axis][0] + width[axis][1]);
  return [viewInOrder(tensor, view.dtype, shape, order)];
};

const concatenate: Lowering<"concatenate"> = (context, operation, operands) => {
  const { axis } = operation.parameters;
  const [{ dtype, shape }] = operation.outputs;
  const parts = operands.filter((operand) => operand.shape[axis] > 0);
  if (parts.length === 1) return [parts[0]];
  const carriedSomewhere = shape.flatMap((_, at) =>
    at === axis || parts.some((part) => part.axes[at] !== null) ? [at] : [],
  );
  const views = parts.map((part) => carrying(context.graph, part, carriedSomewhere));
  const known = commonOrder(views);
  const order = [...known, ...carriedSomewhere.filter((at) => !known.includes(at))];
  const tensors = views.map((view) => inOrder(context.graph, view, order));
  const dims = order.map((at) => shape[at]);
  const tensor = context.graph.node(
    "Concat",
    tensors,
    { type: dtype, dims },
    { axis: order.indexOf(axis) },
  );
  return [viewInOrder(tensor, dtype, shape, order)];
};

const split: Lowering<"split"> = ({ graph }, { parameters: { axis, sizes } }, [view]) => {
  let from = 0;
  return sizes.map((size) => {
    const cut = { axis, from, to: from + size };
    from += size;
    return slice(graph, view, [cut], 1);
  });
};

/** Movements: most cost nothing, being bookkeeping on the view. */
export const movementLowerings: Lowerings = {
  transpose,
  broadcast,
  reshape,
  shrink,
  flip,
  pad,
  concatenate,
  split,
  stop_gradient: (_context, _operation, operands) => operands,
};
