import type { z } from "zod";
import type { LogLine } from "./chain-log.js";
import { parkedSchema, parkSchema } from "./protocol.js";
import type { RecordedFrame, RecordedPark } from "./replay-instrument.js";
import { type SessionFiles, storedFrame } from "./replay-log.js";

/** Entries that hold a frame. */
const frameTypes = new Set(["frame", "self-test", "seen"]);

/**
 * A session's log as a recording: frames in order, the self-test's first, each with the stays of the
 * beam that followed it.
 *
 * @throws E_LOG if a frame is missing or not the one that was logged
 */
export async function recordingOf(
  lines: readonly LogLine[],
  files: Pick<SessionFiles, "frame">,
): Promise<readonly RecordedFrame[]> {
  const recording: (RecordedFrame & { readonly parks: RecordedPark[] })[] = [];
  let command: z.infer<typeof parkSchema> | undefined;
  /** Stays of a self-test are logged before its frame is. */
  let early: RecordedPark[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.type === "command") command = parkSchema.safeParse(line.data).data;
    const parked = line.type === "parked" ? parkedSchema.safeParse(line.data).data : undefined;
    if (parked !== undefined && command !== undefined) {
      const { xPx, yPx } = command;
      const { startMs, endMs, reason, trace, sampleMs } = parked;
      const arrived = reason === "arrival";
      const park = { xPx, yPx, durationMs: endMs - startMs, arrived, trace, sampleMs };
      if (recording.at(-1)?.frameId === command.frameId) recording.at(-1)!.parks.push(park);
      else early.push(park);
    }
    if (!frameTypes.has(line.type)) continue;
    const { counts, input } = await storedFrame(lines, index, files);
    const { frameId, px, fovAngstrom, startMs, endMs } = input;
    const durationMs = endMs - startMs;
    recording.push({ frameId, px, fovAngstrom, counts, durationMs, parks: early });
    early = [];
  }
  return recording;
}
