import type { ClaimDefinition } from "@quadrivium/config";
import { frontierPanel } from "../evidence/frontiers.js";
import { exponentPlane } from "../evidence/exponent-plane.js";
import { lossShapes, worstFactor } from "../evidence/loss-shapes.js";
import { outscaling, slopeBetween } from "../evidence/outscaling.js";
import { deviations, simulatedCurves } from "../evidence/simulated.js";
import { stabilityCases } from "../evidence/stability.js";
import { textEvidence, type TextEvidence } from "../evidence/text-runs.js";

const paper = "arXiv:2505.16098";
const theory = "from the exact theory, no sampling";

/** The paper's claims that theory and simulation can test, in the order of the report. */
export const claimDefinitions: readonly ClaimDefinition[] = [
  {
    id: "momentum-scaling/theory-equals-simulation",
    statement:
      "The deterministic equations for expected risk describe stochastic training on power-law random features.",
    source: `${paper}, abstract and main figure`,
    statistic:
      "largest deviation of simulated mean risks from the theory, in standard errors, over 5 settings and 3 times each",
    threshold: "≤ 4.5 (a true theory exceeds it in fewer than 1 of 1000 reproductions)",
    test: (_, runs) => {
      const curves = simulatedCurves(runs);
      const values = curves.flatMap(deviations).map(Math.abs);
      const value = Math.max(...values);
      const replicas = curves.reduce((sum, { result }) => sum + result.runs, 0);
      return {
        value,
        supported: values.length === 0 || Number.isNaN(value) ? null : value <= 4.5,
        runs: replicas,
      };
    },
  },
  {
    id: "momentum-scaling/four-loss-shapes",
    statement:
      "Loss curves take four distinct shapes over the (α, β) plane, each the sum of its phase's terms.",
    source: `${paper}, abstract`,
    statistic:
      "largest factor between SGD's risk at d = 51,200 and the sum of its asymptotic terms from step 100 to 10^12, over phases Ia, II, III, IVa",
    threshold: "≤ 2",
    test: () => {
      const value = Math.max(...lossShapes().map(worstFactor));
      return { value, supported: value <= 2, runs: 0, note: theory };
    },
  },
  {
    id: "momentum-scaling/exponents-over-the-plane",
    statement:
      "The loss exponents of SGD and DANA-decaying are the predicted functions of α and β.",
    source: `${paper}, abstract and main figure`,
    statistic:
      "largest difference between slopes at 10^12 steps with infinitely many parameters and closed forms, over points with 2α > 1",
    threshold: "≤ 0.01",
    test: (tier) => {
      const points = exponentPlane(tier).filter(({ method }) =>
        ["sgd", "dana-decaying"].includes(method),
      );
      const value = Math.max(...points.map((p) => Math.abs(p.measured - p.predicted)));
      return {
        value,
        supported: value <= 0.01,
        runs: 0,
        note: `${points.length} curves, ${theory}; points closer than 0.3 to α = β are left out: logarithms hide exponents there`,
      };
    },
  },
  {
    id: "momentum-scaling/constant-momentum-is-sgd",
    statement: "Momentum with constant hyperparameters has SGD's loss exponent.",
    source: `${paper}, abstract`,
    statistic:
      "largest difference between the slopes of SGD-M and SGD at 10^12 steps with infinitely many parameters",
    threshold: "≤ 0.01",
    test: (tier) => equalToSgd("sgd-m", tier, 0.01),
  },
  {
    id: "momentum-scaling/schedule-free-is-sgd",
    statement: "Schedule-free SGD has SGD's loss exponent.",
    source: `${paper}, caption of the main figure`,
    statistic:
      "largest difference between the slopes of schedule-free SGD and SGD at 10^12 steps with infinitely many parameters",
    threshold: "≤ 0.02",
    test: (tier) => equalToSgd("schedule-free", tier, 0.02),
  },
  {
    id: "momentum-scaling/dana-constant-outscales",
    statement: "DANA-constant scales like SGD up to about d steps, then with a larger exponent.",
    source: `${paper}, abstract and caption of the main figure`,
    statistic:
      "slope of the risk between 10d and 1000d steps over that between 500 and d/10, at (1.5, 0.3), d = 51,200",
    threshold: "≥ 1.6, with early slopes of DANA-constant and SGD equal to 0.02",
    test: () => {
      const evidence = outscaling();
      const { dim } = evidence;
      const early = slopeBetween(evidence, "dana-constant", [500, dim / 10]);
      const sgd = slopeBetween(evidence, "sgd", [500, dim / 10]);
      const late = slopeBetween(evidence, "dana-constant", [10 * dim, 1000 * dim]);
      const value = late / early;
      return {
        value,
        supported: value >= 1.6 && Math.abs(early - sgd) <= 0.02,
        runs: 0,
        note: `early slopes ${early.toFixed(3)} and ${sgd.toFixed(3)} (SGD), late ${late.toFixed(3)}; ${theory}`,
      };
    },
  },
  {
    id: "momentum-scaling/dana-decaying-outscales",
    statement: "DANA-decaying has a larger loss exponent than SGD from early on.",
    source: `${paper}, abstract and caption of the main figure`,
    statistic:
      "slope of DANA-decaying's risk over SGD's, between 10^4.5 and 10^6 steps at (1.5, 0.3), d = 51,200",
    threshold: "≥ 1.55 (closed form: 2 − 1/2α = 1.667)",
    test: () => {
      const evidence = outscaling();
      const late: [number, number] = [10 ** 4.5, 1e6];
      const value =
        slopeBetween(evidence, "dana-decaying", late) / slopeBetween(evidence, "sgd", late);
      return { value, supported: value >= 1.55, runs: 0, note: theory };
    },
  },
  {
    id: "momentum-scaling/no-gain-below-the-line",
    statement: "Below 2α = 1 no momentum schedule changes the compute-optimal exponent.",
    source: `${paper}, abstract`,
    statistic:
      "spread of the fitted compute exponents of SGD, DANA-constant and DANA-decaying at (0.4, 0.3)",
    threshold: "≤ 0.005",
    test: (tier) => {
      const { methods } = frontierPanel("below", tier);
      const fitted = Object.values(methods).map(({ frontier }) => -frontier.riskFit.slope);
      const value = Math.max(...fitted) - Math.min(...fitted);
      return {
        value,
        supported: value <= 0.005,
        runs: 0,
        note: `exponents ${fitted.map((x) => x.toFixed(4)).join(", ")}; ${theory}`,
      };
    },
  },
  {
    id: "momentum-scaling/compute-optimal-exponents",
    statement:
      "On the compute-optimal frontier DANA-decaying beats DANA-constant, which beats SGD, with the predicted exponents.",
    source: `${paper}, main figure (sizes d = 100·2^i, i = 1…10)`,
    statistic:
      "largest difference between fitted and predicted compute exponents of the three methods at (1, 0.3)",
    threshold: "≤ 0.02, in the order DANA-decaying > DANA-constant > SGD",
    test: (tier) => {
      const { methods } = frontierPanel("above", tier);
      const eta = (name: keyof typeof methods): number => -methods[name].frontier.riskFit.slope;
      const ordered =
        eta("dana-decaying") > eta("dana-constant") && eta("dana-constant") > eta("sgd");
      const value = Math.max(
        ...Object.values(methods).map(({ frontier, predicted }) =>
          Math.abs(-frontier.riskFit.slope - predicted),
        ),
      );
      return {
        value,
        supported: value <= 0.02 && ordered,
        runs: 0,
        note: `SGD ${eta("sgd").toFixed(4)}, DANA-constant ${eta("dana-constant").toFixed(4)}, DANA-decaying ${eta("dana-decaying").toFixed(4)}; ${theory}`,
      };
    },
  },
  {
    id: "momentum-scaling/stability-decides-the-schedule",
    statement:
      "Momentum that decays more slowly than t^(−1/2α) leaves the region where gradient noise stays bounded, and the risk turns around.",
    source: `${paper}, abstract (choice of the momentum's decay)`,
    statistic:
      "largest factor between the step at which the kernel norm crosses 1 and that of the smallest risk, over the schedules that diverge at α = 1",
    threshold: "≤ 2, and no divergence for κ3 ≥ 1/2α",
    test: () => {
      const cases = stabilityCases();
      const diverging = cases.filter(({ turnsAt }) => turnsAt !== null);
      const value = Math.max(
        ...diverging.map(({ predicted, turnsAt }) =>
          predicted === null ? Number.NaN : Math.exp(Math.abs(Math.log(predicted / turnsAt!))),
        ),
      );
      const early = diverging.some(({ kappa3 }) => kappa3 >= 0.5);
      return {
        value,
        supported: Number.isFinite(value) && value <= 2 && !early,
        runs: 0,
        note: `diverging: κ3 = ${diverging.map(({ kappa3 }) => kappa3).join(", ")}; ${theory}`,
      };
    },
  },
  {
    id: "momentum-scaling/text-exponents",
    statement:
      "LSTM language models, too, have a larger loss exponent with DANA-decaying than SGD.",
    source: `${paper}, abstract`,
    statistic:
      "DANA-decaying's exponent minus SGD's, of the loss above the known entropy rate of a synthetic language over the second half of logarithmic time, learning rates chosen on equal grids with another seed",
    threshold: "≥ 0, with the whole block-bootstrap interval above it",
    test: (_, runs) => {
      const evidence = textEvidence(runs);
      const difference = evidence?.difference ?? null;
      if (evidence === null || difference === null) {
        return {
          value: Number.NaN,
          supported: null,
          runs: 0,
          note: "runs are missing or diverged",
        };
      }
      const [low, high] = difference.interval;
      return {
        value: difference.value,
        supported: low > 0 ? true : high < 0 ? false : null,
        runs: evidence.curves.reduce((sum, curve) => sum + curve.runs, 0),
        interval: [low, high],
        note: textNote(evidence),
      };
    },
  },
];

