import { figureDocument, type Command } from "@quadrivium/config";
import { InputError } from "@quadrivium/core";
import { z } from "zod";
import { hopLog, type HopRecord } from "../perception/hop-log.js";
import { drawHops } from "../figures/hop-plots.js";
import { refused, type LocatedFrame } from "../perception/located-frame.js";
import { locateFrame } from "../perception/locate-frame.js";
import { pairTransition, parseImageBeams } from "../perception/pair-transition.js";
import { readFrameFiles, type FileFrame } from "../perception/read-frame-files.js";

const input = z.object({
  files: z.array(z.string()).min(1).describe("frames of one area in their order, or a stack"),
  fovAngstrom: z
    .number()
    .positive()
    .optional()
    .describe("width of the field of view; default: as the file states it, else found"),
  driftSd: z.number().positive().default(0.5).describe("usual drift between frames, angstrom"),
  hopShare: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.3)
    .describe("share of pairs with a hop, expected beforehand"),
  beam: z
    .string()
    .optional()
    .describe("JSON file: for each pair {xPx, yPx, dwellTimeS} in pixels of the frame before"),
  out: z.string().optional().describe("write the pairs there as samples for learn: .jsonl"),
  figure: z.string().optional().describe("write drift and sublattice by frame to this SVG file"),
});

const pairRow = z.object({
  from: z.string(),
  to: z.string(),
  parityFlip: z.boolean().nullable(),
  hopProbability: z.number().nullable(),
  /** How far the sheet moved in the image. */
  driftAngstrom: z.number().nullable(),
  driftXAngstrom: z.number().nullable(),
  driftYAngstrom: z.number().nullable(),
  driftSdAngstrom: z.number().nullable(),
  label: z.union([z.literal([0, 1, 2, 3]), z.enum(["multi", "ambiguous", "lost"])]),
  labelProbability: z.number().nullable(),
  reason: z.string().nullable(),
});

/** The pairs; of a single one its fields stand beside them as well. */
const output = z.object({
  pairs: z.array(pairRow),
  numFlips: z.int(),
  numTransitions: z.int(),
  ...pairRow.partial().shape,
});

type Output = z.infer<typeof output>;

/** `track`: what silicon did from frame to frame. */
export const trackCommand: Command<z.infer<typeof input>, Output> = {
  name: "track",
  summary: "Follow silicon from frame to frame: drift, sublattice, hops with their probabilities",
  positional: ["files"],
  input,
  output,
  examples: [
    "track frame-*.dm4 --figure hops.svg",
    "track stack.ndata1 --beam beam.json --out data.jsonl",
  ],
  render,
  run: async (given, context) => {
    if (given.out !== undefined && given.beam === undefined) {
      throw new InputError("E_BEAM_LIST", "track: --out needs --beam: where was the beam parked?");
    }
    const read = await readFrameFiles(given.files, context);
    if (read.length < 2) {
      throw new InputError("E_TRACK", `track: needs two frames or more; got ${read.length}`);
    }
    const frames = read.map((file, n) => {
      context.signal.throwIfAborted();
      return locatedIn(file, read[n - 1], given.fovAngstrom);
    });
    const records = hopLog(frames, { driftSd: given.driftSd, hopShare: given.hopShare });
    let numTransitions = 0;
    if (given.beam !== undefined && given.out !== undefined) {
      const text = new TextDecoder().decode(await context.readFile(given.beam));
      const beams = parseImageBeams(text, records.length);
      const lines = records.flatMap((record, step) => {
        const sample = pairTransition(frames[step], record, beams[step], { trajectory: 0, step });
        return sample === null ? [] : [JSON.stringify(sample)];
      });
      numTransitions = lines.length;
      await context.writeFile(given.out, lines.map((line) => `${line}\n`).join(""));
    }
    const pairs = records.map((record, n) => rowOf(record, read[n], read[n + 1]));
    if (given.figure !== undefined) {
      const document = await figureDocument(context, "track");
      await context.writeFile(given.figure, `${drawHops(pairs, document).svg}\n`);
    }
    const numFlips = pairs.filter((pair) => pair.parityFlip === true).length;
    return { pairs, numFlips, numTransitions, ...(pairs.length === 1 ? pairs[0] : {}) };
  },
};

function locatedIn(
  { frame, fault }: FileFrame,
  before: FileFrame | undefined,
  fovAngstrom: number | undefined,
): LocatedFrame & { width: number; height: number } {
  if (frame === null) return { ...refused(fault ?? "unreadable"), width: 1, height: 1 };
  const { width, height } = frame;
  const last = before?.frame;
  const isRepeated =
    last?.counts.length === frame.counts.length &&
    last.counts.every((count, i) => count === frame.counts[i]);
  const located = isRepeated
    ? refused("the frame repeats the one before")
    : locateFrame(frame, { fovAngstrom });
  return { ...located, width, height };
}

function nameOf({ file, index }: FileFrame): string {
  return `${file}[${index}]`;
}

function rowOf(record: HopRecord, from: FileFrame, to: FileFrame): Output["pairs"][number] {
  const { drift } = record;
  return {
    from: nameOf(from),
    to: nameOf(to),
    parityFlip: record.parityFlip,
    hopProbability: record.hopProbability,
    driftAngstrom: drift === null ? null : Math.hypot(drift.x, drift.y),
    driftXAngstrom: drift?.x ?? null,
    driftYAngstrom: drift?.y ?? null,
    driftSdAngstrom: record.driftSd,
    label: record.label,
    labelProbability: record.labelProbability,
    reason: record.reason,
  };
}

function render({ pairs, numFlips, numTransitions }: Output): string {
  const rows = pairs.map((pair) => {
    const name = `${pair.from} → ${pair.to}`;
    if (pair.label === "lost") return `${name}  lost: ${pair.reason}`;
    const flip = pair.parityFlip === true ? "other sublattice" : "same sublattice";
    return (
      `${name}  ${pair.label}  ${flip}  hop ${pair.hopProbability?.toFixed(3)}  ` +
      `drift ${pair.driftAngstrom?.toFixed(2)} Å`
    );
  });
  const samples = numTransitions === 0 ? "" : `, ${numTransitions} samples written`;
  return [...rows, `${numFlips} of ${pairs.length} pairs change the sublattice${samples}`].join(
    "\n",
  );
}
