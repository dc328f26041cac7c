import { InputError, type HostArray } from "@quadrivium/core";
import { transformerNet } from "../pair-net/attention.js";
import type { Activation } from "../pair-net/activation.js";
import type { PairNet } from "../pair-net/pair-net.js";
import { finiteValues, showTensor, transposedMatrix, type Tensors } from "./tensors.js";

/** Roles of a one-block transformer's tensors and the ends of the names they go by. */
const roles = {
  W_E: /(^|[./])W_E$/,
  W_pos: /(^|[./])W_pos$/,
  W_Q: /(^|[./])W_Q$/,
  W_K: /(^|[./])W_K$/,
  W_V: /(^|[./])W_V$/,
  W_O: /(^|[./])W_O$/,
  W_in: /(^|[./])W_in$/,
  b_in: /(^|[./])b_in$/,
  W_out: /(^|[./])W_out$/,
  b_out: /(^|[./])b_out$/,
  W_U: /(^|[./])W_U$/,
} as const;

/** A tensor's part in a transformer. */
export type TransformerRole = keyof typeof roles;

/** The tensors of a transformer by role; the two MLP biases may be absent. */
export type TransformerNames = { readonly [Role in TransformerRole]?: string };

/** Finds a transformer's tensors by name; null where attention is missing. */
export function findTransformer(tensors: Tensors): TransformerNames | null {
  const names = Object.keys(tensors);
  if (!names.some((name) => roles.W_Q.test(name))) return null;
  const found: { [Role in TransformerRole]?: string } = {};
  for (const [role, pattern] of Object.entries(roles)) {
    const matches = names.filter((name) => pattern.test(name));
    if (matches.length > 1) {
      throw new InputError(
        "E_LAYOUT",
        `openNetwork: only transformers with one block can be read; got ${matches.length} tensors for ${role}: ${matches.join(", ")}`,
      );
    }
    if (matches[0] !== undefined) found[role as TransformerRole] = matches[0];
  }
  return found;
}

/**
 * Reads a one-block transformer, whichever way round its matrices are stored: the layout of Nanda
 * et al. and Zhong et al. (`W_E` [d, V], heads [H, d_head, d]) or that of TransformerLens (`W_E`
 * [V, d], heads [H, d, d_head], `W_O` [H, d_head, d]).
 *
 * The modulus is the number of tokens, less one where the sequence has a third position for "=".
 *
 * @throws E_LAYOUT if a tensor is missing, or one is there that no such network has (layer norm)
 * @throws E_MODULUS if the shapes fit no modulus
 */
