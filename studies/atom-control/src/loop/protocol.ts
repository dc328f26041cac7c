import { z } from "zod";

/** Version of the protocol between server and adapter; both refuse another. */
export const protocolVersion = 2;

/** Why a command was refused or broken off. */
export const errorCodeSchema = z.enum([
  "BAD_REQUEST",
  "NOT_ARMED",
  "LIMIT",
  "STALE_FRAME",
  "LOW_CONFIDENCE",
  "INSTRUMENT",
  "TIMEOUT",
]);
/** Why a command was refused or broken off. */
export type LoopErrorCode = z.infer<typeof errorCodeSchema>;

const finite = z.number();
const positive = z.number().positive();
const frameId = z.string().min(1).max(128);

/** Takes a frame; the beam is on while it scans and blanked after it. */
export const acquireSchema = z.object({
  type: z.literal("acquire"),
  fovAngstrom: positive,
  px: z.int().min(16).max(4096).describe("pixels along either side"),
  pixelTimeUs: positive,
});

/** When the adapter shall end a dwell by itself: Page's test for a step of the detector's level. */
export const stopRuleSchema = z.object({
  before: positive.describe("counts a millisecond while silicon is where it was"),
  after: positive.describe("and once it has come"),
  threshold: positive.describe("of the log likelihood ratio"),
});
/** See {@link stopRuleSchema}. */
export type StopRule = z.infer<typeof stopRuleSchema>;

/** Leaves the beam at a place of a named frame for a while. */
export const parkSchema = z.object({
  type: z.literal("park"),
  frameId,
  xPx: finite.describe("to the right of the centre of the top-left pixel"),
  yPx: finite.describe("down from it"),
  dwellTimeS: positive,
  stopOn: stopRuleSchema.nullable().describe("null for the whole dwell"),
  avoid: z
    .array(z.object({ xPx: finite, yPx: finite }))
    .max(4096)
    .describe("other dopants, vacancies: places to keep away from, in the same frame"),
});

/** Moves the field of view. */
export const shiftSchema = z.object({
  type: z.literal("shift"),
  dxAngstrom: finite,
  dyAngstrom: finite,
});

/** What can be asked of an adapter that moves or opens the beam. */
export const commandSchema = z.discriminatedUnion("type", [
  acquireSchema,
  parkSchema,
  shiftSchema,
  z.object({ type: z.literal("blank") }),
]);

/** See {@link acquireSchema}. */
export type AcquireCommand = z.infer<typeof acquireSchema>;
/** See {@link parkSchema}. */
export type ParkCommand = z.infer<typeof parkSchema>;
/** See {@link shiftSchema}. */
export type ShiftCommand = z.infer<typeof shiftSchema>;
/** See {@link commandSchema}. */
export type LoopCommand = z.infer<typeof commandSchema>;

/** What an adapter says of itself when it is connected. */
export const descriptionSchema = z.object({
  protocolVersion: z.int(),
  id: z.string(),
  isSimulated: z.boolean(),
  origin: z.literal("top-left").describe("x runs right and y down in the frames it gives"),
  hasTrace: z.boolean().describe("whether a parked beam's counts come back with the answer"),
  patienceMs: z
    .number()
    .min(0)
    .max(3_600_000)
    .describe("how much longer than the beam's own time a command may take: 0 but for people"),
});
/** See {@link descriptionSchema}. */
export type Description = z.infer<typeof descriptionSchema>;

/** The instrument as it states itself. */
export const statusSchema = z.object({
  voltageKv: finite,
  currentNanoA: finite,
  isBlanked: z.boolean(),
  isReady: z.boolean().describe("vacuum and all else in order"),
});
/** See {@link statusSchema}. */
export type InstrumentStatus = z.infer<typeof statusSchema>;

/** A frame as it travels: intensities as base64 of little-endian float32, row-major. */
export const acquiredSchema = z.object({
  frameId,
  px: z.int().positive(),
  fovAngstrom: positive.describe("as the instrument reports it"),
  countsBase64: z.string(),
  startMs: finite,
  endMs: finite,
});
/** See {@link acquiredSchema}. */
export type Acquired = z.infer<typeof acquiredSchema>;

/** A stay of the beam as it went; the clock is the adapter's. */
export const parkedSchema = z.object({
  startMs: finite,
  endMs: finite,
  reason: z.enum(["dwell", "arrival", "stopped"]),
  chargePicoC: z.number().min(0),
  trace: z.array(finite).max(100_000).describe("detector counts"),
  sampleMs: positive.describe("time of one of them"),
});
/** See {@link parkedSchema}. */
export type Parked = z.infer<typeof parkedSchema>;
