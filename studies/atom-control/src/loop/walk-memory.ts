import type { Vector } from "../model/vector.js";
import type { Frame } from "../perception/frame.js";
import { hopLog } from "../perception/hop-log.js";
import type { LocatedFrame } from "../perception/located-frame.js";
import type { PixelPlace } from "../perception/pixel-place.js";

/** A sound frame as later ones remember it. */
export interface SeenFrame extends LocatedFrame {
  readonly width: number;
  readonly height: number;
  /** Middle of the scan on the adapter's clock. @unit millisecond */
  readonly midMs: number;
  /** How far the sheet had moved since the first frame. @unit angstrom, x right, y down */
  readonly sheet: Vector;
}

/** What a walk carries from frame to frame; everything else it reads off each frame anew. */
export interface WalkMemory {
  /** The last sound frames, oldest first. */
  readonly seen: readonly SeenFrame[];
  /** Hash of the last frame's counts, sound or not; `null` before the first. */
  readonly lastHash: string | null;
  /** In the pixels of the last sound frame, or as it was set before one. */
  readonly goal: PixelPlace;
  /** Probability that the goal was followed to the right site in every pair of frames. */
  readonly goalPosterior: number;
}

/** A walk towards a place that was just pointed at. */
export function newWalk(goal: PixelPlace): WalkMemory {
  return { seen: [], lastHash: null, goal, goalPosterior: 1 };
}

/** The same walk towards another place of its last frame. */
export function towards(memory: WalkMemory, goal: PixelPlace): WalkMemory {
  return { ...memory, goal, goalPosterior: 1 };
}

/** What a new frame says of the sheet's motion. */
export interface Motion {
  readonly memory: WalkMemory;
  readonly hasMoved: boolean;
  /** How uncertain the drift between the last two frames is. @unit angstrom */
  readonly ambiguityAngstrom: number;
  /** @unit angstrom per second */
  readonly speedAngstromPerS: number;
}

/** Frames that the tracker looks back on. */
const mostSeen = 6;
/** Pairs over which the speed is read. */
const speedPairs = 3;
/** Motion that errors of two lattices' places feign. @unit angstrom */
const feignedAngstrom = 0.1;

/**
 * Follows the sheet to a new sound frame: drift, hops and the goal with them. A text where the pair
 * cannot be explained, as when the frame is mirrored or shows another area.
 */
export function follow(
  memory: WalkMemory,
  located: LocatedFrame,
  { frame: { width, height }, midMs }: { readonly frame: Frame; readonly midMs: number },
): Motion | string {
  const before = memory.seen.at(-1);
  const first = { ...located, width, height, midMs, sheet: { x: 0, y: 0 } };
  if (before === undefined) {
    const start = { ...memory, seen: [first] };
    return { memory: start, hasMoved: false, ambiguityAngstrom: 0, speedAngstromPerS: 0 };
  }
  const pair = hopLog([...memory.seen, first]).at(-1)!;
  if (pair.drift === null || pair.posterior === null) {
    return pair.reason ?? "nothing explains how this frame follows on the one before";
  }
  const { drift } = pair;
  const now: SeenFrame = {
    ...first,
    sheet: { x: before.sheet.x + drift.x, y: before.sheet.y + drift.y },
  };
  const seen = [...memory.seen, now].slice(-mostSeen);
  const past = seen[Math.max(0, seen.length - 1 - speedPairs)];
  const gone = Math.hypot(now.sheet.x - past.sheet.x, now.sheet.y - past.sheet.y);
  const moved = (px: number, by: number): number =>
    (px * before.pixelSizeAngstrom! + by) / located.pixelSizeAngstrom!;
  const best = Math.max(...pair.posterior.explanations.map(({ probability }) => probability));
  return {
    memory: {
      ...memory,
      seen,
      goal: { xPx: moved(memory.goal.xPx, drift.x), yPx: moved(memory.goal.yPx, drift.y) },
      goalPosterior: memory.goalPosterior * best,
    },
    hasMoved: (pair.hopProbability ?? 0) > 0.5,
    ambiguityAngstrom: pair.driftSd ?? 0,
    speedAngstromPerS:
      (Math.max(0, gone - feignedAngstrom) * 1000) / Math.max(1, now.midMs - past.midMs),
  };
}
