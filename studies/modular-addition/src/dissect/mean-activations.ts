import type { MeanActivations } from "../coset/profile.js";
import { activateInPlace, type Activation } from "../pair-net/activation.js";
import type { PairRows } from "../pair-net/pair-net.js";

/** Mean activation of every neuron of a layer against $a$, $b$ and $a+b$. */
export function meanActivations(rows: PairRows, activation: Activation): MeanActivations[] {
  const { modulus: n, width } = rows;
  const row = new Float64Array(n * width);
  const a = new Float64Array(n * width);
  const b = new Float64Array(n * width);
  const sum = new Float64Array(n * width);
  const active = new Float64Array(width);
  for (let x = 0; x < n; x++) {
    rows.fill(x, row);
    for (let at = 0, j = 0; at < row.length; at++, j = j + 1 === width ? 0 : j + 1) {
      if (row[at] > 0) active[j]++;
    }
    activateInPlace(activation, row);
    const aStart = x * width;
    for (let y = 0, at = 0; y < n; y++) {
      const sumStart = ((x + y) % n) * width;
      for (let j = 0; j < width; j++, at++) {
        const value = row[at];
        a[aStart + j] += value;
        b[at] += value;
        sum[sumStart + j] += value;
      }
    }
  }
  const column = (table: Float64Array, j: number): Float64Array =>
    Float64Array.from({ length: n }, (_, x) => table[x * width + j] / n);
  return Array.from(active, (count, j) => ({
    a: column(a, j),
    b: column(b, j),
    sum: column(sum, j),
    activeFraction: count / (n * n),
  }));
}
