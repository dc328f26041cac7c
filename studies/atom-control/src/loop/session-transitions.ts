import type { z } from "zod";
import type { Transition } from "../data/transition.js";
import { hopLog } from "../perception/hop-log.js";
import { locateFrame } from "../perception/locate-frame.js";
import type { LocatedFrame } from "../perception/located-frame.js";
import { type ImageBeam, pairTransition } from "../perception/pair-transition.js";
import type { LogLine } from "./chain-log.js";
import { descriptionSchema, parkedSchema, parkSchema } from "./protocol.js";
import { type SessionFiles, storedFrame } from "./replay-log.js";
import { frameOf } from "./run-loop.js";

/** Stays that ran for the time set before, or those that the detector's step could end. */
export type StayKind = "timed" | "watched";

/** What a session gives the learner. */
export interface SessionTransitions {
  readonly transitions: readonly Transition[];
  /** Stays of the other kind. */
  readonly otherKind: number;
  /** Stays without a sample: silicon or the sheet was lost, or more than one stay met a pair. */
  readonly lost: number;
}

/** A frame of a walk, and the stays of the beam that came after it. */
interface WalkFrame {
  readonly located: LocatedFrame & { readonly width: number; readonly height: number };
  readonly stays: { readonly beam: ImageBeam; readonly kind: StayKind }[];
}

/**
 * The transitions of a session: every pair of a walk's frames with one stay of the beam between them,
 * seen and followed anew from the stored frames.
 *
 * Where the beam was to be blanked on silicon's arrival, the time that it stayed depends on the
 * outcome. With the time that it was allowed, such a stay is a sample of the first hop, and of
 * nothing else: the two kinds are not to be mixed.
 *
 * @throws E_LOG if a frame is missing or not the one that was logged
 */
export async function sessionTransitions(
  lines: readonly LogLine[],
  files: Pick<SessionFiles, "frame">,
  kind: StayKind,
): Promise<SessionTransitions> {
  const walks = await walkFrames(lines, files);
  const stays = walks.flat().flatMap((frame) => frame.stays);
  const wanted = stays.filter((stay) => stay.kind === kind).length;
  const transitions = walks.flatMap((frames, trajectory) =>
    hopLog(frames.map(({ located }) => located)).flatMap((record, step) => {
      const { located, stays: between } = frames[step];
      const [stay] = between;
      if (between.length !== 1 || stay.kind !== kind) return [];
      return pairTransition(located, record, stay.beam, { trajectory, step }) ?? [];
    }),
  );
  return {
    transitions,
    otherKind: stays.length - wanted,
    lost: wanted - transitions.length,
  };
}

/** The frames of every walk in order, looked at again. */
async function walkFrames(
  lines: readonly LogLine[],
  files: Pick<SessionFiles, "frame">,
): Promise<WalkFrame[][]> {
  const walks: WalkFrame[][] = [];
  const beams = new Map<string, ImageBeam>();
  let command: z.infer<typeof parkSchema> | undefined;
  let isTimed = true;
  for (const [index, line] of lines.entries()) {
    const frames = walks.at(-1) ?? [];
    if (line.type === "connect") {
      isTimed = descriptionSchema.safeParse(line.data).data?.patienceMs === 0;
    } else if (line.type === "walk") {
      walks.push([]);
    } else if (line.type === "command") {
      command = parkSchema.safeParse(line.data).data;
    } else if (line.type === "frame") {
      const { counts, input } = await storedFrame(lines, index, files);
      const frame = frameOf(counts, input);
      const { width, height } = frame;
      frames.push({ located: { ...locateFrame(frame), width, height }, stays: [] });
      beams.set(input.frameId, { xPx: 0, yPx: 0, dwellTimeS: 0, ...input.beam });
    } else if (line.type === "parked" && command !== undefined) {
      const parked = parkedSchema.safeParse(line.data).data;
      const beam = beams.get(command.frameId);
      if (parked === undefined || beam === undefined) continue; // a self-test's, before any walk
      const { xPx, yPx, dwellTimeS: allowedS, stopOn } = command;
      const kind = stopOn === null ? "timed" : "watched";
      // A person's time is not the beam's, and a watched stay's is not the sample's.
      const stayedS = (parked.endMs - parked.startMs) / 1000;
      const dwellTimeS = kind === "timed" && isTimed ? stayedS : allowedS;
      if (dwellTimeS > 0)
        frames.at(-1)?.stays.push({ beam: { ...beam, xPx, yPx, dwellTimeS }, kind });
    }
  }
  return walks;
}
