import { flattenTree, foldIn, key, type Stream, streamOf, type Tree } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import {
  applyUpdates,
  danaAdaptive,
  danaEffectiveDimension,
  flattened,
  type OptimizerState,
  type PlainArray,
  type Rule,
  sgd,
  typedArrayOps,
} from "./index.js";

const dim = 50;
const lambda = Float64Array.from({ length: dim }, (_, j) => (j + 1) ** -2);
const target = Float64Array.from({ length: dim }, (_, j) => (j + 1) ** -0.3);
const batchSize = 4;
const gamma2 = 0.15;
const delta = 8;
const adaptive = danaAdaptive({ gamma2, delta, batchSize });

interface Params {
  readonly [part: string]: Float64Array;
}

/** Streaming least squares on Gaussian features; the shadow, where there is one, learns noise. */
function gradients(params: Params, stream: Stream): Params {
  const names = Object.keys(params);
  const grads = Object.fromEntries(names.map((name) => [name, new Float64Array(dim)]));
  for (let sample = 0; sample < batchSize; sample++) {
    const features = lambda.map((value) => Math.sqrt(value) * stream.normal());
    const labels: { readonly [name: string]: number } = {
      model: dot(features, target) + 0.03 * stream.normal(),
      shadow: stream.normal(),
    };
    for (const name of names) {
      const residual = dot(features, params[name]) - labels[name];
      features.forEach((x, j) => (grads[name][j] += (x * residual) / batchSize));
    }
  }
  return grads;
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, x, j) => sum + x * b[j], 0);

interface Position {
  readonly params: Params;
  readonly state: OptimizerState<PlainArray>;
}

function train(rule: Rule, from: Position, numSteps: number, stream: Stream): Position {
  const optimizer = rule(typedArrayOps);
  let { params, state } = from;
  for (let t = 0; t < numSteps; t++) {
    const grads: Tree<PlainArray> = gradients(params, stream);
    const result = optimizer.update(grads, state, params);
    params = applyUpdates(typedArrayOps, params as Tree<PlainArray>, result.updates) as Params;
    state = result.state;
  }
  return { params, state };
}

function start(rule: Rule, parts: readonly string[]): Position {
  const params = Object.fromEntries(parts.map((name) => [name, new Float64Array(dim)]));
  return { params, state: rule(typedArrayOps).init(params) };
}

const excessRisk = ({ params }: Position): number =>
  lambda.reduce((sum, x, j) => sum + x * (params.model[j] - target[j]) ** 2, 0);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

/** Exact mean of the shadow's estimate after `t` steps: one closed recursion for each mode. */
function expectedEstimate(t: number): number {
  let moments = lambda.map(() => 0);
  for (let s = 0; s < t; s++) {
    const kept = 1 - delta / (delta + s);
    const risk = 1 + dot(lambda, moments); // variance 1 of the labels
    moments = moments.map(
      (r, j) =>
        r * (kept ** 2 - 2 * kept * gamma2 * lambda[j]) +
        gamma2 ** 2 * ((lambda[j] * risk) / batchSize + (1 + 1 / batchSize) * lambda[j] ** 2 * r),
    );
  }
  return ((2 * batchSize) / gamma2) * moments.reduce((sum, r) => sum + r, 0);
}

const effectiveDimension = (t: number): number =>
  lambda.reduce((sum, x) => sum + x / (x + delta / (delta + t) / gamma2), 0);

describe("danaAdaptive", () => {
  test("expects the effective dimension of what it has met, within a quarter", () => {
    for (const t of [30, 100, 1000, 10_000]) {
      const ratio = expectedEstimate(t) / effectiveDimension(t);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.25);
    }
  });

  test("measures it while training, and trains as if the spectrum were known", () => {
    // 12 runs of fixed seeds; a mean beyond 4.5 s.e. would be a false alarm of about 10⁻⁵. An
    // estimate off by a factor of 1.5 would show.
    const numSteps = 400;
    const numRuns = 12;
    const spectral = danaEffectiveDimension({ gamma2, delta, batchSize, spectrum: { lambda } });
    const ends = (rule: Rule, parts: readonly string[]): Position[] =>
      Array.from({ length: numRuns }, (_, run) =>
        train(rule, start(rule, parts), numSteps, streamOf(foldIn(key(7), run))),
      );
    const measured = ends(adaptive, ["model", "shadow"]);
    // the state holds what the last step was made with
    const estimates = measured.map(({ state }) => (state.dimension as PlainArray)[0]);
    const expected = expectedEstimate(numSteps - 1);
    const spread = Math.sqrt(
      mean(estimates.map((x) => (x - mean(estimates)) ** 2)) / (numRuns - 1),
    );
    expect(Math.abs(mean(estimates) - expected)).toBeLessThan(4.5 * spread);
    expect(spread / expected).toBeLessThan(0.15);

    const risk = (runs: readonly Position[]): number => mean(runs.map(excessRisk));
    const known = risk(ends(spectral, ["model"]));
    const plain = risk(ends(sgd({ learningRate: gamma2 }), ["model"]));
    expect(risk(measured)).toBeLessThan(2 * known);
    expect(risk(measured)).toBeLessThan(plain / 3);
  });

  test("steps the model by DANA's rule with the weight that the shadow's length says", () => {
    const optimizer = danaAdaptive({ gamma2: 0.1, batchSize: 2 })(typedArrayOps);
    let state = optimizer.init({ model: new Float64Array(1), shadow: new Float64Array(1) });
    const shadows = [0, 0.05, 0.4, -1];
    let y = 0;
    shadows.forEach((s, t) => {
      const params = { model: Float64Array.of(3), shadow: Float64Array.of(s) };
      const grads = { model: Float64Array.of(t + 1), shadow: Float64Array.of(0.5) };
      const result = optimizer.update<{ readonly [part: string]: PlainArray }>(
        grads,
        state,
        params,
      );
      state = result.state;
      const forgotten = 8 / (8 + t);
      y = (1 - forgotten) * y + (t + 1);
      const gamma3 = (0.1 * 0.5) / Math.max(0.5, 40 * s * s);
      expect(result.updates.model[0]).toBeCloseTo(-0.1 * (t + 1) - gamma3 * y, 14);
      expect(result.updates.shadow[0]).toBeCloseTo(-forgotten * s - 0.05, 14);
      expect((state.dimension as PlainArray)[0]).toBeCloseTo(40 * s * s, 14);
    });
  });

  test("goes on from a checkpoint as if it had never stopped, also as one vector", () => {
    const leaves = ({ params, state }: Position) =>
      flattenTree<PlainArray>([params, state], typedArrayOps.isLeaf).map(({ leaf }) => [...leaf]);
    const from = start(adaptive, ["model", "shadow"]);
    const whole = train(adaptive, from, 40, streamOf(key(1)));
    const stream = streamOf(key(1));
    const half = structuredClone(train(adaptive, from, 20, stream));
    expect(leaves(train(adaptive, half, 20, stream))).toEqual(leaves(whole));

    const vectors = flattened(adaptive);
    const flat = train(vectors, start(vectors, ["model", "shadow"]), 40, streamOf(key(1)));
    expect(flat.params).toEqual(whole.params);
  });

  test("refuses parameters without a shadow and options out of range", () => {
    const optimizer = adaptive(typedArrayOps);
    const params = { model: new Float64Array(2) };
    const state = optimizer.init(params);
    expect(() => optimizer.update(params, state, params)).toThrow(
      /steps a tree \{ model, shadow \}; got no shadow/,
    );
    expect(() => danaAdaptive({ gamma2: -1 })).toThrow(/gamma2 must be positive; got -1/);
  });
});
