import type { PlannedRun } from "@quadrivium/config";
import type { RunProgress } from "@quadrivium/runs";
import type { ReproduceEvent, RunView } from "@quadrivium/server";
import { planLabel } from "./planned-spec.js";

/** Planned runs before any has begun. */
export function waitingRuns(plans: readonly PlannedRun[]): RunView[] {
  return plans.map((plan) => ({ label: planLabel(plan), status: "waiting" }));
}

/** Keeps what is shown of each planned run, and tells of every change. */
export class RunViews {
  readonly #study: string;
  readonly #views: RunView[];
  readonly #tell: (event: ReproduceEvent) => void;

  constructor(study: string, plans: readonly PlannedRun[], tell: (event: ReproduceEvent) => void) {
    this.#study = study;
    this.#views = waitingRuns(plans);
    this.#tell = tell;
  }

  /** Notes how far a run has come. */
  progress(index: number, { n, total, seconds, secondsLeft, metrics }: RunProgress): void {
    const [metric, value] = telling(metrics) ?? [];
    this.#set(index, {
      label: this.#views[index]!.label,
      status: "running",
      seconds,
      ...(total === undefined ? {} : { share: Math.min(1, n / total) }),
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
      ...(metric === undefined ? {} : { metric }),
      ...(value === undefined ? {} : { value: Number.isFinite(value) ? value : null }),
    });
  }

  /** Notes how a run ended. */
  end(index: number, outcome: "finished" | "interrupted"): void {
    const { secondsLeft: _, ...view } = this.#views[index]!;
    const isFinished = outcome === "finished";
    this.#set(index, {
      ...view,
      status: isFinished ? "finished" : "waiting",
      ...(isFinished ? { share: 1 } : {}),
    });
  }

  #set(index: number, run: RunView): void {
    this.#views[index] = run;
    this.#tell({ kind: "run", study: this.#study, index, run });
  }
}

/** The metric whose curve tells most: a loss where there is one. */
function telling(metrics: RunProgress["metrics"]): readonly [string, number] | undefined {
  const all = Object.entries(metrics);
  return all.find(([name]) => /loss|entropy|return/i.test(name)) ?? all[0];
}