/** Exponents, rates, and what limits them. */
function textNote({ curves }: TextEvidence): string {
  const parts = curves.map(({ optimizer, exponent, learningRate, atEdge }) => {
    const [early, late] = exponent?.ends ?? [];
    return (
      `${optimizer} ${exponent?.value.toFixed(3) ?? "none"} (${early?.toFixed(2)} early, ` +
      `${late?.toFixed(2)} late) at rate ${learningRate.toPrecision(3)}` +
      (atEdge ? ", at the edge of its grid" : "")
    );
  });
  return (
    `${parts.join("; ")}; the interval is that of scatter along the curves, ` +
    `not between seeds, and where early and late differ much one exponent means little`
  );
}

function equalToSgd(
  method: "sgd-m" | "schedule-free",
  tier: Parameters<ClaimDefinition["test"]>[0],
  tolerance: number,
): ReturnType<ClaimDefinition["test"]> {
  const points = exponentPlane(tier);
  const differences = points
    .filter((point) => point.method === method)
    .map((point) => {
      const sgd = points.find(
        (other) =>
          other.method === "sgd" && other.alpha === point.alpha && other.beta === point.beta,
      )!;
      return Math.abs(point.measured - sgd.measured);
    });
  const value = Math.max(...differences);
  return {
    value,
    supported: value <= tolerance,
    runs: 0,
    note: `${differences.length} points of the plane, ${theory}`,
  };
}
