import type { Claim, Figure } from "@quadrivium/core";
import type { ReproduceEvent, RunView } from "./reproduce-event.js";

/** A run with what its sparkline shows. */
export interface RunState extends RunView {
  readonly history: readonly number[];
}

/** A study's reproduction as far as it has come. */
export interface StudyState {
  readonly study: string;
  readonly title: string;
  readonly paper: string;
  readonly tier: string;
  readonly runs: readonly RunState[];
  readonly claims: readonly Claim[];
  readonly figures: readonly Omit<Figure, "data">[];
  readonly isJudging: boolean;
  readonly folder?: string;
  readonly failure?: string;
}

/** Everything the page shows. */
export interface LabState {
  readonly studies: readonly StudyState[];
  readonly outcome?: "done" | "failed" | "interrupted";
}

/** Most values that a sparkline keeps. */
const historyLength = 200;

/** The state after an event; server and page use this same function. */
export function applyEvent(state: LabState, event: ReproduceEvent): LabState {
  if (event.kind === "end") return { ...state, outcome: event.outcome };
  if (event.kind === "plan") {
    const { study, title, paper, tier, runs } = event;
    const fresh: StudyState = {
      study,
      title,
      paper,
      tier,
      runs: runs.map((run) => ({ ...run, history: [] })),
      claims: [],
      figures: [],
      isJudging: false,
    };
    const isKnown = state.studies.some((other) => other.study === study);
    return {
      studies: isKnown
        ? state.studies.map((other) => (other.study === study ? fresh : other))
        : [...state.studies, fresh],
    };
  }
  const studies = state.studies.map((study) =>
    study.study === event.study ? applyToStudy(study, event) : study,
  );
  return { ...state, studies };
}

function applyToStudy(
  study: StudyState,
  event: Exclude<ReproduceEvent, { readonly kind: "plan" | "end" }>,
): StudyState {
  switch (event.kind) {
    case "run":
      return {
        ...study,
        runs: study.runs.map((run, index) =>
          index === event.index ? { ...event.run, history: extended(run, event.run) } : run,
        ),
      };
    case "judging":
      return { ...study, isJudging: true };
    case "claim":
      return { ...study, claims: [...study.claims, event.claim] };
    case "figure":
      return { ...study, figures: [...study.figures, event.figure] };
    case "report":
      return { ...study, isJudging: false, folder: event.folder };
    case "failed":
      return { ...study, isJudging: false, failure: event.message };
  }
}

function extended(before: RunState, now: RunView): readonly number[] {
  if (typeof now.value !== "number") return before.history;
  const history = [...before.history, now.value];
  // every other value still shows the shape of the curve
  return history.length <= historyLength ? history : history.filter((_, i) => i % 2 === 0);
}
