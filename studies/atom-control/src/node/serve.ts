import { randomBytes } from "node:crypto";
import type { Command, CommandContext } from "@quadrivium/config";
import { InputError, key, streamOf, type Json } from "@quadrivium/core";
import { z } from "zod";
import type { Adapter } from "../loop/adapter.js";
import type { LoopClock } from "../loop/clock.js";
import { gateSettingsSchema } from "../loop/gates.js";
import { guardInstrument } from "../loop/guard.js";
import { jumpingClock } from "../loop/jumping-clock.js";
import { limitsSchema, type Limits } from "../loop/limits.js";
import { simulatedInstrument } from "../loop/simulated-instrument.js";
import { walkSession, type WalkSession } from "../loop/walk-session.js";
import { mapByName, mapNames } from "../model/maps/map-by-name.js";
import { operatorServer } from "./operator-server.js";
import { realClock } from "./real-clock.js";
import { connectAdapter } from "./remote-adapter.js";
import { sessionFolder } from "./session-folder.js";

const input = z.object({
  session: z.string().min(1).default("simulation").describe("its name, which arming asks for"),
  out: z.string().default("atom-session").describe("folder for the log and the frames"),
  adapter: z
    .string()
    .regex(/^(simulator|tcp:[^:]+:\d{1,5})$/, "must be simulator or tcp:HOST:PORT")
    .default("simulator")
    .describe("simulator, or tcp:HOST:PORT of an adapter"),
  map: z.string().default("prior").describe(`the simulator's rate map: ${mapNames}`),
  seed: z.int().default(0).describe("of the simulator"),
  limits: z.string().optional().describe("JSON file of hard limits; default: the study's own"),
  fovAngstrom: z.number().positive().default(20),
  px: z.int().min(64).max(2048).default(256),
  pixelTimeUs: z.number().positive().default(30),
  goalXPx: z
    .number()
    .default(170)
    .describe("where silicon shall go, right of the frame's left edge"),
  goalYPx: z.number().default(128).describe("and down from its top"),
  offsetBonds: z.number().min(0).max(3).default(0.85).describe("of the beam towards the next site"),
  dwellTimeS: z.number().positive().default(3.6),
  maxSteps: z.int().positive().default(100),
  walk: z.boolean().default(false).describe("arm, walk and end at once, in the simulator"),
  host: z
    .string()
    .default("127.0.0.1")
    .describe("address to listen at; loopback unless said otherwise"),
  port: z.int().min(0).max(65535).default(0).describe("0 takes a free one"),
  token: z.string().optional().describe("for commands; drawn where none is given"),
});
type Input = z.infer<typeof input>;

const output = z.object({
  log: z.string(),
  arrived: z.boolean().nullable(),
  steps: z.int().nullable(),
  parks: z.int().nullable(),
  reason: z.string(),
  totals: z.record(z.string(), z.number()),
});
type Output = z.infer<typeof output>;

/** `serve`: a supervised closed loop on the simulator or on an instrument's adapter. */
export const serveCommand: Command<Input, Output> = {
  name: "serve",
  summary: "Supervise a closed loop: hard limits, arming, watchdogs, a log that can be replayed",
  input,
  output,
  examples: ["serve --walk --out walk", "serve --adapter tcp:127.0.0.1:7330 --session graphene-7"],
  run: async (given, context) => {
    const limits = await readLimits(given.limits, context);
    const isWalk = given.walk;
    if (isWalk && given.adapter !== "simulator") {
      throw new InputError(
        "E_LOOP",
        "serve: --walk arms by itself, which only the simulator allows; arm by POST /arm",
      );
    }
    const clock = isWalk ? jumpingClock() : realClock;
    const folder = sessionFolder(given.out);
    const { adapter, close } = await openAdapter(given, limits, clock);
    let publish: ((entry: Json) => void) | undefined;
    const session = walkSession({
      name: given.session,
      adapter,
      limits,
      gates: gateSettingsSchema.parse({}),
      settings: {
        fovAngstrom: given.fovAngstrom,
        px: given.px,
        pixelTimeUs: given.pixelTimeUs,
        driftSdAngstrom: 0.1,
        goal: { xPx: given.goalXPx, yPx: given.goalYPx },
        maxSteps: given.maxSteps,
      },
      controller: { offsetBonds: given.offsetBonds, dwellTimeS: given.dwellTimeS },
      clock,
      wallTime: () => new Date(performance.timeOrigin + performance.now()).toISOString(),
      newToken: () => randomBytes(16).toString("hex"),
      appendLine: folder.appendLine,
      keepFrame: folder.keepFrame,
      onEntry: (entry) => publish?.(entry as unknown as Json),
    });
    try {
      await session.connect();
      if (isWalk) return await walkAtOnce(session, given, folder.logFile, context);
      const token = given.token ?? randomBytes(16).toString("hex");
      const { host, port } = given;
      const server = await operatorServer({ session, name: given.session, token, host, port });
      publish = server.publish;
      context.progress(`http://${host}:${server.port}  token ${token}  log ${folder.logFile}`);
      await untilAborted(context.signal);
      await session.supervisor.emergencyStop("interrupt");
      await session.close();
      await server.close();
      return summary(session, folder.logFile, null);
    } finally {
      close();
    }
  },
};

async function walkAtOnce(
  session: WalkSession,
  given: Input,
  logFile: string,
  context: CommandContext,
): Promise<Output> {
  await session.supervisor.arm(given.session, 60, "operator");
  const outcome = await session.walk(context.signal);
  await session.close(outcome);
  return summary(session, logFile, outcome);
}

function summary(
  session: WalkSession,
  log: string,
  outcome: { arrived: boolean; steps: number; parks: number; reason: string } | null,
): Output {
  const totals = { ...session.supervisor.totals() };
  return outcome === null
    ? { log, arrived: null, steps: null, parks: null, reason: "interrupted", totals }
    : { log, ...outcome, totals };
}

async function openAdapter(
  given: Input,
  limits: Limits,
  clock: LoopClock,
): Promise<{ adapter: Adapter; close: () => void }> {
  if (given.adapter !== "simulator") {
    const [, host, port] = given.adapter.split(":");
    const adapter = await connectAdapter(host, Number(port));
    return { adapter, close: adapter.close };
  }
  const stream = streamOf(key(given.seed));
  const instrument = simulatedInstrument({ map: mapByName(given.map), stream, clock });
  return { adapter: guardInstrument(instrument, { limits, clock }), close: () => {} };
}

async function readLimits(path: string | undefined, context: CommandContext): Promise<Limits> {
  if (path === undefined) return limitsSchema.parse({});
  const text = new TextDecoder().decode(await context.readFile(path));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError("E_LOOP", `serve: ${path} must hold JSON`, { cause });
  }
  const parsed = limitsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError("E_LOOP", `serve: ${path}: ${z.prettifyError(parsed.error)}`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
