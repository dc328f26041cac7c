import type { Command, CommandContext } from "@quadrivium/config";
import { z } from "zod";
import { beamFields } from "../beam-fields.js";
import {
  filterObservations,
  filterRules,
  filterSteps,
  type FilteredSteps,
} from "../data/filter-steps.js";
import { writeTransitions } from "../data/read-transitions.js";
import { readDuneSteps } from "../formats/dune-sessions.js";
import { readDuneSamples } from "../formats/dune-transitions.js";
import { ornlObservations } from "../formats/ornl-observations.js";
import { readOrnlSession } from "../formats/ornl-session.js";

const input = z.object({
  source: z
    .string()
    .describe("records (.tfrecords), or a folder with ADF-stack-000 and Label-stack-000.ndata1"),
  out: z.string().default("data.jsonl").describe("file of the transitions, one a line"),
  pairing: z
    .enum(["with-before", "with-after"])
    .optional()
    .describe("records: which image's record holds a dwell [told by where none is]"),
  beamFrame: z
    .enum(["field", "sheet"])
    .optional()
    .describe("records: what beam positions count from [told by the positions]"),
  multiHop: z
    .enum(["keep", "drop"])
    .default("keep")
    .describe("dwells with several hops; the paper drops them, which biases rates low"),
  fovAngstrom: z
    .number()
    .positive()
    .optional()
    .describe("folders: field of view of images that do not state theirs"),
  ...beamFields,
});
type Input = z.infer<typeof input>;

const output = z.object({
  out: z.string(),
  total: z.number(),
  kept: z.number(),
  dropped: z.record(z.string(), z.number()),
  pairing: z.enum(["with-before", "with-after"]).optional(),
  beamFrame: z.enum(["field", "sheet"]).optional(),
});

/** `import`: transitions from recorded sessions, with what each of the paper's rules dropped. */
export const importCommand: Command<Input, z.infer<typeof output>> = {
  name: "import",
  summary: "Turn recorded sessions into transitions for learn, by the paper's seven rules",
  positional: ["source"],
  input,
  output,
  examples: ["import session.tfrecords --out data.jsonl", "import session-folder --out data.jsonl"],
  render: ({ out, total, kept, dropped, pairing, beamFrame }) =>
    [
      `${kept} of ${total} steps in ${out}`,
      ...filterRules
        .filter((rule) => (dropped[rule] ?? 0) > 0)
        .map((rule) => `${dropped[rule]} dropped by the rule "${rule}"`),
      ...(pairing === undefined
        ? []
        : [`dwells were stored ${pairing.replace("-", " the image ")}`]),
      ...(beamFrame === undefined ? [] : [`beam positions count from the ${beamFrame}`]),
    ].join("\n"),
  run: async (given, context) => {
    const { filtered, ...facts } = await stepsOf(given, context);
    const { transitions, counts } = filtered;
    await context.writeFile(given.out, writeTransitions(transitions));
    return { out: given.out, ...counts, ...facts };
  },
};

interface Imported {
  readonly filtered: FilteredSteps;
  readonly pairing?: "with-before" | "with-after";
  readonly beamFrame?: "field" | "sheet";
}

async function stepsOf(given: Input, { readFile }: CommandContext): Promise<Imported> {
  const { source, multiHop, currentNanoA, voltageKv, beamFrame, pairing, fovAngstrom } = given;
  const beam = { currentNanoA, voltageKv };
  if (!/\.tfrecords?$/.test(source)) {
    const file = (name: string): Promise<Uint8Array> => readFile(`${source}/${name}-000.ndata1`);
    const steps = readOrnlSession({
      adf: await file("ADF-stack"),
      label: await file("Label-stack"),
    });
    const observations = ornlObservations(steps, {
      beam,
      ...(fovAngstrom !== undefined && { fovAngstrom }),
    });
    const how = { pairing: "with-before", multiHop } as const;
    return { filtered: filterObservations([observations], how), pairing: how.pairing };
  }
  const bytes = await readFile(source);
  const samples = readDuneSamples(bytes);
  if (samples !== null) return { filtered: unfiltered(samples) };
  const { sessions, ...facts } = readDuneSteps(bytes, {
    beam,
    ...(pairing !== undefined && { pairing }),
    ...(beamFrame !== undefined && { beamFrame }),
  });
  return { filtered: filterSteps(sessions, { multiHop }), ...facts };
}

/** Samples that were written by `export` are samples already. */
function unfiltered(transitions: FilteredSteps["transitions"]): FilteredSteps {
  const dropped = filterSteps([]).counts.dropped;
  const total = transitions.length;
  return { transitions, counts: { total, kept: total, dropped } };
}
