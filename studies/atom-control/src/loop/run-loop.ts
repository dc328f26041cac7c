import type { Json } from "@quadrivium/core";
import type { Controller } from "../control/controller.js";
import { LoopError } from "./adapter.js";
import { decideStep, type StepDecision, type WalkGoal } from "./decide.js";
import { decodeCounts, frameHash } from "./frame-codec.js";
import type { LogEntry } from "./chain-log.js";
import type { Supervisor } from "./supervisor.js";

/** How a session looks: the frame that is taken before every step. */
export interface LoopSettings {
  readonly fovAngstrom: number;
  readonly px: number;
  readonly pixelTimeUs: number;
  readonly driftSdAngstrom: number;
  readonly goal: WalkGoal;
  readonly maxSteps: number;
}

/** How a walk ended. */
export interface LoopOutcome {
  readonly steps: number;
  readonly parks: number;
  readonly arrived: boolean;
  /** Why it ended, in words. */
  readonly reason: string;
}

/** What the loop leans on. */
export interface LoopParts {
  readonly supervisor: Supervisor;
  readonly controller: Controller;
  readonly settings: LoopSettings;
  readonly log: (entry: Pick<LogEntry, "type" | "actor" | "data">) => void;
  /** Keeps a frame under its hash. */
  readonly keepFrame: (hash: string, counts: Float32Array) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Frames in a row that may be refused before the loop gives up and asks. */
const maxLooks = 5;

/** Looks, decides, parks, until silicon has arrived, a limit is met or somebody stops it. */
export async function runLoop(parts: LoopParts): Promise<LoopOutcome> {
  const { supervisor, settings, log, signal } = parts;
  let before: StepDecision["silicon"] = null;
  let parks = 0;
  let looks = 0;
  const end = (steps: number, reason: string, arrived = false): LoopOutcome => ({
    steps,
    parks,
    arrived,
    reason,
  });
  for (let step = 0; step < settings.maxSteps; step++) {
    if (signal?.aborted) return end(step, "stopped by the operator");
    try {
      const decision = await look(parts, { step, before });
      before = decision.silicon ?? before;
      if (decision.action.type === "arrived") return end(step, "silicon has arrived", true);
      if (decision.action.type === "look again") {
        if (++looks >= maxLooks)
          return end(step, `${looks} frames refused: ${decision.action.reason}`);
        continue;
      }
      looks = 0;
      const reply = await supervisor.execute(decision.action.command, {
        key: `park-${step}`,
        actor: "server",
      });
      parks++;
      if (reply.type === "park")
        log({ type: "parked", actor: "adapter", data: reply.parked as Json });
    } catch (cause) {
      if (!(cause instanceof LoopError)) throw cause;
      return end(step, cause.message);
    }
  }
  return end(settings.maxSteps, "the steps allowed were used up");
}

/** Takes a frame, keeps it, and logs what was seen in it and decided on it. */
async function look(
  { supervisor, controller, settings, log, keepFrame }: LoopParts,
  { step, before }: { readonly step: number; readonly before: StepDecision["silicon"] },
): Promise<StepDecision> {
  const { fovAngstrom, px, pixelTimeUs, driftSdAngstrom, goal } = settings;
  const reply = await supervisor.execute(
    { type: "acquire", fovAngstrom, px, pixelTimeUs },
    { key: `acquire-${step}`, actor: "server" },
  );
  if (reply.type !== "acquire") throw new LoopError("INSTRUMENT", "the adapter gave no frame");
  const { frameId, countsBase64 } = reply.frame;
  const counts = decodeCounts(countsBase64, px * px);
  if (counts === undefined)
    throw new LoopError("INSTRUMENT", "the frame's data has another length");
  const hash = frameHash(counts);
  await keepFrame(hash, counts);
  const input = { frameId, goal, before, driftSdAngstrom, px, fovAngstrom };
  log({ type: "frame", actor: "adapter", data: { hash, input } as unknown as Json });
  const frame = { counts, width: px, height: px, pixelSizeAngstrom: fovAngstrom / px };
  const decision = decideStep(controller, { frameId, frame, goal, before, driftSdAngstrom });
  supervisor.believe(decision.belief);
  log({ type: "decision", actor: "server", data: decision as unknown as Json });
  return decision;
}
