import * as Plot from "@observablehq/plot";
import type { Figure } from "@quadrivium/core";
import { contributionGrid, lastLayer } from "../dissect/contributions.js";
import type { Dissection } from "../dissect/dissect.js";
import type { PairNet } from "../pair-net/pair-net.js";
import { colours } from "./palette.js";
import { plotFigure } from "./plot-figure.js";

/** What a cluster writes to the logits of two pairs, the second two further in both operands. */
interface ShiftedWave {
  readonly frequency: number;
  /** Centred over c. @shape [modulus] each */
  readonly first: readonly number[];
  readonly second: readonly number[];
}

const pair = { a: 0, b: 5 } as const;
const shift = 2;
const mostClusters = 3;

/**
 * Contributions of the strongest clusters to the logits of (a, b) and of (a+2, b+2): the second is
 * the first moved on by four.
 *
 * @source McCracken et al. 2025, Fig. 43
 */
export function equivarianceFigure(net: PairNet, found: Dissection, document: Document): Figure {
  const waves = shiftedWaves(net, found);
  const pairs = [
    { label: `(${pair.a}, ${pair.b})`, wave: "first" },
    { label: `(${pair.a + shift}, ${pair.b + shift})`, wave: "second" },
  ] as const;
  const points = waves.flatMap(({ frequency, ...own }) =>
    pairs.flatMap(({ label, wave }) =>
      own[wave].map((value, c) => ({ cluster: `f = ${frequency}`, label, c, value })),
    ),
  );
  return plotFigure(
    {
      id: "equivariance",
      title: "Both operands move by two, the contribution by four",
      caption:
        `What the strongest frequencies write to the logits of ${pairs[0].label} (blue) and of ` +
        `${pairs[1].label} (orange), centred over c. An equivariant cluster writes the same curve, moved on by ${2 * shift}.`,
      data: {
        cluster: points.map(({ cluster }) => cluster),
        pair: points.map(({ label }) => label),
        c: points.map(({ c }) => c),
        contribution: points.map(({ value }) => value),
      },
    },
    document,
    {
      height: 60 + 120 * waves.length,
      marginRight: 60,
      x: { label: "c" },
      y: { label: "contribution", grid: true, nice: true },
      fy: { label: null },
      color: { domain: pairs.map(({ label }) => label), range: [colours.signal, colours.model] },
      marks: [
        Plot.ruleY([0], { stroke: colours.grid }),
        Plot.line(points, { x: "c", y: "value", fy: "cluster", stroke: "label" }),
      ],
    },
  );
}

/** The curves of the figure, strongest cluster first. */
export function shiftedWaves(net: PairNet, found: Dissection): ShiftedWave[] {
  const { modulus: n } = net;
  const layer = found.layers.at(-1)!;
  const outputs = lastLayer(net);
  return layer.clusters
    .toSorted((one, other) => other.energy - one.energy)
    .slice(0, mostClusters)
    .map(({ frequency }) => {
      const neurons = found.neurons
        .filter((neuron) => neuron.layer === layer.layer && neuron.alive && neuron.f === frequency)
        .map(({ id }) => id);
      const curve = (a: number, b: number): number[] => {
        const grid = contributionGrid(outputs, { neurons, rowsOfA: [a % n] });
        const values = Array.from(grid.subarray((b % n) * n, ((b % n) + 1) * n));
        const mean = values.reduce((sum, value) => sum + value, 0) / n;
        return values.map((value) => value - mean);
      };
      return {
        frequency,
        first: curve(pair.a, pair.b),
        second: curve(pair.a + shift, pair.b + shift),
      };
    });
}
