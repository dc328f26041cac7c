import { InputError } from "@quadrivium/core";
import { powerSum } from "../model/power-sums.js";
import type { PlrfShape } from "../model/plrf.js";
import { constantSchedule, sgdSchedule, type Schedule } from "./coefficients.js";
import { generalMomentumSystem } from "./general-momentum.js";
import type { MomentSystem } from "./moment-system.js";
import { scheduleFreeSystem, type ScheduleFreeOptions } from "./schedule-free.js";

/** The methods whose expected risk has a closed theory. */
export const methodNames = [
  "sgd",
  "sgd-m",
  "dana-constant",
  "dana-decaying",
  "schedule-free",
] as const;
export type MethodName = (typeof methodNames)[number];

/** The two sets of constants in the authors' published code. */
export const constantsNames = ["ode-example", "optax-style"] as const;
export type ConstantsName = (typeof constantsNames)[number];

/**
 * How much of the momentum buffer a step forgets: `bounded` is $\Delta = \delta/(\delta+t) \le 1$,
 * `unbounded` is the $\delta/(1+t)$ of the notebooks, above 1 while $t < \delta - 1$.
 */
export const forgettingNames = ["bounded", "unbounded"] as const;
export type ForgettingName = (typeof forgettingNames)[number];

/** What fixes a method's hyperparameters on a model. */
export interface MethodOptions {
  readonly method: MethodName;
  /** $B$: samples a step, averaged; `Infinity` for full gradients. */
  readonly batch: number;
  readonly constants?: ConstantsName;
  readonly forgetting?: ForgettingName;
  /** The trace is that of infinitely many hidden features. */
  readonly infinite?: boolean;
  /** Factor on all learning rates [1]. */
  readonly rateFactor?: number;
}

/** A method's constants on a model, as the figures use them. */
export interface MethodConstants {
  /** Learning rate of the gradient. */
  readonly gamma2: number;
  /** Factor of the momentum term: $\gamma_3(t)$ = `gamma3`·(1+t)^−`kappa3`. */
  readonly gamma3: number;
  readonly kappa3: number;
  /** $\delta$ of the forgetting schedule. */
  readonly delta: number;
}

/**
 * The published constants of a method.
 *
 * `ode-example`: $\gamma_2 = 0.375\min(2/(B+1), 1/\mathrm{Tr})$, momentum $0.1/(d\,\mathrm{Tr})$ or
 * $0.1/\mathrm{Tr}\,(1+t)^{-1/2\alpha}$, $\delta = \max(2 + (2\beta-1)/\alpha, 2 - 1/\alpha) + 1$.
 * `optax-style`: $\gamma_2 = 0.5\min(1, B/\mathrm{Tr})$, momentum $0.5\gamma_2/d$ or
 * $0.5\gamma_2(1+t)^{-1/2\alpha}$, $\delta = 4 + (\alpha+\beta)/\alpha$.
 */
export function methodConstants(shape: PlrfShape, options: MethodOptions): MethodConstants {
  const { alpha, beta, dim } = shape;
  const { method, batch } = options;
  const features = options.infinite === true ? Infinity : shape.hiddenDim;
  const trace = powerSum(2 * alpha, { from: 1, to: features });
  const style = options.constants ?? "ode-example";
  const factor = options.rateFactor ?? 1;
  const gamma2 =
    factor *
    (style === "ode-example"
      ? 0.375 * Math.min(2 / (batch + 1), 1 / trace)
      : 0.5 * Math.min(1, batch / trace));
  const momentum = style === "ode-example" ? (factor * 0.1) / trace : 0.5 * gamma2;
  const delta =
    style === "ode-example"
      ? Math.max(2 + (2 * beta - 1) / alpha, 2 - 1 / alpha) + 1
      : 4 + (alpha + beta) / alpha;
  if (method === "dana-constant") return { gamma2, gamma3: momentum / dim, kappa3: 0, delta };
  if (method === "dana-decaying") {
    return { gamma2, gamma3: momentum, kappa3: 1 / (2 * alpha), delta };
  }
  return { gamma2, gamma3: 0, kappa3: 0, delta };
}

/** Fraction forgotten a step by constant-hyperparameter momentum (SGD-M). */
const heavyBallForgetting = 0.1;

/** A method with its numbers: what a theory or a simulation needs to run it. */
export type MethodRule =
  | { readonly kind: "momentum"; readonly schedule: Schedule; readonly batch: number }
  | ({ readonly kind: "schedule-free" } & ScheduleFreeOptions);

/**
 * A method with its published constants on a model.
 *
 * SGD-M splits SGD's rate evenly between gradient and buffer,
 * $(\gamma_2, \gamma_3, \Delta) = (g/2, 0.05 g, 0.1)$, so that its effective rate
 * $\gamma_2 + \gamma_3/\Delta$ is SGD's $g$. Schedule-free uses SGD's rate and $b = 0.9$.
 *
 * @throws E_BATCH if the batch is neither a whole number ≥ 1 nor infinite
 */
export function methodRule(shape: PlrfShape, options: MethodOptions): MethodRule {
  const { batch } = options;
  if (!(Number.isSafeInteger(batch) || batch === Infinity) || batch < 1) {
    throw new InputError(
      "E_BATCH",
      `methodRule: batch must be a whole number ≥ 1, or Infinity; got ${batch}; take for example 1`,
      { details: { batch: String(batch) } },
    );
  }
  const { gamma2, gamma3, kappa3, delta } = methodConstants(shape, options);
  switch (options.method) {
    case "sgd":
      return { kind: "momentum", batch, schedule: sgdSchedule(gamma2) };
    case "sgd-m": {
      const half = gamma2 / 2;
      const schedule = constantSchedule({
        gamma1: 1,
        gamma2: half,
        gamma3: half * heavyBallForgetting,
        delta: heavyBallForgetting,
      });
      return { kind: "momentum", batch, schedule };
    }
    case "dana-constant":
    case "dana-decaying": {
      const offset = options.forgetting === "unbounded" ? 1 : delta;
      return {
        kind: "momentum",
        batch,
        schedule: (t) => ({
          gamma1: 1,
          gamma2,
          gamma3: kappa3 === 0 ? gamma3 : gamma3 * (1 + t) ** -kappa3,
          delta: delta / (offset + t),
        }),
      };
    }
    case "schedule-free":
      return { kind: "schedule-free", learningRate: gamma2, beta: 0.9, batch };
  }
}

/** Second-moment equations of a method. */
export function systemOf(rule: MethodRule): MomentSystem {
  return rule.kind === "momentum"
    ? generalMomentumSystem(rule.schedule, rule.batch)
    : scheduleFreeSystem(rule);
}
