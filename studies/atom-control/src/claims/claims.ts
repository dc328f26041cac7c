import type { ClaimDefinition, Finding } from "@quadrivium/config";
import { mean, median, wilson } from "@quadrivium/stats";
import {
  comparedMaps,
  curveRuns,
  fiveHops,
  learnRuns,
  timeRatio,
  walkRuns,
  type ComparedController,
  type TimeRatio,
  type WalkRun,
} from "../evidence/walks.js";

const paper = "arXiv:2311.17894";
const simulated = "in simulation, on symbols; the paper's own numbers are from a microscope";

/** The claims that simulated walks test, in the order of the report. */
export const claimDefinitions: readonly ClaimDefinition[] = [
  {
    id: "atom-control/guided-walk",
    statement: "Rates of hops suffice to guide one silicon atom to a chosen site of the lattice.",
    source: `${paper}, abstract`,
    statistic:
      "smallest share of walks of five hops that reach their goal in ten minutes, planned on the rates, over three maps",
    threshold: "≥ 0.95, lower end of the interval too",
    test: (_, runs) => {
      const found = walkRuns(runs).filter((run) => run.controller === "oracle" && run.hops === 5);
      const shares = found.map(({ result }) => {
        const trials = result.seconds.length;
        const successes = Math.round(result.successRate * trials);
        return { trials, ...wilson({ successes, trials }, { unit: "draw" }) };
      });
      if (shares.length === 0) return nothing;
      const worst = shares.reduce((a, b) => (b.value < a.value ? b : a));
      return {
        value: worst.value,
        interval: worst.interval,
        supported: (worst.interval?.[0] ?? 0) >= 0.95,
        runs: shares.reduce((sum, { trials }) => sum + trials, 0),
        note: simulated,
      };
    },
  },
  {
    id: "atom-control/greedy-beats-random",
    statement: "A greedy controller on the rates is far faster than a beam placed at random.",
    source: `${paper}, controllers of the published code`,
    statistic:
      "mean time of random stays over that of the greedy controller on the neighbour, five hops, smallest of three maps",
    threshold: "≥ 3, lower end of the interval too",
    test: (_, runs) => {
      const ratios = ratiosOver(walkRuns(runs), "random", "greedy-on");
      return judgeRatio(smallest(ratios), {
        holds: ([low]) => low >= 3,
        note: `${showRatios(ratios)}; failed walks count 600 s, so the true ratios are larger`,
      });
    },
  },
  {
    id: "atom-control/where-the-beam-stands",
    statement:
      "Where the beam stands decides: rates learned from data are worth more than a hand-set place.",
    source: `${paper}, abstract; offsets of the published code`,
    statistic:
      "mean time of the beam set by hand at 0.85 bonds over that planned on the rates, five hops, on the map that is best at 1.5 bonds",
    threshold: "≥ 1.5, lower end of the interval too",
    test: (_, runs) => {
      const far = ratiosOver(walkRuns(runs), "greedy-hand", "oracle").get("far");
      return judgeRatio(far, { holds: ([low]) => low >= 1.5, note: simulated });
    },
  },
  {
    id: "atom-control/learn-then-control",
    statement:
      "Rates learned from transitions under a random beam are good enough to control with.",
    source: `${paper}, abstract`,
    statistic:
      "mean time of walks planned on rates learned from 1000 random samples over that of an oracle, five hops, median over maps drawn at random",
    threshold: "≤ 1.25, and at least 0.9 of all walks on learned rates arrive",
    test: (_, runs) => {
      const found = learnRuns(runs);
      const ratios = new Map(
        found.map(({ map, result }) => [
          map,
          timeRatio({ seconds: result.seconds }, { seconds: result.oracleSeconds }),
        ]),
      );
      if (ratios.size === 0) return nothing;
      const value = median([...ratios.values()].map((ratio) => ratio.value));
      const arrived = mean(found.map(({ result }) => result.learned.successRate));
      const excess = found.map(({ result }) => result.excessNll.toFixed(4)).join(", ");
      return {
        value,
        supported: value <= 1.25 && arrived >= 0.9,
        runs: found.length,
        note: `${showRatios(ratios)}; ${(100 * arrived).toFixed(1)} % arrive; excess loss ${excess} nats a sample`,
      };
    },
  },
  {
    id: "atom-control/every-hop-counts",
    statement:
      "Counting every hop of a dwell tells more of a fast map than the published likelihood, which drops samples in which silicon went far.",
    source: "this study; likelihood and filter of the published code",
    statistic:
      "divergence from the truth by the published likelihood and network over that by the exact likelihood, 1000 samples of the simple map, geometric mean over collections",
    threshold: "≥ 2",
    test: (_, runs) => {
      const points = curveRuns(runs).flatMap((run) => (run.map === "simple" ? run.points : []));
      const logs = (likelihood: string): number[] =>
        points
          .filter((point) => point.likelihood === likelihood && point.samples === 1000)
          .map(({ excessNll }) => Math.log(excessNll));
      const [paper, exact] = [logs("paper"), logs("exact")];
      if (exact.length === 0 || paper.length !== exact.length) return nothing;
      const value = Math.exp(mean(paper) - mean(exact));
      const show = (all: readonly number[]): string => Math.exp(mean(all)).toFixed(4);
      return {
        value,
        supported: value >= 2,
        runs: exact.length + paper.length,
        note: `${show(paper)} against ${show(exact)} nats a sample; networks and their training differ too`,
      };
    },
  },
  {
    id: "atom-control/planner-loses-nowhere",
    statement:
      "Planning the least expected time is never slower than the best fixed greedy controller.",
    source: "this study: the paper's controller is greedy",
    statistic:
      "mean time planned over that of the best of three greedy controllers, five hops, largest of three maps",
    threshold: "≤ 1.05, lower end of the interval decides",
    test: (_, runs) => {
      const all = walkRuns(runs);
      const ratios = new Map(
        comparedMaps.flatMap((map) => {
          const planned = fiveHops(all, map, "oracle");
          const greedy = (["greedy-on", "greedy-short", "greedy-hand"] as const)
            .map((name) => fiveHops(all, map, name))
            .filter((result) => result !== undefined);
          if (planned === undefined || greedy.length === 0) return [];
          const best = greedy.reduce((a, b) => (b.meanSeconds < a.meanSeconds ? b : a));
          return [[map, timeRatio(planned, best)] as const];
        }),
      );
      const worst = [...ratios.values()].reduce<TimeRatio | undefined>(
        (a, b) => (a === undefined || b.value > a.value ? b : a),
        undefined,
      );
      return judgeRatio(worst, { holds: ([low]) => low <= 1.05, note: showRatios(ratios) });
    },
  },
  {
    id: "atom-control/stop-on-arrival",
    statement: "Blanking the beam when the detector sees silicon arrive saves a third of the time.",
    source: "this study: the paper parks for fixed times",
    statistic:
      "mean time with the beam stopped on arrival over that of planned fixed dwells, five hops, prior map, 2 s images",
    threshold: "≤ 0.7, upper end of the interval decides at 0.75",
    test: (_, runs) => {
      const ratio = ratiosOver(walkRuns(runs), "event", "oracle").get("prior");
      return judgeRatio(ratio, {
        holds: ([, high]) => high <= 0.75 && (ratio?.value ?? 1) <= 0.7,
        note: "the detector's trace is simulated at the count level of published frames",
      });
    },
  },
];

