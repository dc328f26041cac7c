import { canonicalJson, InputError, sha256, type Json } from "@quadrivium/core";
import { z } from "zod";
import type { LogLine } from "./chain-log.js";
import { decideStep } from "./decide.js";
import { countsOf, frameHash } from "./frame-codec.js";
import { limitsSchema } from "./limits.js";
import { pilotOf, pilotSchema } from "./pilot.js";
import { frameOf } from "./run-loop.js";
import { newWalk, towards } from "./walk-memory.js";

const goalSchema = z.object({ goal: z.object({ xPx: z.number(), yPx: z.number() }) });

/** What a "frame" entry says. */
export const frameEntrySchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  input: z.object({
    frameId: z.string(),
    px: z.int().positive(),
    fovAngstrom: z.number().positive(),
    pixelTimeUs: z.number().positive(),
    startMs: z.number(),
    endMs: z.number(),
    beam: z.object({ currentNanoA: z.number(), voltageKv: z.number() }),
  }),
});

/** What the "session" entry says of how it decides. */
export const sessionEntrySchema = z.object({
  name: z.string(),
  limits: limitsSchema,
  pilot: pilotSchema,
  settings: goalSchema.extend({
    fovAngstrom: z.number(),
    px: z.int(),
    pixelTimeUs: z.number(),
    maxSteps: z.int(),
  }),
});

/** The files beside a log, by the hashes of their contents. */
export interface SessionFiles {
  readonly frame: (hash: string) => Promise<Uint8Array>;
  readonly model: (hash: string) => Promise<Uint8Array>;
}

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
 * @throws E_LOG if an entry, a frame or the model is missing or not what its hash says
 */
export async function replayLog(
  lines: readonly LogLine[],
  files: SessionFiles,
): Promise<ReplayReport> {
  const { pilot, limits, settings } = sessionEntry(lines);
  const model =
    pilot.kind === "planner" && pilot.rates.source === "model"
      ? await modelOf(pilot.rates.id, files)
      : undefined;
  const rules = { pilot: pilotOf(pilot, model), keepOut: limits.keepOut };
  let memory = newWalk(settings.goal);
  const differences: ReplayDifference[] = [];
  let decisions = 0;
  for (const [i, line] of lines.entries()) {
    const pointed = goalSchema.safeParse(line.data);
    if (line.type === "walk" && pointed.success) memory = newWalk(pointed.data.goal);
    if (line.type === "goal" && pointed.success) memory = towards(memory, pointed.data.goal);
    if (line.type !== "frame") continue;
    const { counts, hash, input } = await storedFrame(lines, i, files);
    const step = decideStep(rules, memory, { ...input, hash, frame: frameOf(counts, input) });
    memory = step.memory;
    let at = i + 1;
    while (at < lines.length && lines[at].type !== "decision") at++;
    const replayed = step.decision as unknown as Json;
    const logged = lines[at]?.data ?? null;
    if (canonicalJson(logged) !== canonicalJson(replayed)) {
      differences.push({ line: at < lines.length ? at + 1 : i + 1, logged, replayed });
    }
    decisions++;
  }
  return { decisions, differences };
}

/**
 * What the session's first entry says.
 *
 * @throws E_LOG if there is none
 */
export function sessionEntry(lines: readonly LogLine[]): z.infer<typeof sessionEntrySchema> {
  const session = lines.find(({ type }) => type === "session");
  const parsed = sessionEntrySchema.safeParse(session?.data);
  if (parsed.success) return parsed.data;
  throw refuse("no entry says how the session decided");
}

/**
 * The frame of a line of type "frame" or "self-test".
 *
 * @throws E_LOG if it is missing or not the one that was logged
 */
export async function storedFrame(
  lines: readonly LogLine[],
  index: number,
  files: Pick<SessionFiles, "frame">,
): Promise<z.infer<typeof frameEntrySchema> & { readonly counts: Float32Array }> {
  const parsed = frameEntrySchema.safeParse(lines[index].data);
  if (!parsed.success) throw refuse(`line ${index + 1} is no frame's`);
  const { hash, input } = parsed.data;
  const counts = countsOf(await files.frame(hash));
  if (frameHash(counts) !== hash || counts.length !== input.px ** 2) {
    throw refuse(`the frame of line ${index + 1} is not the one that was logged`);
  }
  return { hash, input, counts };
}

async function modelOf(id: string, files: SessionFiles): Promise<Uint8Array> {
  const bytes = await files.model(id);
  if (sha256(bytes) !== id) throw refuse(`the rate model is not the one that was logged: ${id}`);
  return bytes;
}

function refuse(rule: string): InputError {
  return new InputError("E_LOG", `replayLog: ${rule}`);
}
