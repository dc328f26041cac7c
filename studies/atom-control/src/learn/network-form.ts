import { foldIn, hostArray, random, type HostArray, type Key } from "@quadrivium/core";
import { jaxNn, np } from "@quadrivium/engine";
import type { Parameters, RateForm, RatePoints, StackedParameters } from "./rate-form.js";
import { noiseParameter } from "./objective.js";
import type { RatePrior } from "./rate-prior.js";
import { priorPoints, whitening } from "./residual-prior.js";

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

/**
 * The equivariant network: $g = \mathrm{softplus}(\log A - |b - b_0|^2/2\sigma^2 + f)$ with a network
 * $f$ of two tanh layers that sees the beam in the neighbour's own frame, along the bond and even
 * across it. All of the site's symmetry is thereby exact, for any weights.
 *
 * The penalty is the density of a Gaussian process about a draw of its own, one for each member:
 * trained members are thereby like draws from the posterior, and where nothing was measured they
 * disagree by as much as the prior allows.
 *
 * @param spread standard deviation of $f$ before any data
 */
export function networkForm(options: NetworkFormOptions, spread: number): RateForm {
  return {
    rate: (params, points) =>
      jaxNn.softplus(priorLog(options.prior, points).add(residual(options, params, points))),
    penalty: (params, anchor) => {
      const { along, across } = priorPoints;
      const count = along.length;
      const values = residual(options, params, {
        along: np.array(along.slice(), { shape: [1, count] }),
        across: np.array(across.slice(), { shape: [1, count] }),
        settings: np.zeros([1, 1, options.numSettings]),
      });
      const white = np.array(whitening(options.reflection).slice(), { shape: [count, count] });
      const drawn = np
        .matmul(white, values.reshape([count, 1]))
        .reshape([-1])
        .mul(1 / spread);
      return np.sum(np.square(drawn.sub(anchor.ref))).mul(0.5);
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
