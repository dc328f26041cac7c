import type { HostArray } from "@quadrivium/core";
import type { ModelParams } from "./model.js";

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The language model's loss in plain float64 loops, from an empty memory: embedding, LSTM layers with
 * gates in the order input, forget, cell, output, logits, mean cross-entropy.
 *
 * @param params float64 arrays
 * @param inputs and `labels` one list of symbols a lane
 */
export function plainLoss(
  params: ModelParams<HostArray>,
  inputs: readonly (readonly number[])[],
  labels: readonly (readonly number[])[],
): number {
  const width = params.embedding.shape[1]!;
  const layers = Object.values(params.layers);
  let total = 0;
  inputs.forEach((lane, at) => {
    const memory = layers.map(() => ({ hidden: zeros(width), cell: zeros(width) }));
    lane.forEach((symbol, t) => {
      let signal = Array.from({ length: width }, (_, j) => entry(params.embedding, symbol, j));
      layers.forEach((layer, index) => {
        const { hidden, cell } = memory[index]!;
        const gate = (which: number, j: number): number => {
          const column = which * width + j;
          let sum = Number(layer.bias.data[column]);
          for (let k = 0; k < width; k++) {
            sum += signal[k]! * entry(layer.inputKernel, k, column);
            sum += hidden[k]! * entry(layer.recurrentKernel, k, column);
          }
          return sum;
        };
        const next = cell.map(
          (c, j) => logistic(gate(1, j)) * c + logistic(gate(0, j)) * Math.tanh(gate(2, j)),
        );
        const output = next.map((c, j) => logistic(gate(3, j)) * Math.tanh(c));
        memory[index] = { hidden: output, cell: next };
        signal = output;
      });
      const { kernel, bias } = params.head;
      const logits = zeros(bias!.data.length).map((_, symbolAt) => {
        let sum = Number(bias!.data[symbolAt]);
        for (let k = 0; k < width; k++) sum += signal[k]! * entry(kernel, k, symbolAt);
        return sum;
      });
      const highest = Math.max(...logits);
      const scale = Math.log(logits.reduce((sum, x) => sum + Math.exp(x - highest), 0)) + highest;
      total += scale - logits[labels[at]![t]!]!;
    });
  });
  return total / (inputs.length * inputs[0]!.length);
}

const zeros = (length: number): number[] => Array.from({ length }, () => 0);

function entry({ data, shape }: HostArray, row: number, column: number): number {
  return Number(data[row * shape[1]! + column]);
}
