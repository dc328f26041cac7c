import { clockExponents, phaseOf, type PhaseName } from "./phases.js";
import { methodNames, type MethodName } from "./methods.js";

/** What theory predicts for one method on one problem; all exponents positive. */
export interface MethodExponents {
  /**
   * $P \asymp t^{-x}$ before floor and distorted features matter (infinitely many parameters); for
   * DANA-constant at times beyond its $d$.
   */
  readonly lossExponent: number;
  /** The same while $t \ll d$, where DANA-constant is still SGD; otherwise equal to it. */
  readonly earlyLossExponent: number;
  /** The same of each term by itself; `null` where the term is absent. */
  readonly lossExponents: {
    readonly Fpp: number;
    readonly Fac: number | null;
    readonly Kpp: number | null;
  };
  /** $\eta$: $P^*(f) \asymp f^{-\eta}$ at the best size for the compute $f = B d t$. */
  readonly computeExponent: number;
  /** $\xi$: $d^*(f) \asymp f^\xi$. */
  readonly parameterExponent: number;
  /** Steps to the floor grow as $d$ to this power. */
  readonly timeToFloorExponent: number;
}

/** Phase and exponents of every method. */
export interface ProblemExponents {
  readonly phase: PhaseName;
  readonly methods: { readonly [method in MethodName]: MethodExponents };
}

/**
 * Scaling exponents of all methods in closed form, batch 1.
 *
 * All methods share the terms $F_{pp} \asymp \vartheta^{-\zeta}$,
 * $F_{ac} \asymp \vartheta^{-\eta_A}/d$, $K_{pp} \asymp \vartheta^{-\eta_K}$ and differ in the clock:
 * $\vartheta = t$ for SGD, constant momentum and schedule-free; $\max(t, t^2/d)$ for DANA-constant;
 * $t^{2-1/2\alpha}$ for DANA-decaying. Below $2\alpha = 1$ none is faster than SGD.
 *
 * @throws E_PLRF_EXPONENTS if $2\alpha + 2\beta \le 1$ or α ≤ 0
 * @source arXiv 2505.16098; SGD's rows also arXiv 2405.15074
 */
export function problemExponents(alpha: number, beta: number): ProblemExponents {
  const phase = phaseOf(alpha, beta);
  const methods = Object.fromEntries(
    methodNames.map((method) => [method, methodExponents(method, { alpha, beta, phase })]),
  ) as { [method in MethodName]: MethodExponents };
  return { phase, methods };
}

interface Problem {
  readonly alpha: number;
  readonly beta: number;
  readonly phase: PhaseName;
}

function methodExponents(method: MethodName, problem: Problem): MethodExponents {
  const { alpha, beta } = problem;
  const { zeta, etaA, etaK } = clockExponents(alpha, beta);
  const accelerated = alpha > 0.5 && (method === "dana-constant" || method === "dana-decaying");
  const speed = !accelerated ? 1 : method === "dana-constant" ? 2 : 2 - 1 / (2 * alpha);
  const scaled = (exponent: number | null): number | null =>
    exponent === null ? null : speed * exponent;
  // below 2α = 1 the learning rate, and with it K_pp, vanishes as d grows
  const noise = alpha > 0.5 && etaK !== null ? etaK : Infinity;
  const frontier = accelerated
    ? method === "dana-constant"
      ? danaConstantFrontier(problem)
      : danaDecayingFrontier(problem)
    : sgdFrontier(problem);
  return {
    lossExponent: speed * Math.min(zeta, noise),
    earlyLossExponent: (method === "dana-constant" ? 1 : speed) * Math.min(zeta, noise),
    lossExponents: { Fpp: speed * zeta, Fac: scaled(etaA), Kpp: scaled(etaK) },
    computeExponent: frontier[0],
    parameterExponent: frontier[1],
    timeToFloorExponent: timeToFloor(method, alpha),
  };
}

function timeToFloor(method: MethodName, alpha: number): number {
  if (alpha < 0.5) return 1; // the rate d^(2α−1) brings the floor at t ≍ d
  if (method === "dana-constant") return alpha + 0.5;
  if (method === "dana-decaying") return (4 * alpha ** 2) / (4 * alpha - 1);
  return 2 * alpha;
}

type Frontier = readonly [eta: number, xi: number];

function sgdFrontier({ alpha, beta, phase }: Problem): Frontier {
  const energy = 2 * alpha + 2 * beta - 1;
  switch (phase) {
    case "Ia":
      return [energy / (2 * alpha + 1), 1 / (2 * alpha + 1)];
    case "Ib":
      return [alpha + beta - 0.5, 0.5];
    case "Ic": {
      const denominator = 3 * alpha + 2 * beta - 1 - 2 * alpha * beta;
      return [(alpha * energy) / denominator, energy / (2 * denominator)];
    }
    case "II":
      return [energy / (2 * (alpha + beta)), beta / (alpha + beta)];
    case "III":
      return [1 - 1 / (4 * alpha), 0.5];
    case "IVa":
      return [alpha, 0.5];
    case "IVb": {
      const denominator = 2 * beta - alpha - 2 * alpha * beta;
      return [((1 - 2 * alpha) * energy) / (2 * denominator), (beta - alpha) / denominator];
    }
  }
}

/** α at which DANA-constant's best size turns from where F_ac starts to where it ends. */
const constantSplit = 0.75;
/** The same for DANA-decaying: the larger root of 4α² − 6α + 1. */
const decayingSplit = (3 + Math.sqrt(5)) / 4;

function danaConstantFrontier({ alpha, beta, phase }: Problem): Frontier {
  const energy = 2 * alpha + 2 * beta - 1;
  if (phase === "Ia") return [(2 * energy) / (2 * alpha + 3), 2 / (2 * alpha + 3)];
  if (alpha > constantSplit) return [(4 * alpha) / (2 * alpha + 3), 2 / (2 * alpha + 3)];
  if (phase === "II") return [energy / (3 * beta + alpha), (2 * beta) / (3 * beta + alpha)];
  return [1 - 1 / (4 * alpha), 0.5];
}

function danaDecayingFrontier({ alpha, beta, phase }: Problem): Frontier {
  const energy = 2 * alpha + 2 * beta - 1;
  const speed = 4 * alpha - 1;
  const q = 4 * alpha ** 2 + 4 * alpha - 1;
  if (phase === "Ia") return [(energy * speed) / q, speed / q];
  if (alpha > decayingSplit) return [(2 * alpha * speed) / q, speed / q];
  if (phase === "II") {
    const denominator = beta * speed + 2 * alpha ** 2;
    return [(energy * speed) / (2 * denominator), (beta * speed) / denominator];
  }
  return [speed ** 2 / (2 * alpha * (6 * alpha - 1)), speed / (6 * alpha - 1)];
}
