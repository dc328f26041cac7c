import { randomBytes } from "node:crypto";
import type { Command, CommandContext } from "@quadrivium/config";
import { InputError, sha256 } from "@quadrivium/core";
import { z } from "zod";
import { beamFields } from "../beam-fields.js";
import { handOffsets } from "../control/baselines.js";
import { loadRateModel } from "../learn/model-file.js";
import { frameTimeS } from "../loop/check-command.js";
import { gateSettingsSchema } from "../loop/gates.js";
import { jumpingClock } from "../loop/jumping-clock.js";
import { limitsSchema, type Limits } from "../loop/limits.js";
import type { PilotSpec } from "../loop/pilot.js";
import type { LoopOutcome } from "../loop/run-loop.js";
import { walkSession, type WalkSession } from "../loop/walk-session.js";
import { mapByName, mapNames } from "../model/maps/map-by-name.js";
import { rateGrid, type RateGrid } from "../page/rate-grid.js";
import { adapterPattern, openAdapter } from "./open-adapter.js";
import { operatorServer } from "./operator-server.js";
import { realClock } from "./real-clock.js";
import { sessionFolder } from "./session-folder.js";

const input = z.object({
  session: z.string().min(1).default("simulation").describe("its name, which arming asks for"),
  out: z.string().default("atom-session").describe("folder for the log and the frames"),
  adapter: z
    .string()
    .regex(adapterPattern, "must be simulator, replay:…, file-drop:FOLDER or tcp:HOST:PORT")
    .default("simulator")
    .describe("simulator, replay:LOG.jsonl or replay:FRAMES, file-drop:FOLDER, tcp:HOST:PORT"),
  map: z.string().default("prior").describe(`the simulator's rate map: ${mapNames}`),
  instrument: z
    .enum(["paper-like", "low-dose", "hard"])
    .default("paper-like")
    .describe("what goes wrong in the simulator"),
  seed: z.int().min(0).default(0).describe("of the simulator"),
  controller: z
    .enum(["planner", "greedy", "event"])
    .default("event")
    .describe("who decides; event plans and blanks when the detector sees silicon arrive"),
  model: z
    .string()
    .optional()
    .describe("rate model of `learn` to plan on; without one the simulator's own map"),
  ...beamFields,
  limits: z.string().optional().describe("JSON file of hard limits; default: the study's own"),
  fovAngstrom: z.number().positive().default(20),
  px: z.int().min(64).max(2048).default(256),
  pixelTimeUs: z.number().positive().default(15),
  goalXPx: z
    .number()
    .optional()
    .describe("where silicon shall go, right of the frame's left edge; default two thirds"),
  goalYPx: z.number().optional().describe("and down from its top; default half"),
  offsetBonds: z
    .number()
    .min(0)
    .max(3)
    .default(handOffsets["greedy-hand"].along)
    .describe("of the greedy beam towards the next site, without a model"),
  dwellTimeS: z.number().positive().default(3.6).describe("of the greedy controller"),
  maxSteps: z.int().positive().default(100),
  orientationChecked: z
    .boolean()
    .default(false)
    .describe("for adapters without a trace: you have checked that the beam goes where frames say"),
  walk: z.boolean().default(false).describe("arm, walk and end at once, where nothing is real"),
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

/** `serve`: a supervised closed loop on the simulator, a recording or an instrument's adapter. */
export const serveCommand: Command<Input, Output> = {
  name: "serve",
  summary: "Supervise a closed loop: hard limits, arming, watchdogs, a log that can be replayed",
  input,
  output,
  examples: [
    "serve --walk --out walk",
    "serve --adapter replay:walk/log.jsonl --controller greedy --out again",
    "serve --adapter tcp:127.0.0.1:7330 --session graphene-7 --model model",
  ],
  run: async (given, context) => {
    const limits = await readLimits(given.limits, context);
    const clock = given.walk ? jumpingClock() : realClock;
    const { currentNanoA, voltageKv } = given;
    const opened = await openAdapter({
      ...given,
      limits,
      clock,
      beam: { currentNanoA, voltageKv },
      context,
    });
    try {
      if (given.walk && !opened.isHarmless) {
        throw new InputError(
          "E_LOOP",
          "serve: --walk arms by itself, which only the simulator and replays allow; arm by hand",
        );
      }
      const { px, fovAngstrom } = opened.frames ?? given;
      const { pixelTimeUs, maxSteps } = given;
      const { pilot, model } = await pilotFor({ ...given, px }, limits, context);
      const folder = sessionFolder(given.out);
      if (model !== undefined) folder.keepModel(sha256(model), model);
      const viewers = { publish: (_line: string): void => {} };
      const session = walkSession({
        name: given.session,
        adapter: opened.adapter,
        limits,
        gates: gateSettingsSchema.parse({}),
        settings: {
          fovAngstrom,
          px,
          pixelTimeUs,
          goal: { xPx: given.goalXPx ?? (2 * px) / 3, yPx: given.goalYPx ?? px / 2 },
          maxSteps,
        },
        pilot,
        ...(model !== undefined && { model }),
        clock,
        wallTime: () => new Date(performance.timeOrigin + performance.now()).toISOString(),
        newToken: () => randomBytes(16).toString("hex"),
        appendLine: folder.appendLine,
        keepFrame: folder.keepFrame,
        onLine: (line) => viewers.publish(line),
      });
      const { hasTrace } = await session.connect();
      if (!hasTrace && given.controller === "event") {
        await session.close();
        throw new InputError(
          "E_LOOP",
          "serve: event ends stays on the detector's step, and this adapter gives no trace; " +
            "choose --controller planner or greedy",
        );
      }
      if (given.orientationChecked && !hasTrace)
        await session.supervisor.orientate(true, "operator");
      if (given.walk) return await walkAtOnce(session, given, folder.logFile, context);
      const token = given.token ?? randomBytes(16).toString("hex");
      const { host, port } = given;
      const server = await operatorServer({
        session,
        name: given.session,
        limits,
        token,
        host,
        port,
        logFile: folder.logFile,
        frameFile: folder.frameFile,
        rates: shownRates(pilot, model),
      });
      viewers.publish = server.publish;
      context.progress(
        `http://${host}:${server.port}/#${token}  (viewers: without the token)  log ${folder.logFile}`,
      );
      await untilAborted(context.signal);
      await session.supervisor.emergencyStop("interrupt");
      await server.close();
      await session.close();
      context.signal.throwIfAborted();
      return summary(session, folder.logFile, null);
    } finally {
      opened.close();
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

function summary(session: WalkSession, log: string, outcome: LoopOutcome | null): Output {
  const totals = { ...session.supervisor.totals() };
  return outcome === null
    ? { log, arrived: null, steps: null, parks: null, reason: "interrupted", totals }
    : { log, ...outcome, totals };
}

/** The rates that a pilot plans on, as the page shows them. */
function shownRates(pilot: PilotSpec, model: Uint8Array | undefined): RateGrid | null {
  if (pilot.kind !== "planner") return null;
  const map = model === undefined ? undefined : loadRateModel(model);
  return rateGrid(
    map ?? mapByName(pilot.rates.source === "map" ? pilot.rates.name : ""),
    pilot.beam,
  );
}

/** Who decides, and the bytes of the model that it plans on. */
async function pilotFor(
  given: Input,
  limits: Limits,
  context: CommandContext,
): Promise<{ readonly pilot: PilotSpec; readonly model: Uint8Array | undefined }> {
  const { controller, currentNanoA, voltageKv, dwellTimeS, offsetBonds } = given;
  const model = given.model === undefined ? undefined : await context.readFile(given.model);
  if (controller === "greedy") {
    const offset =
      model === undefined ? { along: offsetBonds, across: 0 } : loadRateModel(model).bestOffset;
    return { pilot: { kind: "greedy", offset, dwellTimeS }, model: undefined };
  }
  if (model === undefined && given.adapter !== "simulator") {
    throw new InputError(
      "E_LOOP",
      `serve: ${controller} plans on rates; pass --model, or --controller greedy`,
    );
  }
  const pilot: PilotSpec = {
    kind: "planner",
    rates:
      model === undefined
        ? { source: "map", name: given.map }
        : { source: "model", id: sha256(model) },
    beam: { currentNanoA, voltageKv },
    imageTimeS: frameTimeS(given),
    watch: controller === "event",
    mostDwellTimeS: limits.maxDwellTimeS,
  };
  return { pilot, model };
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
