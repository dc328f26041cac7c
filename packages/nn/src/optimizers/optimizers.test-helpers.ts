import { readFileSync } from "node:fs";
import { flattenTree, type Tree } from "@quadrivium/core";
import {
  adam,
  adamW,
  adana,
  applyUpdates,
  centredRmsProp,
  chain,
  clipByGlobalNorm,
  danaConstant,
  danaDecaying,
  danaEffectiveDimension,
  danaStar,
  heavyBall,
  nesterov,
  type Optimizer,
  type OptimizerState,
  type PlainArray,
  type Rule,
  scheduleFreeAdamW,
  scheduleFreeSgd,
  schedules,
  sgd,
  stochasticMomentum,
  typedArrayOps,
} from "./index.js";

/** How updates answer a gradient that is `c` times as large. */
type Covariance = "linear" | "invariant" | "none";

export interface Entry {
  readonly name: string;
  readonly rule: Rule;
  readonly covariance: Covariance;
  /** Whether parameters move although the gradient is zero. */
  readonly decays?: true;
}

/** Every optimizer on offer: a new one is tested by being listed here. */
export const catalogue: readonly Entry[] = [
  { name: "sgd", rule: sgd({ learningRate: 0.1 }), covariance: "linear" },
  {
    name: "heavyBall",
    rule: heavyBall({ learningRate: 0.02, momentum: 0.9 }),
    covariance: "linear",
  },
  { name: "nesterov", rule: nesterov({ learningRate: 0.02, momentum: 0.9 }), covariance: "linear" },
  { name: "adam", rule: adam({ learningRate: 0.02, epsilon: 0 }), covariance: "invariant" },
  {
    name: "adamW",
    rule: adamW({
      learningRate: schedules.warmup({
        numSteps: 5,
        peak: schedules.cosine({ init: 0.02, numSteps: 500 }),
      }),
      decays: (path) => path.endsWith("kernel"),
    }),
    covariance: "none",
    decays: true,
  },
  { name: "centredRmsProp", rule: centredRmsProp({ learningRate: 0.001 }), covariance: "none" },
  {
    name: "centredRmsProp outside the root",
    rule: centredRmsProp({ learningRate: 0.001, epsilon: 0.01, epsilonInRoot: false }),
    covariance: "none",
  },
  { name: "scheduleFreeSgd", rule: scheduleFreeSgd({ learningRate: 0.3 }), covariance: "linear" },
  {
    name: "scheduleFreeAdamW",
    rule: scheduleFreeAdamW({ learningRate: 0.02, epsilon: 0 }),
    covariance: "invariant",
  },
  {
    name: "stochasticMomentum",
    rule: stochasticMomentum({ gamma1: 0.5, gamma2: 0.1, gamma3: 0.02, delta: 0.2 }),
    covariance: "linear",
  },
  { name: "danaConstant", rule: danaConstant({ gamma2: 0.1, gamma3: 0.01 }), covariance: "linear" },
  {
    name: "danaDecaying",
    rule: danaDecaying({ gamma2: 0.1, gamma3: 0.05, kappa3: 0.5, forgettingForm: "paper" }),
    covariance: "linear",
  },
  {
    name: "danaEffectiveDimension",
    rule: danaEffectiveDimension({ gamma2: 0.1, spectrum: { lambda: [1, 0.5, 0.3, 0.1] } }),
    covariance: "linear",
  },
  { name: "adana", rule: adana({ learningRate: 0.01, epsilon: 0 }), covariance: "invariant" },
  {
    name: "adana clipped and decaying",
    rule: adana({ learningRate: 0.01, snrClip: 1, weightDecay: 0.01, decayTimescale: 1 }),
    covariance: "none",
    decays: true,
  },
  { name: "danaStar", rule: danaStar({ learningRate: 0.01, epsilon: 0 }), covariance: "invariant" },
  {
    name: "danaStar clipped",
    rule: danaStar({ learningRate: 0.01, snrClip: 1 }),
    covariance: "none",
  },
  {
    name: "chain of clipping and adam",
    rule: chain(clipByGlobalNorm(1), adam({ learningRate: 0.02 })),
    covariance: "none",
  },
];

export type Params = {
  readonly mlp: readonly { readonly kernel: PlainArray; readonly bias: PlainArray }[];
};

/** Two layers of fixed, unremarkable numbers. */
export function exampleParams(dtype: "float32" | "float64" = "float64"): Params {
  const wave = (length: number, phase: number): PlainArray => {
    const values = Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase));
    return dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
  };
  return {
    mlp: [
      { kernel: wave(6, 0.3), bias: wave(3, 1.1) },
      { kernel: wave(3, 2.2), bias: wave(1, 0.7) },
    ],
  };
}

/** The gradient of $½ \sum_i c_i \theta_i^2$ with curvatures between 0.1 and 1. */
export function quadraticGradient(params: Params, scale = 1): Params {
  const gradientOf = (array: PlainArray): PlainArray =>
    array.map((value, i) => scale * (0.1 + 0.9 / (1 + i)) * value);
  return {
    mlp: params.mlp.map(({ kernel, bias }) => ({
      kernel: gradientOf(kernel),
      bias: gradientOf(bias),
    })),
  };
}

export interface Position {
  readonly params: Params;
  readonly state: OptimizerState<PlainArray>;
}

/** `numSteps` steps of an optimizer on the quadratic. */
export function descend(
  optimizer: Optimizer<PlainArray>,
  from: Position,
  numSteps: number,
  scale = 1,
): Position {
  let { params, state } = from;
  for (let step = 0; step < numSteps; step++) {
    const result = optimizer.update(quadraticGradient(params, scale), state, params);
    params = applyUpdates(typedArrayOps, params, result.updates);
    state = result.state;
  }
  return { params, state };
}

export function start(optimizer: Optimizer<PlainArray>, params = exampleParams()): Position {
  return { params, state: optimizer.init(params) };
}

/** All leaves of a tree by path, as lists that `toEqual` compares bit for bit. */
export function leavesOf(tree: Tree<PlainArray>): { readonly [path: string]: readonly number[] } {
  return Object.fromEntries(
    flattenTree(tree, typedArrayOps.isLeaf).map(({ path, leaf }) => [path, [...leaf]]),
  );
}

/** Reads a golden file that lies beside the source. */
export function readGolden<Contents>(name: string): Contents {
  return JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8")) as Contents;
}
