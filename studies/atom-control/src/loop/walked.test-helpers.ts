import { key } from "@quadrivium/core";
import { priorMap } from "../model/maps/fixed-maps.js";
import { instrumentByName, type Instrument as Microscope } from "../simulate/instrument.js";
import type { Adapter, Instrument } from "./adapter.js";
import { verifyLog, type LogLine } from "./chain-log.js";
import type { LoopClock } from "./clock.js";
import { countsBytes } from "./frame-codec.js";
import { gateSettingsSchema } from "./gates.js";
import { guardInstrument } from "./guard.js";
import { jumpingClock } from "./jumping-clock.js";
import { limitsSchema } from "./limits.js";
import type { LoopOutcome } from "./run-loop.js";
import type { SessionFiles } from "./replay-log.js";
import { simulatedInstrument } from "./simulated-instrument.js";
import { walkSession, type WalkSession, type WalkSessionOptions } from "./walk-session.js";

/** Greedy at 0.85 bonds for 4 s: what the prior map likes best. */
export const greedyPilot = {
  kind: "greedy",
  offset: { along: 0.85, across: 0 },
  dwellTimeS: 4,
} as const;

/** Plans on the simulator's own rates. */
export const plannerPilot = {
  kind: "planner",
  rates: { source: "map", name: "prior" },
  beam: { currentNanoA: 0.1, voltageKv: 60 },
  imageTimeS: 1.1,
  watch: false,
  mostDwellTimeS: 15,
} as const;

/** Frames of 20 Å in 128 pixels, 1.6 s each with what the beam's way back takes. */
export const walkSettings: WalkSessionOptions["settings"] = {
  fovAngstrom: 20,
  px: 128,
  pixelTimeUs: 60,
  goal: { xPx: 90, yPx: 64 },
  maxSteps: 40,
};

/** The simulator with silicon on the prior map, calm unless told otherwise. */
export function simulator(
  clock: LoopClock,
  { seed = 3, microscope }: { readonly seed?: number; readonly microscope?: Microscope } = {},
): Instrument {
  const options = { map: priorMap, key: key(seed), clock };
  return simulatedInstrument({ ...options, ...(microscope !== undefined && { microscope }) });
}

/** A sheet that stands still. */
export const still: Microscope = {
  ...instrumentByName("paper-like"),
  drift: { speedAngstromPerMin: 0, memoryS: 60, jumpsPerMin: 0, jumpAngstrom: 0 },
};

/** A session on an adapter, whose log and frames are kept in memory. */
export interface TestSession {
  readonly session: WalkSession;
  readonly lines: readonly string[];
  readonly frames: ReadonlyMap<string, Uint8Array>;
}

/** Opens a session with what a test does not say filled in. */
export function testSession(
  adapter: Adapter,
  clock: LoopClock,
  options: Partial<WalkSessionOptions> = {},
): TestSession {
  const lines: string[] = [];
  const frames = new Map<string, Uint8Array>();
  const session = walkSession({
    name: "test",
    adapter,
    limits: limitsSchema.parse({}),
    gates: gateSettingsSchema.parse({}),
    settings: walkSettings,
    pilot: greedyPilot,
    clock,
    wallTime: () => "2026-01-01T00:00:00.000Z",
    newToken: () => "token",
    appendLine: (line) => lines.push(line),
    keepFrame: async (hash, counts) => {
      frames.set(hash, countsBytes(counts));
    },
    ...options,
  });
  return { session, lines, frames };
}

/** A walk that has ended. */
export interface Walked {
  readonly outcome: LoopOutcome;
  readonly log: Uint8Array;
  readonly lines: readonly LogLine[];
  readonly files: SessionFiles;
}

/** What a walk is like; defaults walk greedily to a place 4 Å off. */
export interface WalkedOptions extends Partial<WalkSessionOptions> {
  readonly seed?: number;
  readonly microscope?: Microscope;
  /** Changes the instrument under the guard. */
  readonly change?: (instrument: Instrument) => Instrument;
}

/** Walks silicon under the simulated beam and ends the session. */
export async function walked(options: WalkedOptions = {}): Promise<Walked> {
  const { seed, microscope, change = (instrument) => instrument, ...session } = options;
  const clock = jumpingClock();
  const chosen = { ...(seed !== undefined && { seed }), ...(microscope && { microscope }) };
  const instrument = change(simulator(clock, chosen));
  const limits = session.limits ?? limitsSchema.parse({});
  const test = testSession(guardInstrument(instrument, { limits, clock }), clock, session);
  await test.session.connect();
  await test.session.supervisor.arm("test", 30, "test");
  const outcome = await test.session.walk();
  await test.session.close(outcome);
  return { outcome, ...ended(test, session.model) };
}

/** The log of a closed session, which must verify. */
export function ended(
  { lines, frames }: TestSession,
  model?: Uint8Array,
): Pick<Walked, "log" | "lines" | "files"> {
  const log = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const verdict = verifyLog(log);
  if (!verdict.ok) throw new Error(`line ${verdict.line}: ${verdict.reason}`);
  const files: SessionFiles = {
    frame: async (hash) => frames.get(hash) ?? new Uint8Array(0),
    model: async () => model ?? new Uint8Array(0),
  };
  return { log, lines: verdict.lines, files };
}
