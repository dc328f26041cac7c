import { activateInPlace } from "../pair-net/activation.js";
import { addProduct } from "../pair-net/multiply.js";
import type { DenseMap, PairNet, TableLayer } from "../pair-net/pair-net.js";
import { preactivationRows } from "../pair-net/pair-rows.js";

/** What evaluating a network itself on every pair proves about it. */
export interface NetworkCertificate {
  /** Smallest right logit minus the largest wrong one, as computed. */
  readonly marginMin: number;
  /** No computed logit is farther than this from its exact value. */
  readonly errorBound: number;
  /** True where every margin exceeds the bounds of its two logits: right on all inputs, proved. */
  readonly proved: boolean;
}

const unit = 2 ** -53;

/** Twice what k rounded operations in a row may change, relative to the sum of sizes. */
function rounding(operations: number): number {
  return (2 * operations * unit) / (1 - operations * unit);
}

/**
 * Evaluates an MLP on all pairs beside a bound on the rounding error of each of its logits: with
 * exact weights, a sum of K products is within $\gamma_K\sum|w||x|$ of its exact value, and an error
 * of the inputs passes on through $|w|$ and through the rectifier unchanged. Bounds are doubled to
 * cover their own rounding.
 *
 * Float32 weights are exact in float64, so that this speaks of the network that the file holds.
 *
 * @returns null for networks with attention and for GELU, whose values are not elementary sums
 * @source Higham, Accuracy and Stability of Numerical Algorithms, §3.1
 */
export function certifyNetwork(net: PairNet): NetworkCertificate | null {
  const { modulus: n, activation, firstLayer } = net;
  if (firstLayer.kind !== "tables" || net.residual !== undefined || activation === "gelu") {
    return null;
  }
  const rows = preactivationRows(net);
  const errors = tableErrors(firstLayer);
  let marginMin = Infinity;
  let errorBound = 0;
  let proved = true;
  for (let a = 0; a < n; a++) {
    let values = new Float64Array(n * firstLayer.width);
    rows.fill(a, values);
    let bounds = errors(a, n);
    for (const map of [...net.hiddenLayers, net.readout]) {
      activateBounds(activation, values, bounds);
      ({ values, bounds } = mapBounds(map, values, bounds, n));
    }
    for (let b = 0; b < n; b++) {
      const right = b * n + ((a + b) % n);
      for (let at = b * n; at < (b + 1) * n; at++) {
        errorBound = Math.max(errorBound, bounds[at]);
        if (at === right) continue;
        const margin = values[right] - values[at];
        marginMin = Math.min(marginMin, margin);
        // written so that a value that is no number proves nothing
        if (!(margin > bounds[right] + bounds[at])) proved = false;
      }
    }
  }
  return { marginMin, errorBound, proved };
}

/** Errors of the preactivations of the pairs (a, ·): of the tables, and of adding them up. */
function tableErrors({ width, left, right, bias, errors }: TableLayer) {
  return (a: number, n: number): Float64Array => {
    const out = new Float64Array(n * width);
    for (let at = 0; at < out.length; at++) {
      const j = at % width;
      const size = Math.abs(left[a * width + j]) + Math.abs(right[at]) + Math.abs(bias[j]);
      const own = errors === undefined ? 0 : errors.left[a * width + j] + errors.right[at];
      out[at] = own + rounding(3) * (size + own);
    }
    return out;
  };
}

/** Applies the activation to values and passes their errors on, both in place. */
function activateBounds(
  activation: "relu" | "square" | "abs",
  values: Float64Array,
  bounds: Float64Array,
): void {
  if (activation === "square") {
    for (let at = 0; at < values.length; at++) {
      const size = Math.abs(values[at]) + bounds[at];
      bounds[at] = 2 * size * bounds[at] + rounding(2) * size * size;
    }
  }
  activateInPlace(activation, values);
}

function mapBounds(
  map: DenseMap,
  values: Float64Array,
  bounds: Float64Array,
  rows: number,
): { readonly values: Float64Array<ArrayBuffer>; readonly bounds: Float64Array<ArrayBuffer> } {
  const size = { rows, inner: map.inputs, columns: map.outputs };
  const gamma = rounding(map.inputs + 2);
  const sums = new Float64Array(rows * map.outputs);
  const errors = new Float64Array(rows * map.outputs);
  for (let at = 0; at < sums.length; at++) {
    sums[at] = map.bias[at % map.outputs];
    errors[at] = gamma * Math.abs(sums[at]);
  }
  addProduct(values, map.weight, sums, size);
  const reach = values.map((x, at) => bounds[at] + gamma * (Math.abs(x) + bounds[at]));
  addProduct(reach, map.weight.map(Math.abs), errors, size);
  return { values: sums, bounds: errors };
}
