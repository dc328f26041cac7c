import { hostArray, key, streamOf, type HostArray } from "@quadrivium/core";
import { readTensors, writeTorch } from "@quadrivium/io";
import { describe, expect, test } from "vitest";
import { logitRows, pairGrid } from "../pair-net/pair-rows.js";
import { openNetwork } from "./open-network.js";
import type { Tensors } from "./tensors.js";

interface Sizes {
  readonly modulus: number;
  readonly dModel: number;
  readonly numHeads: number;
  readonly dHead: number;
  readonly dMlp: number;
  /** 3 where the sequence ends with "=", whose token comes after the residues. */
  readonly numPositions: 2 | 3;
}

/** Values by index: `at(W, i, j, …)`. */
type Nested = readonly (number | Nested)[];

/** Nested lists of normal numbers. */
function normal(seed: number, ...shape: number[]): Nested {
  const stream = streamOf(key(seed));
  const fill = ([length, ...rest]: number[]): Nested =>
    Array.from({ length }, () => (rest.length === 0 ? 0.7 * stream.normal() : fill(rest)));
  return fill(shape);
}

const at = (list: Nested, ...place: number[]): number =>
  place.reduce<number | Nested>((inner, index) => (inner as Nested)[index]!, list) as number;

/** The weights by the axes that the equations name. */
function weightsOf({ modulus, dModel, numHeads, dHead, dMlp, numPositions }: Sizes) {
  const numTokens = modulus + numPositions - 2;
  return {
    token: normal(1, numTokens, dModel),
    position: normal(2, numPositions, dModel),
    query: normal(3, numHeads, dHead, dModel),
    keys: normal(4, numHeads, dHead, dModel),
    value: normal(5, numHeads, dHead, dModel),
    output: normal(6, dModel, numHeads, dHead),
    into: normal(7, dMlp, dModel),
    intoBias: normal(8, dMlp),
    out: normal(9, dModel, dMlp),
    outBias: normal(10, dModel),
    unembed: normal(11, dModel, numTokens),
  };
}

type Weights = ReturnType<typeof weightsOf>;

/** A tensor whose axes are those of the list, in another order. */
function tensor(list: Nested, shape: readonly number[], order: readonly number[]): HostArray {
  const out = order.map((axis) => shape[axis]!);
  const size = out.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: size }, (_, flat) => {
    const place = shape.map(() => 0);
    let rest = flat;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      place[order[axis]!] = rest % out[axis]!;
      rest = Math.floor(rest / out[axis]!);
    }
    return at(list, ...place);
  });
  return hostArray(data, out);
}

/** As the programs of Nanda et al. and Zhong et al. save it: every matrix as [out, in]. */
function grokkingLayout(sizes: Sizes, weights: Weights): Tensors {
  const { modulus, dModel, numHeads, dHead, dMlp, numPositions } = sizes;
  const numTokens = modulus + numPositions - 2;
  const heads = (list: Nested) => tensor(list, [numHeads, dHead, dModel], [0, 1, 2]);
  return {
    "embed.W_E": tensor(weights.token, [numTokens, dModel], [1, 0]),
    "pos_embed.W_pos": tensor(weights.position, [numPositions, dModel], [0, 1]),
    "blocks.0.attn.W_K": heads(weights.keys),
    "blocks.0.attn.W_Q": heads(weights.query),
    "blocks.0.attn.W_V": heads(weights.value),
    "blocks.0.attn.W_O": hostArray(
      tensor(weights.output, [dModel, numHeads, dHead], [0, 1, 2]).data,
      [dModel, numHeads * dHead],
    ),
    "blocks.0.attn.mask": hostArray(new Float32Array(numPositions ** 2).fill(1), [
      numPositions,
      numPositions,
    ]),
    "blocks.0.mlp.W_in": tensor(weights.into, [dMlp, dModel], [0, 1]),
    "blocks.0.mlp.b_in": tensor(weights.intoBias, [dMlp], [0]),
    "blocks.0.mlp.W_out": tensor(weights.out, [dModel, dMlp], [0, 1]),
    "blocks.0.mlp.b_out": tensor(weights.outBias, [dModel], [0]),
    "unembed.W_U": tensor(weights.unembed, [dModel, numTokens], [0, 1]),
  };
}

