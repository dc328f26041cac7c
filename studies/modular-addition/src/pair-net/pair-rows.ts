import { activateInPlace, type Activation } from "./activation.js";
import { addProduct } from "./multiply.js";
import type { DenseMap, PairNet, PairRows } from "./pair-net.js";

/** The preactivations of one hidden layer, counted from 0, in the unchanged network. */
export function preactivationRows(net: PairNet, layer = 0): PairRows {
  let rows = firstLayerRows(net);
  for (const map of net.hiddenLayers.slice(0, layer)) rows = denseRows(rows, net.activation, map);
  return rows;
}

function firstLayerRows(net: PairNet): PairRows {
  const { modulus, firstLayer } = net;
  if (firstLayer.kind === "grid") return firstLayer.rows;
  const { width, left, right, bias } = firstLayer;
  return {
    modulus,
    width,
    fill: (a, out) => {
      const start = a * width;
      for (let b = 0, at = 0; b < modulus; b++) {
        for (let j = 0; j < width; j++, at++) out[at] = left[start + j] + right[at] + bias[j];
      }
    },
  };
}

/** Maps rows on, activated first unless `activation` is null. */
export function denseRows(rows: PairRows, activation: Activation | null, map: DenseMap): PairRows {
  const { modulus } = rows;
  const active = new Float64Array(modulus * map.inputs);
  return {
    modulus,
    width: map.outputs,
    fill: (a, out) => {
      rows.fill(a, active);
      const isRectified = activation === "relu"; // while multiplying
      if (activation !== null && !isRectified) activateInPlace(activation, active);
      for (let b = 0; b < modulus; b++) out.set(map.bias, b * map.outputs);
      addProduct(active, map.weight, out, {
        rows: modulus,
        inner: map.inputs,
        columns: map.outputs,
        isRectified,
      });
    },
  };
}

/**
 * The logits of the network when the preactivations of one hidden layer are given.
 *
 * @param from preactivations that stand in for those of hidden layer `layer`
 */
export function logitRows(net: PairNet, from = preactivationRows(net), layer = 0): PairRows {
  let rows = from;
  for (const map of net.hiddenLayers.slice(layer)) rows = denseRows(rows, net.activation, map);
  return withResidual(denseRows(rows, net.activation, net.readout), net.residual);
}

function withResidual(logits: PairRows, residual: PairRows | undefined): PairRows {
  if (residual === undefined) return logits;
  const extra = new Float64Array(logits.modulus * logits.width);
  return {
    ...logits,
    fill: (a, out) => {
      logits.fill(a, out);
      residual.fill(a, extra);
      for (let i = 0; i < extra.length; i++) out[i] += extra[i];
    },
  };
}

/** Largest grid that {@link remembered} keeps, in values: 256 MiB. */
const rememberedValues = 2 ** 25;

/** The same rows, each computed once, as long as the grid fits into a moderate memory. */
export function remembered(rows: PairRows): PairRows {
  const stride = rows.modulus * rows.width;
  if (rows.modulus * stride > rememberedValues) return rows;
  const kept = new Map<number, Float64Array>();
  return {
    ...rows,
    fill: (a, out) => {
      let row = kept.get(a);
      if (row === undefined) {
        row = new Float64Array(stride);
        rows.fill(a, row);
        kept.set(a, row);
      }
      out.set(row);
    },
  };
}

/** All rows at once. @returns @shape [modulus, modulus, width] */
export function pairGrid(rows: PairRows): Float64Array {
  const stride = rows.modulus * rows.width;
  const grid = new Float64Array(rows.modulus * stride);
  for (let a = 0; a < rows.modulus; a++) rows.fill(a, grid.subarray(a * stride, (a + 1) * stride));
  return grid;
}

/** Rows read from a grid that is already there. @param grid @shape [modulus, modulus, width] */
export function rowsOfGrid(grid: Float64Array, modulus: number): PairRows {
  const width = grid.length / (modulus * modulus);
  const stride = modulus * width;
  return {
    modulus,
    width,
    fill: (a, out) => out.set(grid.subarray(a * stride, (a + 1) * stride)),
  };
}
