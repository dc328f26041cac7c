import { describe, expect, test } from "vitest";
import { applyEvent, type LabState } from "./lab-state.js";
import type { ReproduceEvent, RunView } from "./reproduce-event.js";

const empty: LabState = { studies: [] };
const waiting: RunView = { label: "quick, seed 0", status: "waiting" };
const plan: ReproduceEvent = {
  kind: "plan",
  study: "toy",
  title: "Toy",
  paper: "None",
  tier: "quick",
  runs: [waiting, waiting],
};
const after = (...events: ReproduceEvent[]): LabState => events.reduce(applyEvent, empty);

describe("applyEvent", () => {
  test("starts a study anew when its plan comes again", () => {
    const state = after(plan, { kind: "failed", study: "toy", message: "broke" }, plan);
    expect(state.studies).toHaveLength(1);
    expect(state.studies[0]?.failure).toBeUndefined();
  });

  test("keeps a study's place when its plan comes again", () => {
    const other = { ...plan, study: "other" };
    const { studies } = after(plan, other, plan);
    expect(studies.map(({ study }) => study)).toEqual(["toy", "other"]);
  });

  test("collects a run's values into a history of bounded length", () => {
    const values = Array.from({ length: 1000 }, (_, value): ReproduceEvent => ({
      kind: "run",
      study: "toy",
      index: 1,
      run: { label: "", status: "running", value },
    }));
    const history = after(plan, ...values).studies[0]!.runs[1]!.history;
    expect(history.length).toBeLessThanOrEqual(200);
    expect([history[0], history.at(-1)! >= 990]).toEqual([0, true]);
    expect(history.toSorted((a, b) => a - b)).toEqual(history);
  });

  test("does not change the state it is given", () => {
    const before = Object.freeze(after(plan));
    applyEvent(before, { kind: "judging", study: "toy" });
    expect(before.studies[0]?.isJudging).toBe(false);
  });
});
