import { hostArray, random, split, type HostArray, type Key } from "@quadrivium/core";
import { jaxNn, np } from "@quadrivium/engine";
import { silu } from "@quadrivium/nn";
import type { LearningSet } from "../learning-set.js";
import type { Batch, Forecast, Objective } from "../objective.js";
import type { Parameters, StackedParameters } from "../rate-form.js";

/** The paper's network: which inputs it standardizes, and how wide it is. */
export interface PaperNetworkOptions {
  /** Neurons of each of the two hidden layers. */
  readonly hidden: number;
  /** Of log current, voltage, and the beam's x and y. @shape [4] */
  readonly inputMean: readonly number[];
  /** @shape [4] */
  readonly inputScale: readonly number[];
}

/** Weights of the two terms of {@link paperObjective}. */
export interface PaperLossWeights {
  readonly rate: number;
  readonly class: number;
}

/** Weights that the paper's script for measured data sets. */
export const paperLossWeights: PaperLossWeights = { rate: 1, class: 0.1 };

/**
 * Outputs of the paper's network: three logits and the total rate, softplus on all four.
 *
 * @returns @shape [batch, 4]
 * @source Schwarzer et al. 2023, published code
 * @departs inputs are standardized once by the data in place of batch normalization
 */
function outputs(
  { inputMean, inputScale }: PaperNetworkOptions,
  params: Parameters<np.Array>,
  { settings, beam }: Pick<Batch, "settings" | "beam">,
): np.Array {
  const inputs = np
    .concatenate([settings.ref, beam.ref], 1)
    .sub(np.array([...inputMean]))
    .div(np.array([...inputScale]));
  const layer = (x: np.Array, at: 1 | 2 | 3): np.Array =>
    np.matmul(x, params[`kernel${at}`].ref).add(params[`bias${at}`].ref);
  return jaxNn.softplus(layer(silu(layer(silu(layer(inputs, 1)), 2)), 3));
}

/**
 * The paper's loss: whether anything happened, and which neighbour it was.
 *
 * $w_r\,([y{=}0]\,Lt - [y{>}0] \log(1 - e^{-Lt})) - w_c\,[y{>}0] \log p_y$. It is the likelihood of
 * the data only where nothing happens after the first hop.
 *
 * @source Schwarzer et al. 2023, published code: exponentials are clipped to 1 − 1e-6
 */
export function paperObjective(
  options: PaperNetworkOptions,
  weights: PaperLossWeights = paperLossWeights,
): Objective {
  return (params, batch, weight) => {
    const size = batch.beam.shape[0];
    const values = outputs(options, params, batch); // [batch, 4]
    const [z1, z2, z3, total] = np.split(values, 4, 1);
    const logits = np.concatenate([z1, z2, z3], 1);
    const classLog = jaxNn.logSoftmax(logits, 1); // [batch, 3]
    const expected = total.mul(batch.exposure.ref); // Lt, [batch, 1]
    const stayed = batch.outcome.ref.slice([], [0, 1]);
    const hoppedTo = batch.outcome.ref.slice([], [1, 4]);
    const someHop = np.sum(hoppedTo.ref, 1, { keepdims: true });
    const clipped = np.minimum(np.exp(expected.ref.neg()), 1 - 1e-6);
    const rateLoss = stayed.mul(expected).sub(someHop.mul(np.log(np.subtract(1, clipped))));
    const classLoss = np.sum(hoppedTo.mul(classLog), 1, { keepdims: true }).neg();
    const losses = rateLoss.mul(weights.rate).add(classLoss.mul(weights.class)).reshape([-1]);
    return np.sum(losses.mul(weight.ref)).mul(1 / size);
  };
}

/**
 * What the paper's network says of staying and hopping; the sides of silicon's neighbours play no
 * part in it.
 *
 * @returns a traced function. @shape [batch, 2]: stays, hops
 */
export function paperForecast(options: PaperNetworkOptions): Forecast {
  return (params, batch) => {
    const total = outputs(options, params, batch).slice([], [3, 4]);
    const stay = np.exp(total.mul(batch.exposure.ref).neg());
    return np.concatenate([stay.ref, np.subtract(1, stay)], 1);
  };
}

/** Untrained members of the paper's network. */
export function initPaperMembers(key: Key, numMembers: number, hidden: number): StackedParameters {
  const keys = split(key, 3);
  const kernel = (at: number, fanIn: number, fanOut: number): HostArray<Float32Array> => {
    const drawn = random.normal(keys[at], [numMembers, fanIn, fanOut], { dtype: "float32" });
    const scale = Math.sqrt(1 / fanIn);
    return hostArray(
      drawn.data.map((value) => scale * value),
      drawn.shape,
    );
  };
  const bias = (length: number): HostArray<Float32Array> =>
    hostArray(new Float32Array(numMembers * length), [numMembers, length]);
  return {
    kernel1: kernel(0, 4, hidden),
    bias1: bias(hidden),
    kernel2: kernel(1, hidden, hidden),
    bias2: bias(hidden),
    kernel3: kernel(2, hidden, 4),
    bias3: bias(4),
  };
}

/**
 * Six copies of every sample that the paper's filters keep: three rotations, each with its mirror
 * image. Samples in which silicon went beyond its neighbours are dropped, as there.
 *
 * @returns the copies and the row that each is a copy of
 */
export function sixfold(set: LearningSet): {
  readonly set: LearningSet;
  readonly source: Int32Array;
} {
  const numOutcomes = set.numSites + 1;
  const kept = Array.from({ length: set.size }, (_, row) => row).filter(
    (row) => nearShare(set, row) > 0.5,
  );
  const size = 6 * kept.length;
  const beam = new Float64Array(2 * size);
  const outcome = new Float64Array(5 * size);
  const source = new Int32Array(size);
  kept.forEach((row, at) => {
    const share = nearShare(set, row);
    for (let copy = 0; copy < 6; copy++) {
      const to = 6 * at + copy;
      source[to] = row;
      const [turns, side] = [copy % 3, copy < 3 ? 1 : -1];
      const [x, y] = [set.beam[2 * row], side * set.beam[2 * row + 1]];
      const [c, s] = [Math.cos((2 * Math.PI * turns) / 3), Math.sin((2 * Math.PI * turns) / 3)];
      beam.set([c * x - s * y, s * x + c * y], 2 * to);
      outcome[5 * to] = set.outcome[row * numOutcomes] / share;
      for (let k = 0; k < 3; k++) {
        const mirrored = side === 1 ? k : (3 - k) % 3;
        outcome[5 * to + 1 + ((mirrored + turns) % 3)] =
          set.outcome[row * numOutcomes + 1 + k] / share;
      }
    }
  });
  const copied = (column: Float64Array): Float64Array =>
    Float64Array.from(source, (row) => column[row]);
  return {
    source,
    set: {
      size,
      maxHops: 1,
      numSites: 4,
      beam,
      outcome,
      dwellTimeS: copied(set.dwellTimeS),
      currentNanoA: copied(set.currentNanoA),
      voltageKv: copied(set.voltageKv),
      scanExposure: new Float64Array(size),
    },
  };
}

/** Probability that silicon ended on its site or next to it. */
function nearShare({ numSites, outcome }: LearningSet, row: number): number {
  const from = row * (numSites + 1);
  return outcome[from] + outcome[from + 1] + outcome[from + 2] + outcome[from + 3];
}