const nothing: Finding = { value: Number.NaN, supported: null, runs: 0 };

function ratiosOver(
  runs: readonly WalkRun[],
  slow: ComparedController,
  fast: ComparedController,
): ReadonlyMap<string, TimeRatio> {
  return new Map(
    comparedMaps.flatMap((map) => {
      const a = fiveHops(runs, map, slow);
      const b = fiveHops(runs, map, fast);
      return a === undefined || b === undefined ? [] : [[map, timeRatio(a, b)] as const];
    }),
  );
}

function smallest(ratios: ReadonlyMap<string, TimeRatio>): TimeRatio | undefined {
  return [...ratios.values()].toSorted((a, b) => a.value - b.value)[0];
}

function showRatios(ratios: ReadonlyMap<string, TimeRatio>): string {
  return [...ratios].map(([map, { value }]) => `${map} ${value.toFixed(2)}`).join(", ");
}

function judgeRatio(
  ratio: TimeRatio | undefined,
  rule: { readonly holds: (interval: readonly [number, number]) => boolean; readonly note: string },
): Finding {
  if (ratio === undefined) return nothing;
  const { value, interval, walks } = ratio;
  return {
    value,
    interval,
    runs: 2 * walks,
    supported: interval === null ? null : rule.holds(interval),
    note: rule.note,
  };
}