export function openTransformer(
  tensors: Tensors,
  names: TransformerNames,
  options: {
    readonly attentionRate: number;
    readonly activation: Activation;
    readonly modulus?: number;
  },
): PairNet {
  refuseUnread(tensors);
  const tensor = (role: TransformerRole): HostArray => {
    const found = tensors[names[role] ?? ""];
    if (found === undefined) {
      throw new InputError(
        "E_LAYOUT",
        `openNetwork: a transformer needs a tensor for ${role}; got ${Object.keys(tensors).join(", ")}; name it in the map file`,
      );
    }
    return found;
  };
  const values = (role: TransformerRole): Float64Array =>
    finiteValues(names[role] ?? role, tensor(role));
  const fail = (role: TransformerRole, expected: string): never => {
    throw new InputError(
      "E_MODULUS",
      `openNetwork: no modulus fits these shapes: ${role} must be ${expected}; got ${showTensor(names[role] ?? role, tensor(role))}`,
    );
  };
  /** The values of a role that must have this very shape. */
  const shaped = (role: TransformerRole, ...shape: readonly number[]): Float64Array => {
    const found = tensor(role).shape;
    const fits = found.length === shape.length && shape.every((size, axis) => found[axis] === size);
    return fits ? values(role) : fail(role, `[${shape.join(", ")}]`);
  };
  /**
   * The matrix of a role as [rows, columns], transposed where it is stored the other way round; a
   * square one does not show that, but the layout that the heads are stored in says it.
   */
  const matrix = (
    role: TransformerRole,
    rows: number,
    columns: number,
    isTurned = false,
  ): Float64Array => {
    const [first] = tensor(role).shape;
    if (!(rows === columns ? isTurned : first === columns)) return shaped(role, rows, columns);
    const data = shaped(role, columns, rows);
    return transposedMatrix({ name: role, rows: columns, columns: rows, data }).data;
  };
  const [numPositions, dModel, ...moreAxes] = tensor("W_pos").shape;
  if ((numPositions !== 2 && numPositions !== 3) || dModel === undefined || moreAxes.length > 0) {
    return fail("W_pos", "[2, d_model] or [3, d_model]");
  }
  const numTokens = tensor("W_E").data.length / dModel;
  const modulus = options.modulus ?? (numPositions === 3 ? numTokens - 1 : numTokens);
  const headShape = tensor("W_Q").shape;
  if (headShape.length !== 3) fail("W_Q", "[heads, d_head, d_model]");
  const numHeads = headShape[0];
  const isLens = headShape[2] !== dModel || tensor("W_O").shape.length === 3;
  const dHead = isLens ? headShape[2] : headShape[1];
  const heads = (role: TransformerRole): Float64Array =>
    isLens
      ? swapLastTwo(shaped(role, numHeads, dModel, dHead), numHeads, dModel, dHead)
      : shaped(role, numHeads, dHead, dModel);
  const dMlp = tensor("W_in").data.length / dModel;
  const tokens = matrix("W_E", numTokens, dModel, !isLens);
  const outputs = tensor("W_U").data.length / dModel;
  if (outputs < modulus || numTokens < modulus + (numPositions - 2)) {
    fail("W_U", `[${dModel}, ${modulus}]`);
  }
  const unembedding = firstColumns(matrix("W_U", dModel, outputs), outputs, modulus);
  const bias = (role: "b_in" | "b_out", length: number): Float64Array =>
    names[role] === undefined ? new Float64Array(length) : shaped(role, length);
  return transformerNet({
    modulus,
    dModel,
    numHeads,
    dHead,
    dMlp,
    activation: options.activation,
    attentionRate: options.attentionRate,
    tokenEmbedding: tokens,
    positionEmbedding: shaped("W_pos", numPositions, dModel),
    query: heads("W_Q"),
    key: heads("W_K"),
    value: heads("W_V"),
    output: isLens
      ? transposedMatrix({
          name: "W_O",
          rows: numHeads * dHead,
          columns: dModel,
          data: shaped("W_O", numHeads, dHead, dModel),
        }).data
      : matrix("W_O", dModel, numHeads * dHead),
    mlpIn: matrix("W_in", dMlp, dModel, isLens),
    mlpInBias: bias("b_in", dMlp),
    mlpOut: matrix("W_out", dModel, dMlp, isLens),
    mlpOutBias: bias("b_out", dModel),
    unembedding,
  });
}

/** Tensors that change what a transformer computes and that {@link transformerNet} has no place for. */
const unread = /(^|[./])(b_[QKVOU]|ln\w*[./](w|b))$/;

/** @throws E_LAYOUT naming a layer norm, or a bias in attention or unembedding that is not zero */
function refuseUnread(tensors: Tensors): void {
  const changes = ([name, { data }]: [string, HostArray]): boolean =>
    unread.test(name) && (/ln\w*[./]/.test(name) || data.some((value) => Number(value) !== 0));
  const found = Object.entries(tensors).find(changes);
  if (found !== undefined) {
    throw new InputError(
      "E_LAYOUT",
      `openNetwork: only transformers without layer norm and without biases in attention and unembedding can be read; got ${showTensor(...found)}`,
      { details: { tensor: found[0] } },
    );
  }
}

function swapLastTwo(
  data: Float64Array,
  blocks: number,
  rows: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(data.length);
  const size = rows * columns;
  for (let block = 0; block < blocks; block++) {
    const part = data.subarray(block * size, (block + 1) * size);
    out.set(transposedMatrix({ name: "head", rows, columns, data: part }).data, block * size);
  }
  return out;
}

function firstColumns(matrix: Float64Array, columns: number, keep: number): Float64Array {
  return columns === keep ? matrix : matrix.filter((_, at) => at % columns < keep);
}
