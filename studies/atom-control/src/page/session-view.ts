import type { StepDecision } from "../loop/decide.js";
import type { Limits } from "../loop/limits.js";
import type { Parked } from "../loop/protocol.js";
import type { TakenLook } from "../loop/run-loop.js";
import type { LogLine } from "../loop/chain-log.js";

/** What the page shows at one moment of a session. */
export interface SessionView {
  readonly limits: Limits | null;
  readonly frame: (Pick<TakenLook, "hash" | "input"> & { readonly line: number }) | null;
  /** Of the frame shown. */
  readonly decision: StepDecision | null;
  readonly park: ShownPark | null;
}

/** A stay of the beam: asked for, and answered once it has ended. */
export interface ShownPark {
  readonly frameId: string;
  readonly xPx: number;
  readonly yPx: number;
  readonly levels: { readonly before: number; readonly after: number } | null;
  readonly parked: Parked | null;
}

/** What is seen before the first line. */
export const emptyView: SessionView = { limits: null, frame: null, decision: null, park: null };

/** The view after another line of the log. */
export function viewAfter(view: SessionView, line: LogLine, index: number): SessionView {
  const data = line.data as never;
  switch (line.type) {
    case "session":
      return { ...view, limits: (data as { limits: Limits }).limits };
    case "frame":
    case "seen":
    case "self-test": {
      const frame = { ...(data as Pick<TakenLook, "hash" | "input">), line: index };
      return { ...view, frame, decision: null };
    }
    case "decision":
      return { ...view, decision: data as StepDecision };
    case "command": {
      const command = data as { type: string; frameId: string; xPx: number; yPx: number };
      if (command.type !== "park") return view;
      const { frameId, xPx, yPx } = command;
      const action = view.decision?.action;
      const levels = action?.type === "park" ? action.levels : null;
      return { ...view, park: { frameId, xPx, yPx, levels, parked: null } };
    }
    case "parked":
      return view.park === null
        ? view
        : { ...view, park: { ...view.park, parked: data as Parked } };
    default:
      return view;
  }
}

/** How an event reads in the list, and whether it is good or bad news; `null` for what is shown elsewhere. */
export function eventText(
  line: LogLine,
): { readonly text: string; readonly tone: "plain" | "good" | "bad" } | null {
  const data = (line.data ?? {}) as { readonly [name: string]: unknown };
  const text = (of: unknown): string => (typeof of === "string" ? of : JSON.stringify(of));
  const plain = (words: string) => ({ text: words, tone: "plain" as const });
  switch (line.type) {
    case "session":
      return plain(`session opened: ${text(data.name)}`);
    case "connect":
      return plain(`connected to ${text(data.id)}`);
    case "arm":
      return plain(`armed for ${text(data.minutes)} min by ${line.actor}`);
    case "disarm":
      return { text: `disarmed: ${text(data.reason)}`, tone: "bad" };
    case "self-test": {
      const { outcome, reason } = data.verdict as { outcome: string; reason: string };
      return { text: `self-test: ${reason}`, tone: outcome === "sound" ? "good" : "bad" };
    }
    case "refused":
      return { text: `${text(data.code)}: ${text(data.message)}`, tone: "bad" };
    case "fault":
      return { text: text(data.message), tone: "bad" };
    case "goal":
      return plain("goal set");
    case "walk":
      return plain("walk begins");
    case "decision":
      return decisionText(line.data as unknown as StepDecision);
    case "parked": {
      const { reason, startMs, endMs } = line.data as unknown as Parked;
      const seconds = ((endMs - startMs) / 1000).toFixed(2);
      if (endMs - startMs < 100) return null; // the self-test's moments
      return reason === "arrival"
        ? { text: `silicon seen to arrive after ${seconds} s`, tone: "good" }
        : plain(`beam parked for ${seconds} s (${reason})`);
    }
    case "outcome":
      return {
        text: `walk ended: ${text(data.reason)}`,
        tone: data.arrived === true ? "good" : "bad",
      };
    case "close":
      return plain("session closed");
    default:
      return null;
  }
}

function decisionText({ action, plan, belief }: StepDecision) {
  if (action.type === "arrived") return { text: "silicon is at its goal", tone: "good" as const };
  if (action.type === "look again") {
    return { text: `frame not used: ${action.reason}`, tone: "bad" as const };
  }
  const hop = belief.hasMoved ? "silicon has hopped; " : "";
  const left =
    plan === null ? "" : `, ${plan.path.length - 1} hops, about ${plan.expectedTimeS.toFixed(0)} s`;
  return { text: `${hop}parks next${left}`, tone: "plain" as const };
}
