import { foldIn, hostArray, random, streamOf, type HostArray, type Key } from "@quadrivium/core";
import { jaxNn, np } from "@quadrivium/engine";
import type { Parameters, RateForm, RatePoints, StackedParameters } from "./rate-form.js";
import { noiseParameter } from "./objective.js";

/** A broad Gaussian bump that rates are drawn to where nothing was measured. */
export interface RatePrior {
  /** Logarithm of its height. @unit log of hops per second */
  readonly logPeak: number;
  /** Where it peaks along the bond. @unit bonds */
  readonly centre: number;
  /** Its standard deviation. @unit bonds */
  readonly sigma: number;
}

/** What a network of rates looks like. */
export interface NetworkShape {
  /** Neurons of each of the two hidden layers. */
  readonly hidden: number;
  readonly numSettings: number;
  /** Whether g is even across the bond; without it the network also sees the side. */
  readonly reflection: boolean;
}

/** A network's shape and the prior that it corrects. */
export interface NetworkFormOptions extends NetworkShape {
  readonly prior: RatePrior;
}

/** Standard deviation of a rate's logarithm about the prior in the members' anchors. */
const anchorSpread = 2;
/**
 * How firmly members are held to their anchors. A firmer hold keeps a background of rates alive where
 * there is none, and a share of wrong labels then hides in it.
 */
const hold = { spread: 4, places: 2 };
/** Where the network's residual is held to its anchor. @shape [points] each */
const anchorPoints = spreadPoints(96);

/**
 * The equivariant network: $g = \mathrm{softplus}(\log A - |b - b_0|^2/2\sigma^2 + f)$ with a network
 * $f$ of two tanh layers that sees the beam in the neighbour's own frame, along the bond and even
 * across it. All of the site's symmetry is thereby exact, for any weights.
 *
 * The penalty holds $f$ to a random smooth function, one for each member, as a draw from the prior
 * would be: where nothing was measured the members disagree by as much as the prior allows.
 */
export function networkForm(options: NetworkFormOptions): RateForm {
  return {
    rate: (params, points) =>
      jaxNn.softplus(priorLog(options.prior, points).add(residual(options, params, points))),
    penalty: (params, anchor) => {
      const { along, across } = anchorPoints;
      const shape = [1, along.length];
      const values = residual(options, params, {
        along: np.array(along.slice(), { shape }),
        across: np.array(across.slice(), { shape }),
        settings: np.zeros([1, 1, options.numSettings]),
      });
      const gap = values.reshape([-1]).sub(anchor.ref);
      return np.mean(np.square(gap)).mul(hold.places / (2 * hold.spread ** 2));
    },
  };
}

function priorLog({ logPeak, centre, sigma }: RatePrior, { along, across }: RatePoints): np.Array {
  const squared = np.square(along.ref.sub(centre)).add(np.square(across.ref));
  return np.subtract(logPeak, squared.mul(1 / (2 * sigma ** 2)));
}

/** The network's output f. @shape as `along` */
function residual(
  { hidden, reflection }: NetworkShape,
  params: Parameters<np.Array>,
  { along, across, settings }: RatePoints,
): np.Array {
  const shape = along.shape;
  const even = np.sqrt(np.square(across.ref).add(0.25)).sub(0.5); // smooth, and even in `across`
  const inputs = [along.ref.sub(0.5), even, ...(reflection ? [] : [across.ref])];
  const features = np.stack(inputs, -1); // [..., 2 or 3]
  const first = np
    .matmul(features, params.place.ref)
    .add(np.matmul(settings.ref, params.settings.ref))
    .add(params.bias1.ref);
  const second = np.matmul(np.tanh(first), params.kernel2.ref).add(params.bias2.ref);
  const out = np.matmul(np.tanh(second).reshape([-1, hidden]), params.kernel3.ref);
  return out.add(params.bias3.ref).reshape([...shape]);
}

/**
 * Untrained members: random weights, no dependence on the settings yet. Many labels are doubted at
 * first: belief is learned faster than doubt.
 */
export function initMembers(key: Key, numMembers: number, shape: NetworkShape): StackedParameters {
  const { hidden, numSettings, reflection } = shape;
  const numPlace = reflection ? 2 : 3;
  let drawn = 0;
  const normal = (scale: number, ...lengths: readonly number[]): HostArray<Float32Array> => {
    const own = random.normal(foldIn(key, drawn++), [numMembers, ...lengths], { dtype: "float32" });
    return hostArray(
      own.data.map((value) => scale * value),
      own.shape,
    );
  };
  return {
    place: normal(1, numPlace, hidden),
    settings: normal(0, numSettings, hidden),
    bias1: normal(0.7, hidden),
    kernel2: normal(1 / Math.sqrt(hidden), hidden, hidden),
    bias2: normal(0.3, hidden),
    kernel3: normal(0.3 / Math.sqrt(hidden), hidden, 1),
    bias3: normal(0, 1),
    noise: hostArray(new Float32Array(numMembers).fill(noiseParameter(0.4)), [numMembers]),
  };
}

/**
 * A random smooth function for each member at the points where the penalty looks: a Gaussian
 * process of correlation length 0.8 bonds, by random Fourier features.
 *
 * @returns @shape [numMembers, points]
 * @source Rahimi and Recht 2007, "Random features for large-scale kernel machines"
 */
export function drawAnchors(key: Key, numMembers: number): HostArray<Float32Array> {
  const numWaves = 48;
  const length = 0.8;
  const stream = streamOf(key);
  const { along, across } = anchorPoints;
  const values = new Float32Array(numMembers * along.length);
  for (let member = 0; member < numMembers; member++) {
    for (let wave = 0; wave < numWaves; wave++) {
      const x = stream.normal() / length;
      const y = stream.normal() / length;
      const phase = 2 * Math.PI * stream.uniform();
      const height = anchorSpread * Math.sqrt(2 / numWaves);
      for (let p = 0; p < along.length; p++) {
        values[member * along.length + p] +=
          height * Math.cos(x * along[p] + y * Math.abs(across[p]) + phase);
      }
    }
  }
  return hostArray(values, [numMembers, along.length]);
}

/** Points spread evenly over the plane about the bond, both sides, by an additive recurrence. */
function spreadPoints(count: number): {
  readonly along: Float32Array;
  readonly across: Float32Array;
} {
  const golden = 1.324717957244746; // root of x³ = x + 1
  const at = (base: number, n: number): number => (0.5 + n / base) % 1;
  return {
    along: Float32Array.from({ length: count }, (_, n) => -2.2 + 5.4 * at(golden, n)),
    across: Float32Array.from({ length: count }, (_, n) => -2.4 + 4.8 * at(golden ** 2, n)),
  };
}
