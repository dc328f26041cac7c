import { canonicalJson, InputError, type Json } from "@quadrivium/core";
import { z } from "zod";
import type { LogLine } from "./chain-log.js";
import { decideStep } from "./decide.js";
import { countsOf, frameHash } from "./frame-codec.js";
import { greedyTowards } from "./greedy-towards.js";

const pointSchema = z.object({ xPx: z.number(), yPx: z.number() });

/** What a "frame" entry says. */
const frameSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  input: z.object({
    frameId: z.string(),
    goal: pointSchema,
    before: pointSchema.nullable(),
    driftSdAngstrom: z.number(),
    px: z.int().positive(),
    fovAngstrom: z.number().positive(),
  }),
});

/** How the session's controller was made, as its first entry says. */
export const controllerSchema = z.object({
  offsetBonds: z.number(),
  dwellTimeS: z.number().positive(),
});

/** A decision that came out otherwise. */
export interface ReplayDifference {
  /** Line of the log, from 1. */
  readonly line: number;
  readonly logged: Json;
  readonly replayed: Json;
}

/** What a replay found. */
export interface ReplayReport {
  readonly decisions: number;
  readonly differences: readonly ReplayDifference[];
}

/**
 * Looks at the stored frames again and decides again: every decision must come out as logged, bit
 * for bit. With another build differences are listed, not hidden.
 *
 * @param readFrame gives a frame's bytes by its hash
 * @throws E_LOG if an entry or a frame is missing or not what its hash says
 */
export async function replayLog(
  lines: readonly LogLine[],
  readFrame: (hash: string) => Promise<Uint8Array>,
): Promise<ReplayReport> {
  const session = lines.find(({ type }) => type === "session");
  const made = z.object({ controller: controllerSchema }).safeParse(session?.data);
  if (!made.success) throw refuse("no entry says how the session's controller was made");
  const controller = greedyTowards(made.data.controller);
  const differences: ReplayDifference[] = [];
  let decisions = 0;
  for (const [i, line] of lines.entries()) {
    if (line.type !== "frame") continue;
    const parsed = frameSchema.safeParse(line.data);
    if (!parsed.success) throw refuse(`line ${i + 1} is no frame's`);
    const { hash, input } = parsed.data;
    const counts = countsOf(await readFrame(hash));
    if (frameHash(counts) !== hash || counts.length !== input.px ** 2) {
      throw refuse(`the frame of line ${i + 1} is not the one that was logged`);
    }
    const pixelSizeAngstrom = input.fovAngstrom / input.px;
    const frame = { counts, width: input.px, height: input.px, pixelSizeAngstrom };
    const decision = decideStep(controller, { ...input, frame });
    const at = lines.findIndex((other, j) => j > i && other.type === "decision");
    const replayed = decision as unknown as Json;
    const logged = lines[at]?.data ?? null;
    if (canonicalJson(logged) !== canonicalJson(replayed)) {
      differences.push({ line: at < 0 ? i + 1 : at + 1, logged, replayed });
    }
    decisions++;
  }
  return { decisions, differences };
}

function refuse(rule: string): InputError {
  return new InputError("E_LOG", `replayLog: ${rule}`);
}
