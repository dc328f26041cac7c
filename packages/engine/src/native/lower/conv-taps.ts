import type { Pair } from "../ir/program.js";
import type { Tensor } from "../onnx/graph-builder.js";
import { bordered, cut } from "./border.js";
import { fillsBlocks } from "./conv-blocked.js";
import { allOnes, lengthsOf, productOf, type ConvProblem } from "./conv-problem.js";
import { carrying, inOrder, reshaped } from "./layout.js";
import type { LoweringContext } from "./lowering.js";
import { viewInOrder, type View } from "./view.js";

/** Rows of a matrix product below which its kernel idles, so that all taps share one product. */
const fewRows = 16;

/**
 * Places of a kernel below which it is a kernel like any other, and no image: for the plain kernels
 * and for the blocked ones.
 */
const smallestImage = { plain: 16, blocked: 80 } as const;

/** Places of a kernel above which one product per image is better than one over the whole batch. */
const largeImage = 256;

/**
 * Says whether a convolution has few results and a large kernel, as the gradient of a convolution
 * with respect to its weights has: there "batch" is what were channels, "channels" what was the
 * batch, the kernel is the image that came back, and each result is a tap of the weights.
 */
export function hasFewTaps(context: LoweringContext, problem: ConvProblem): boolean {
  const { rhs, shape, spatial, lhsDilation, rhsDilation } = problem;
  if (spatial.length === 0 || !allOnes(lhsDilation)) return false;
  const places = productOf(lengthsOf(rhs.shape, spatial));
  const smallest = goesInBlocks(context, problem) ? smallestImage.blocked : smallestImage.plain;
  if (places < smallest || productOf(lengthsOf(shape, spatial)) > places) return false;
  // Steps through few interleaved channels gather single numbers; the plain kernel does it better.
  return allOnes(rhsDilation) || problem.lhs.shape[problem.outer] >= fewRows;
}

/** Says whether the blocked kernel is what would compute a convolution otherwise. */
function goesInBlocks(
  { channelBlock }: LoweringContext,
  { rhs, maps, outer, inner, spatial }: ConvProblem,
): boolean {
  if (maps.length > 0 || spatial.length !== 2) return false;
  return fillsBlocks(channelBlock, rhs.shape[outer], rhs.shape[inner]);
}

/** A convolution as matrix products, one for each tap or one for all of them. */
export function convByTaps(context: LoweringContext, problem: ConvProblem): View {
  const { lhs, rhs, outer, spatial, rhsDilation } = problem;
  const adjacent = allOnes(rhsDilation);
  if (adjacent && lhs.shape[outer] < fewRows) return tapsTogether(context, problem);
  const places = productOf(lengthsOf(rhs.shape, spatial));
  return adjacent && places >= largeImage
    ? tapPerImage(context, problem)
    : tapPerBatch(context, problem);
}

/** The first place of each tap in the padded input, row-major. */
function tapOrigins({ shape, spatial, strides }: ConvProblem): readonly (readonly number[])[] {
  return spatial.reduce<number[][]>(
    (origins, axis, at) =>
      origins.flatMap((origin) =>
        Array.from({ length: shape[axis] }, (_, tap) => [...origin, tap * strides[at]]),
      ),
    [[]],
  );
}

/** The left operand with its axes in this order and its borders in place. */
function paddedInput(
  { graph }: LoweringContext,
  { lhs, spatial, padding }: ConvProblem,
  order: readonly number[],
): Tensor {
  const widths = order.map((axis): Pair => padding[spatial.indexOf(axis)] ?? [0, 0]);
  return bordered(graph, inOrder(graph, carrying(graph, lhs, order), order), widths);
}

/** What one tap sees of the padded input, whose spatial axes begin at `first`. */
function seenByTap(
  { graph }: LoweringContext,
  { rhs, spatial, rhsDilation }: ConvProblem,
  padded: Tensor,
  first: number,
  origin: readonly number[],
): Tensor {
  return cut(
    graph,
    padded,
    origin.map((from, at) => ({
      axis: first + at,
      from,
      to: from + (rhs.shape[spatial[at]] - 1) * rhsDilation[at] + 1,
      step: rhsDilation[at],
    })),
  );
}

/** The right operand as matrices with its features for rows. */
function kernelRows(
  { graph }: LoweringContext,
  { rhs }: ConvProblem,
  order: readonly number[],
  dims: readonly number[],
): Tensor {
  return reshaped(graph, inOrder(graph, carrying(graph, rhs, order), order), dims);
}

/** Per-tap products [maps, features, outer] side by side, as the result. */
function joinTaps(
  { graph }: LoweringContext,
  { lhs, rhs, maps, outer, inner, spatial, shape }: ConvProblem,
  products: readonly Tensor[],
): View {
  const count = productOf(lengthsOf(shape, maps));
  const [rows, columns] = [rhs.shape[outer], lhs.shape[outer]];
  const joined =
    products.length === 1
      ? products[0]
      : graph.node(
          "Concat",
          products,
          { type: "float32", dims: [count, products.length * rows, columns] },
          { axis: 1 },
        );
  const order = [...maps, ...spatial, inner, outer];
  return viewInOrder(reshaped(graph, joined, lengthsOf(shape, order)), "float32", shape, order);
}

