import { entryBytes, instantiateRowKernel, tileColumns, type RowKernel } from "./row-kernel.js";

/** Sizes of a product $A\,B$: rows of A, columns of A, columns of B. */
export interface MatrixSize {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/**
 * Adds a matrix product to a matrix: $C \mathrel{+}= A\,B$, all row-major.
 *
 * Zeros of $A$ are skipped, so a rectified matrix costs only its positive half.
 *
 * @param left $A$. @shape [rows, inner]
 * @param right $B$. @shape [inner, columns]
 * @param out $C$, changed in place. @shape [rows, columns]
 * @param size.isRectified true for $C \mathrel{+}= \max(A, 0)\,B$ [false]
 */
export function addProduct(
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
  size: MatrixSize & { readonly isRectified?: boolean },
): void {
  const { rows, inner, columns } = size;
  const space = workspace(size);
  space.left.set(left.subarray(0, rows * inner));
  space.right.set(right.subarray(0, inner * columns));
  multiply(space, out, size);
}

/** The same with the sum over some inner indices only. */
export function addSelectedProduct(
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
  size: MatrixSize & { readonly selected: Int32Array },
): void {
  const { rows, inner, columns, selected } = size;
  const terms = selected.length;
  const space = workspace({ rows, inner: terms, columns });
  for (let s = 0; s < terms; s++) {
    for (let i = 0; i < rows; i++) space.left[i * terms + s] = left[i * inner + selected[s]];
    const from = selected[s] * columns;
    for (let j = 0; j < columns; j++) space.right[s * columns + j] = right[from + j];
  }
  multiply(space, out, { rows, inner: terms, columns });
}

/** Adds the product of the two matrices in the workspace. */
function multiply(
  { kernel, layout, sums }: Workspace,
  out: Float64Array,
  { rows, inner, columns, isRectified }: MatrixSize & { readonly isRectified?: boolean },
): void {
  if (inner === 0) return;
  for (let i = 0; i < rows; i++) {
    const row = layout.left + 8 * inner * i;
    const { right, list, sums: result } = layout;
    kernel(row, inner, right, list, result, 8 * columns, isRectified === true ? 1 : 0);
    const c = i * columns;
    for (let j = 0; j < columns; j++) out[c + j] += sums[j];
  }
}

/** Where the parts of a product lie in the kernel's memory, in bytes, and views of them. */
interface Workspace {
  readonly kernel: RowKernel;
  readonly layout: { readonly [Part in "left" | "right" | "list" | "sums"]: number };
  /** A. @shape [rows, inner] */
  readonly left: Float64Array;
  /** B. @shape [inner, columns] */
  readonly right: Float64Array;
  /** A row of the product. @shape [columns], filled up to whole tiles */
  readonly sums: Float64Array;
}

const pageBytes = 65536;
let shared: ReturnType<typeof instantiateRowKernel> | undefined;

/** The one workspace there is, large enough; what was in it before is gone. */
function workspace({ rows, inner, columns }: MatrixSize): Workspace {
  const { kernel, memory } = (shared ??= instantiateRowKernel());
  const stride = Math.ceil(columns / tileColumns) * tileColumns;
  const right = 8 * rows * inner;
  const sums = right + 8 * inner * columns; // right behind B, whose last row is read a tile long
  const list = sums + 8 * stride;
  const missing = list + entryBytes * (inner + 1) - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  const { buffer } = memory; // a grown memory has a new one
  return {
    kernel,
    layout: { left: 0, right, sums, list },
    left: new Float64Array(buffer, 0, rows * inner),
    right: new Float64Array(buffer, right, inner * columns),
    sums: new Float64Array(buffer, sums, stride),
  };
}

/** The product of two row-major matrices. @shape [rows, columns] */
export function product(left: Float64Array, right: Float64Array, size: MatrixSize): Float64Array {
  const out = new Float64Array(size.rows * size.columns);
  addProduct(left, right, out, size);
  return out;
}

/** The transpose of a row-major matrix. @shape [columns, rows] */
export function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j];
  }
  return out;
}
