import type { Json } from "@quadrivium/core";
import { LoopError } from "./adapter.js";
import type { LogEntry } from "./chain-log.js";
import { decideStep, type StepDecision, type StepRules } from "./decide.js";
import { decodeCounts, frameHash } from "./frame-codec.js";
import type { Parked } from "./protocol.js";
import type { Supervisor } from "./supervisor.js";
import type { PixelPlace } from "../perception/pixel-place.js";
import type { WalkMemory } from "./walk-memory.js";

/** How a session looks: the frame that is taken before every step. */
export interface LoopSettings {
  readonly fovAngstrom: number;
  readonly px: number;
  readonly pixelTimeUs: number;
  /** Where silicon shall go, in the pixels of the first frame. */
  readonly goal: PixelPlace;
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

/** What looks at the world for the loop. */
export interface Eyes {
  readonly supervisor: Supervisor;
  readonly settings: LoopSettings;
  readonly log: (entry: Pick<LogEntry, "type" | "actor" | "data">) => void;
  /** Keeps a frame under its hash. */
  readonly keepFrame: (hash: string, counts: Float32Array) => Promise<void>;
}

/** What the loop leans on. */
export interface LoopParts extends Eyes {
  readonly rules: StepRules;
  /** What the walk remembers; the operator may move its goal between steps. */
  readonly memory: { now: WalkMemory };
  /** Tells this walk's commands from those of others. */
  readonly walkName: string;
  readonly signal?: AbortSignal;
}

/** Frames in a row that may be refused before the loop gives up and asks. */
const maxLooks = 5;

/** Looks, decides, parks, until silicon has arrived, a limit is met or somebody stops it. */
export async function runLoop(parts: LoopParts): Promise<LoopOutcome> {
  const { supervisor, settings, signal, walkName } = parts;
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
      const decision = await look(parts, step);
      const { action } = decision;
      if (action.type === "arrived") return end(step, "silicon has arrived", true);
      if (action.type === "look again") {
        if (++looks >= maxLooks) return end(step, `${looks} frames refused: ${action.reason}`);
        continue;
      }
      const reply = await supervisor.execute(action.command, {
        key: `${walkName}-park-${step}`,
        actor: "server",
      });
      looks = 0;
      parks++;
      if (reply.type !== "park") continue;
      const alarm = traceAlarm(reply.parked, action.levels);
      if (alarm !== undefined) {
        await supervisor.disarm("server");
        return end(step, alarm);
      }
    } catch (cause) {
      if (!(cause instanceof LoopError)) throw cause;
      // a closed gate may open with another frame: look again before asking
      if (cause.reason !== "LOW_CONFIDENCE" || ++looks >= maxLooks) return end(step, cause.message);
    }
  }
  return end(settings.maxSteps, "the steps allowed were used up");
}

/** Time at a dwell's beginning in which silicon has hardly hopped. @unit millisecond */
const beginningMs = 20;
/** A detector's level this far from what the frame says does not belong to the place. */
const mostLevelFactor = 3;

/** The alarm that the detector does not see the atom which the frame shows there. */
function traceAlarm(
  { trace, sampleMs }: Parked,
  levels: { readonly before: number; readonly after: number } | null,
): string | undefined {
  const first = trace.slice(0, Math.max(1, Math.floor(beginningMs / sampleMs)));
  if (levels === null || first.length === 0) return undefined;
  const level = first.reduce((sum, counts) => sum + counts, 0) / first.length / sampleMs;
  const isAsSeen =
    level >= levels.before / mostLevelFactor &&
    level <= mostLevelFactor * Math.max(levels.before, levels.after);
  return isAsSeen
    ? undefined
    : `the detector counts ${level.toFixed(1)} a millisecond where the frame lets expect ${levels.before.toFixed(1)}: something else is under the beam`;
}

/** A frame in hand. */
export interface TakenLook {
  readonly hash: string;
  readonly counts: Float32Array;
  /** What the log says of it; a replay decides on this. */
  readonly input: {
    readonly frameId: string;
    readonly px: number;
    readonly fovAngstrom: number;
    readonly pixelTimeUs: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly beam: { readonly currentNanoA: number; readonly voltageKv: number };
  };
}

/** Takes a frame and keeps it. */
export async function takeLook(
  { supervisor, settings, keepFrame }: Eyes,
  options: { readonly key: string; readonly actor?: string },
): Promise<TakenLook> {
  const { fovAngstrom, px, pixelTimeUs } = settings;
  const reply = await supervisor.execute(
    { type: "acquire", fovAngstrom, px, pixelTimeUs },
    { actor: "server", ...options },
  );
  if (reply.type !== "acquire") throw new LoopError("INSTRUMENT", "the adapter gave no frame");
  const { frameId, countsBase64, startMs, endMs } = reply.frame;
  const counts = decodeCounts(countsBase64, px * px);
  if (counts === undefined)
    throw new LoopError("INSTRUMENT", "the frame's data has another length");
  const hash = frameHash(counts);
  await keepFrame(hash, counts);
  const { currentNanoA, voltageKv } = reply.status;
  const beam = { currentNanoA, voltageKv };
  return { hash, counts, input: { frameId, px, fovAngstrom, pixelTimeUs, startMs, endMs, beam } };
}

/** A frame as perception takes it. */
export function frameOf(counts: Float32Array, { px, fovAngstrom }: TakenLook["input"]) {
  return { counts, width: px, height: px, pixelSizeAngstrom: fovAngstrom / px };
}

/** Takes a frame, and logs what was seen in it and decided on it. */
async function look(parts: LoopParts, step: number): Promise<StepDecision> {
  const { supervisor, log, memory, rules, walkName } = parts;
  const { hash, counts, input } = await takeLook(parts, { key: `${walkName}-acquire-${step}` });
  log({ type: "frame", actor: "adapter", data: { hash, input } as unknown as Json });
  const frame = frameOf(counts, input);
  const { decision, memory: next } = decideStep(rules, memory.now, { ...input, hash, frame });
  memory.now = next;
  supervisor.believe(decision.belief);
  log({ type: "decision", actor: "server", data: decision as unknown as Json });
  return decision;
}