/** One product per tap over the whole batch; channels come last, so that every cut is whole rows. */
function tapPerBatch(context: LoweringContext, problem: ConvProblem): View {
  const { graph } = context;
  const { lhs, rhs, maps, outer, inner, spatial } = problem;
  const count = productOf(lengthsOf(problem.shape, maps));
  const depth = rhs.shape[inner] * productOf(lengthsOf(rhs.shape, spatial));
  const padded = paddedInput(context, problem, [...maps, inner, ...spatial, outer]);
  const rows = kernelRows(
    context,
    problem,
    [...maps, outer, inner, ...spatial],
    [count, rhs.shape[outer], depth],
  );
  const products = tapOrigins(problem).map((origin) => {
    const seen = seenByTap(context, problem, padded, maps.length + 1, origin);
    return graph.node("MatMul", [rows, reshaped(graph, seen, [count, depth, lhs.shape[outer]])], {
      type: "float32",
      dims: [count, rhs.shape[outer], lhs.shape[outer]],
    });
  });
  return joinTaps(context, problem, products);
}

/**
 * One product per tap and image, summed over images. With rows as long as the padded input's, what
 * a tap sees is one stretch of the flattened image; where the kernel's rows are shorter there are
 * zeros, which cancel what a stretch takes from the next row.
 */
function tapPerImage(context: LoweringContext, problem: ConvProblem): View {
  const { graph } = context;
  const { lhs, rhs, maps, outer, inner, spatial, shape } = problem;
  const images = productOf(lengthsOf(shape, maps)) * rhs.shape[inner];
  const order = [...maps, inner, outer, ...spatial];
  const first = maps.length + 2;
  const padded = paddedInput(context, problem, order);
  // The last stretch runs over the end by less than one slice of the first spatial axis.
  const widened = bordered(
    graph,
    padded,
    order.map((axis): Pair => [0, axis === spatial[0] ? 1 : 0]),
  );
  const grid = widened.dims.slice(first);
  const flat = reshaped(graph, widened, [images, lhs.shape[outer], productOf(grid)]);
  const kernel = inOrder(graph, carrying(graph, rhs, order), order);
  const inGrid = bordered(
    graph,
    kernel,
    order.map((axis, at): Pair => [0, at <= first ? 0 : grid[at - first] - rhs.shape[axis]]),
  );
  const depth = productOf(inGrid.dims.slice(first));
  const rows = reshaped(graph, inGrid, [images, rhs.shape[outer], depth]);
  const products = tapOrigins(problem).map((origin) => {
    const from = origin.reduce((flatPlace, place, at) => flatPlace * grid[at] + place, 0);
    const seen = cut(graph, flat, [{ axis: 2, from, to: from + depth }]);
    return sumOverImages(context, problem, rows, seen);
  });
  return joinTaps(context, problem, products);
}

/** $\sum_n A_n B_n^\top$ over the images of each map. */
function sumOverImages(
  { graph }: LoweringContext,
  { rhs, maps, inner, shape }: ConvProblem,
  a: Tensor,
  b: Tensor,
): Tensor {
  const count = productOf(lengthsOf(shape, maps));
  const size = [a.dims[1], b.dims[1]];
  const each = graph.node(
    "com.microsoft.FusedMatMul",
    [a, b],
    { type: "float32", dims: [a.dims[0], ...size] },
    { transB: 1 },
  );
  const byMap = reshaped(graph, each, [count, rhs.shape[inner], ...size]);
  return graph.node(
    "ReduceSum",
    [byMap, graph.int64s([1])],
    { type: "float32", dims: [count, ...size] },
    { keepdims: 0 },
  );
}

/** All taps' views of the few channels as the rows of one product per image. */
function tapsTogether(context: LoweringContext, problem: ConvProblem): View {
  const { graph } = context;
  const { lhs, rhs, maps, outer, inner, spatial, shape } = problem;
  const images = productOf(lengthsOf(shape, maps)) * rhs.shape[inner];
  const depth = productOf(lengthsOf(rhs.shape, spatial));
  const order = [...maps, inner, outer, ...spatial];
  const padded = paddedInput(context, problem, order);
  const first = maps.length + 2;
  const origins = tapOrigins(problem);
  const seen = origins.map((origin) => seenByTap(context, problem, padded, first, origin));
  const height = origins.length * lhs.shape[outer];
  const axis = maps.length + 1;
  const stacked =
    seen.length === 1
      ? seen[0]
      : graph.node(
          "Concat",
          seen,
          { type: "float32", dims: seen[0].dims.with(axis, height) },
          { axis },
        );
  const patches = reshaped(graph, stacked, [images, height, depth]);
  const rows = kernelRows(context, problem, order, [images, rhs.shape[outer], depth]);
  const product = sumOverImages(context, problem, patches, rows);
  const resultOrder = [...maps, ...spatial, outer, inner];
  return viewInOrder(
    reshaped(graph, product, lengthsOf(shape, resultOrder)),
    "float32",
    shape,
    resultOrder,
  );
}