/** As TransformerLens saves it: every matrix as [in, out], with biases that its networks leave at 0. */
function lensLayout(sizes: Sizes, weights: Weights): Tensors {
  const { modulus, dModel, numHeads, dHead, dMlp, numPositions } = sizes;
  const numTokens = modulus + numPositions - 2;
  const heads = (list: Nested) => tensor(list, [numHeads, dHead, dModel], [0, 2, 1]);
  const zeros = (...shape: number[]): HostArray =>
    hostArray(new Float32Array(shape.reduce((size, length) => size * length, 1)), shape);
  return {
    "embed.W_E": tensor(weights.token, [numTokens, dModel], [0, 1]),
    "pos_embed.W_pos": tensor(weights.position, [numPositions, dModel], [0, 1]),
    "blocks.0.attn.W_Q": heads(weights.query),
    "blocks.0.attn.W_K": heads(weights.keys),
    "blocks.0.attn.W_V": heads(weights.value),
    "blocks.0.attn.W_O": tensor(weights.output, [dModel, numHeads, dHead], [1, 2, 0]),
    "blocks.0.attn.b_Q": zeros(numHeads, dHead),
    "blocks.0.attn.b_K": zeros(numHeads, dHead),
    "blocks.0.attn.b_V": zeros(numHeads, dHead),
    "blocks.0.attn.b_O": zeros(dModel),
    "blocks.0.attn.mask": hostArray(new Uint8Array(numPositions ** 2).fill(1), [
      numPositions,
      numPositions,
    ]),
    "blocks.0.attn.IGNORE": hostArray(Float32Array.of(-1e5), []),
    "blocks.0.mlp.W_in": tensor(weights.into, [dMlp, dModel], [1, 0]),
    "blocks.0.mlp.b_in": tensor(weights.intoBias, [dMlp], [0]),
    "blocks.0.mlp.W_out": tensor(weights.out, [dModel, dMlp], [1, 0]),
    "blocks.0.mlp.b_out": tensor(weights.outBias, [dModel], [0]),
    // d_vocab_out is the modulus: no logit for "="
    "unembed.W_U": tensor(weights.unembed, [dModel, modulus], [0, 1]),
    "unembed.b_U": zeros(modulus),
  };
}

/** Logits of a pair, every sum written out; attention rate 1 is softmax, 0 the all-ones matrix. */
function logitsByHand(sizes: Sizes, weights: Weights, pair: readonly number[], rate: number) {
  const { modulus, dModel, numHeads, dHead, dMlp, numPositions } = sizes;
  const w = (list: Nested, ...place: number[]): number => Math.fround(at(list, ...place));
  const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
  const sum = (length: number, term: (index: number) => number): number =>
    range(length).reduce((total, index) => total + term(index), 0);
  const tokens = numPositions === 3 ? [...pair, modulus] : pair;
  const x = tokens.map((token, p) =>
    range(dModel).map((d) => w(weights.token, token, d) + w(weights.position, p, d)),
  );
  const last = numPositions - 1;
  const project = (list: Nested, h: number, p: number, i: number): number =>
    sum(dModel, (d) => w(list, h, i, d) * x[p]![d]!);
  const z = range(numHeads).map((h) => {
    const scores = tokens.map((_, p) =>
      Math.exp(
        sum(dHead, (i) => project(weights.query, h, last, i) * project(weights.keys, h, p, i)) /
          Math.sqrt(dHead),
      ),
    );
    const total = sum(numPositions, (p) => scores[p]!);
    return range(dHead).map((i) =>
      sum(
        numPositions,
        (p) => ((rate * scores[p]!) / total + 1 - rate) * project(weights.value, h, p, i),
      ),
    );
  });
  const mid = range(dModel).map(
    (d) =>
      x[last]![d]! +
      sum(numHeads, (h) => sum(dHead, (i) => w(weights.output, d, h, i) * z[h]![i]!)),
  );
  const hidden = range(dMlp).map((j) =>
    Math.max(0, w(weights.intoBias, j) + sum(dModel, (d) => w(weights.into, j, d) * mid[d]!)),
  );
  const end = range(dModel).map(
    (d) => mid[d]! + w(weights.outBias, d) + sum(dMlp, (j) => w(weights.out, d, j) * hidden[j]!),
  );
  return range(modulus).map((c) => sum(dModel, (d) => end[d]! * w(weights.unembed, d, c)));
}

