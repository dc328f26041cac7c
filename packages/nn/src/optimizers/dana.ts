import { leafwise } from "./leafwise.js";
import type { Ops } from "./ops.js";
import type { Rule } from "./optimizer.js";
import { lifted, scaled, schedule, type Schedule, type Scheduled, valueAt } from "./schedule.js";
import { powerLaw } from "./schedules.js";
import { clearTiny } from "./tiny.js";

/** The four coefficients of {@link stochasticMomentum}; each may depend on the step. */
export interface MomentumCoefficients {
  /** $\gamma_1$: what a gradient adds to the momentum. */
  readonly gamma1: Scheduled;
  /** $\gamma_2$: the rate of the plain gradient. */
  readonly gamma2: Scheduled;
  /** $\gamma_3$: the rate of the momentum. */
  readonly gamma3: Scheduled;
  /** $\Delta$: what the momentum forgets in a step. It may exceed 1. */
  readonly delta: Scheduled;
}

/**
 * General stochastic momentum: $y_t = (1 - \Delta(t))\, y_{t-1} + \gamma_1(t)\, g_t$,
 * $\theta_{t+1} = \theta_t - \gamma_2(t)\, g_t - \gamma_3(t)\, y_t$ with $y_{-1} = 0$ and $t = 0$
 * at the first step; the new $y_t$ is used.
 *
 * SGD is $\gamma_3 = 0$; heavy ball of momentum $\mu$ and rate $\eta$ is
 * $(\gamma_1, \gamma_2, \gamma_3, \Delta) = (1, 0, \eta, 1-\mu)$; Nesterov is
 * $(1, \eta, \eta\mu, 1-\mu)$.
 *
 * @source arXiv 2505.16098, the Gen-Mom-SGD recursion
 */
export function stochasticMomentum(coefficients: MomentumCoefficients): Rule {
  const { gamma1, gamma2, gamma3, delta } = coefficients;
  return <A, S>(ops: Ops<A, S>) => {
    const { scalar } = ops;
    return leafwise(ops, {
      slots: { y: "zeros" },
      scalars: {},
      prepare: (count) => ({
        shared: {
          kept: oneMinus(valueAt(delta, count, scalar), count, ops),
          added: valueAt(gamma1, count, scalar),
          minusGamma2: scaled(valueAt(gamma2, count, scalar), -1, scalar),
          minusGamma3: scaled(valueAt(gamma3, count, scalar), -1, scalar),
        },
        scalars: {},
      }),
      step: ({ grad, slots }, shared) => momentumStep(ops, grad, slots.y, shared),
    });
  };
}

/** What all leaves share in a step of {@link stochasticMomentum}. */
interface SharedCoefficients<S> {
  readonly kept: S | number;
  readonly added: S | number;
  readonly minusGamma2: S | number;
  readonly minusGamma3: S | number;
}

/** One leaf's step of {@link stochasticMomentum}. */
export function momentumStep<A, S>(
  ops: Ops<A, S>,
  grad: A,
  before: A,
  { kept, added, minusGamma2, minusGamma3 }: SharedCoefficients<S>,
): { readonly update: A; readonly slots: { readonly y: A } } {
  const y = clearTiny(ops, ops.add(ops.mul(before, kept), ops.mul(grad, added)));
  const update = ops.add(ops.mul(grad, minusGamma2), ops.mul(y, minusGamma3));
  return { update, slots: { y } };
}

/**
 * The two published forms of DANA's forgetting, which agree for $t \gg \delta$: `"bounded"` is
 * $\Delta(t) = \delta/(\delta + t)$, at most 1; `"paper"` is $\Delta(t) = \delta/(1 + t)$, above 1
 * (so that the old momentum changes sign) while $t < \delta - 1$.
 */
export type ForgettingForm = "bounded" | "paper";

/** $\Delta(t)$ of DANA in the {@link ForgettingForm} given. */
export function forgetting(delta: number, form: ForgettingForm = "bounded"): Schedule {
  const offset = form === "bounded" ? delta : 1;
  return schedule((step, ops) => ops.div(lifted(delta, step, ops), ops.add(step, offset)));
}

/** Options of {@link danaConstant}. */
export interface DanaOptions {
  /** $\gamma_2$, SGD's learning rate. */
  readonly gamma2: Scheduled;
  /** $\gamma_3$ at step 0; the momentum's learning rate. */
  readonly gamma3: number;
  /** $\delta$ of the forgetting $\Delta(t)$ [8]. */
  readonly delta?: number;
  readonly forgettingForm?: ForgettingForm;
}

/**
 * DANA-constant: {@link stochasticMomentum} with $\gamma_1 = 1$, forgetting $\Delta(t) \sim
 * \delta/t$ and a constant $\gamma_3$, which the paper scales as $1/d$ at batch size 1.
 *
 * @source arXiv 2505.16098, DANA-constant
 */
export function danaConstant(options: DanaOptions): Rule {
  const { gamma2, gamma3, delta = 8, forgettingForm } = options;
  return stochasticMomentum({
    gamma1: 1,
    gamma2,
    gamma3,
    delta: forgetting(delta, forgettingForm),
  });
}

/**
 * DANA-decaying: {@link stochasticMomentum} with $\gamma_1 = 1$, forgetting $\Delta(t) \sim
 * \delta/t$ and $\gamma_3(t) = \gamma_3 (1 + t)^{-\kappa_3}$. Symbols: $\kappa_3$ → `kappa3`, which
 * the paper sets to $1/(2\alpha)$ for data of spectral exponent $\alpha$ at batch size 1.
 *
 * @source arXiv 2505.16098, DANA-decaying
 */
export function danaDecaying(options: DanaOptions & { readonly kappa3: number }): Rule {
  const { gamma3, kappa3, ...rest } = options;
  return (ops) => {
    const decaying = powerLaw({ init: gamma3, power: -kappa3 });
    const { gamma2, delta = 8, forgettingForm } = rest;
    return stochasticMomentum({
      gamma1: 1,
      gamma2,
      gamma3: decaying,
      delta: forgetting(delta, forgettingForm),
    })(ops);
  };
}

/** $1 - x$ for a number or a scalar. */
export function oneMinus<A, S>(value: S | number, like: S, { scalar }: Ops<A, S>): S | number {
  return typeof value === "number" ? 1 - value : scalar.sub(lifted(1, like, scalar), value);
}
