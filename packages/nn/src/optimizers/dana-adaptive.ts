import { flattenTree, InputError, type Tree } from "@quadrivium/core";
import { type DanaOptions, forgetting, momentumStep, oneMinus } from "./dana.js";
import { globalNorm } from "./compose.js";
import { leafwise } from "./leafwise.js";
import type { Ops } from "./ops.js";
import type { Optimizer, OptimizerState, Rule } from "./optimizer.js";
import { requirePositive } from "./require-positive.js";
import { lifted, scaled, valueAt } from "./schedule.js";

/** Options of {@link danaAdaptive}. */
export interface DanaAdaptiveOptions extends Omit<DanaOptions, "gamma2" | "gamma3"> {
  /** $\gamma_2$, SGD's learning rate. */
  readonly gamma2: number;
  /** $B$: samples whose gradients are averaged in a step [1]. */
  readonly batchSize?: number;
  /** $s$: part of the momentum that gradient noise allows [0.25]. */
  readonly share?: number;
}

/**
 * DANA that measures while training how much momentum gradient noise allows: $\gamma_3 = \gamma_2\,
 * sB/\max(sB, \hat N)$, with the effective dimension $\hat N$ of the features that the steps so far
 * have met, and no spectrum to be known beforehand.
 *
 * It steps the tree `{ model, shadow }`. The model takes DANA's steps. The shadow starts at zero,
 * has the model's shape, and is trained on nothing but noise: its gradient is that of half the
 * squared error of its output $\langle\phi, s\rangle$ against a fresh standard normal label for
 * each sample, $g_s = \frac1B\sum_i \phi_i(\langle\phi_i, s\rangle - \varepsilon_i)$, where $\phi$
 * are the features of the samples: the inputs of a linear model. For linear models only: nothing has
 * shown that the slopes of another model's output, which change as it learns, may stand in for $\phi$.
 * With $s \leftarrow (1-\Delta(t))\,s - \gamma_2 g_s$ its second moments settle at
 *
 * $$\mathbb E\lVert s\rVert^2 \approx \frac{\gamma_2}{2B} \sum_j
 * \frac{\lambda_j}{\lambda_j + \Delta/\gamma_2} = \frac{\gamma_2}{2B} N_\mathrm{eff}(\Delta/\gamma_2),
 * \qquad\text{so that}\quad \hat N = \frac{2B}{\gamma_2}\lVert s\rVert^2.$$
 *
 * The estimate is random, by a factor of about $1 \pm \sqrt{2/N_\mathrm{eff}}$, and too large by up
 * to $1/(1-\lVert K\rVert)$, SGD's kernel norm: on the side of less momentum. The state holds it as
 * `dimension`. A step costs two gradients.
 *
 * @throws E_OPTION if a rate, batch or share is not positive; E_TREE if the parameters have no
 *   `shadow`
 * @source none published: the bound $\gamma_3 N_\mathrm{eff} \lesssim 2B\gamma_2$ of arXiv
 *   2505.16098's second-moment equations, with $N_\mathrm{eff}$ from the stationary covariance of
 *   the shadow's own
 */
export function danaAdaptive(options: DanaAdaptiveOptions): Rule {
  const { gamma2, delta = 8, forgettingForm, batchSize = 1, share = 0.25 } = options;
  requirePositive("E_OPTION", "danaAdaptive", { gamma2, delta, batchSize, share });
  const allowed = share * batchSize;
  const forgotten = forgetting(delta, forgettingForm);
  return <A, S>(ops: Ops<A, S>): Optimizer<A> => {
    const { scalar } = ops;
    const stepped = leafwise(ops, {
      slots: { y: "zeros" },
      scalars: { dimension: 0 },
      sortOf: (path) => String(isShadow(path)),
      prepare: (count, { dimension }) => {
        const delta = valueAt(forgotten, count, scalar);
        const weight = scalar.div(
          lifted(-allowed * gamma2, dimension, scalar),
          scalar.max(dimension, allowed),
        );
        return {
          shared: {
            kept: oneMinus(delta, count, ops),
            added: 1,
            minusGamma2: -gamma2,
            minusGamma3: weight,
            minusDelta: scaled(delta, -1, scalar),
          },
          scalars: { dimension },
        };
      },
      step: ({ path, param, grad, slots }, shared) =>
        isShadow(path)
          ? {
              update: ops.add(ops.mul(param, shared.minusDelta), ops.mul(grad, -gamma2)),
              slots,
            }
          : momentumStep(ops, grad, slots.y, shared),
    });
    return {
      ...stepped,
      update: <Params extends Tree<A>>(grads: Params, state: OptimizerState<A>, params: Params) => {
        const norm = globalNorm(ops, shadowOf(ops, params));
        const measured = scalar.mul(scalar.mul(norm, norm), (2 * batchSize) / gamma2);
        const dimension = ops.fromScalar(measured, state.dimension as A);
        return stepped.update(grads, { ...state, dimension }, params);
      },
    };
  };
}

function isShadow(path: string): boolean {
  return path === "shadow" || path.startsWith("shadow/");
}

function shadowOf<A, S>(ops: Ops<A, S>, params: Tree<A>): readonly A[] {
  const leaves = flattenTree(params, ops.isLeaf).filter(({ path }) => isShadow(path));
  if (leaves.length > 0) return leaves.map(({ leaf }) => leaf);
  throw new InputError(
    "E_TREE",
    "danaAdaptive: steps a tree { model, shadow }; got no shadow; start it as zeros of the " +
      "model's shape",
  );
}