const uneven: Sizes = { modulus: 7, dModel: 6, numHeads: 2, dHead: 4, dMlp: 9, numPositions: 3 };
const layouts = { grokkingLayout, lensLayout } as const;

const cases = (Object.keys(layouts) as (keyof typeof layouts)[]).flatMap((layout) =>
  (
    [
      ["three positions", uneven],
      ["two positions", { ...uneven, numPositions: 2 }],
      ["as many tokens as d_model", { ...uneven, dModel: 8 }],
      ["every size alike", { ...uneven, modulus: 6, numPositions: 2, dHead: 6, dMlp: 6 }],
    ] as const
  ).flatMap(([says, sizes]) => [0, 0.5, 1].map((rate) => ({ layout, says, sizes, rate }))),
);

describe("openNetwork on transformers", () => {
  test.each(cases)(
    "computes the logits of the equations: $layout, $says, attention rate $rate",
    ({ layout, sizes, rate }) => {
      const weights = weightsOf(sizes);
      // through a PyTorch file of our own, as a user has it
      const bytes = writeTorch(layouts[layout](sizes, weights));
      const { tensors } = readTensors(bytes, "network.pt");
      const { net } = openNetwork(tensors, { map: { attn_rate: rate } });
      const { modulus } = sizes;
      expect(net.modulus).toBe(modulus);
      const grid = pairGrid(logitRows(net));
      for (const [a, b] of [
        [0, 0],
        [1, 4],
        [5, 2],
      ] as const) {
        logitsByHand(sizes, weights, [a, b], rate).forEach((logit, c) =>
          expect(grid[(a * modulus + b) * modulus + c]).toBeCloseTo(logit, 9),
        );
      }
    },
  );

  const lens = lensLayout(uneven, weightsOf(uneven));

  test.each([
    ["blocks.0.attn.b_V", hostArray(new Float32Array(8).fill(0.1), [2, 4])],
    ["unembed.b_U", hostArray(new Float32Array(7).fill(0.1), [7])],
    ["blocks.0.ln1.w", hostArray(new Float32Array(6).fill(1), [6])],
    ["ln_final.b", hostArray(new Float32Array(6), [6])],
  ])("refuses %s, which changes what is computed and would be passed over", (name, values) => {
    expect(() => openNetwork({ ...lens, [name]: values })).toThrow(
      new RegExp(`without layer norm and without biases .* got "${name.replaceAll(".", "\\.")}"`),
    );
  });

  test.each(["W_E", "W_pos", "attn.W_K", "attn.W_O", "W_in", "b_in", "W_out", "W_U"])(
    "refuses %s of a shape that does not fit the others",
    (role) => {
      const name = Object.keys(lens).find((key) => key.endsWith(role))!;
      const broken = { ...lens, [name]: hostArray(new Float32Array(5), [5, 1]) };
      expect(() => openNetwork(broken)).toThrow(/no modulus fits these shapes: \w+ must be/);
    },
  );

  test("refuses two blocks, naming the tensors", () => {
    const twice = { ...lens, "blocks.1.attn.W_Q": lens["blocks.0.attn.W_Q"]! };
    expect(() => openNetwork(twice)).toThrow(/one block .* got 2 tensors for W_Q/);
  });
});
