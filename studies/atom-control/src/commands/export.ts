import type { Command } from "@quadrivium/config";
import { z } from "zod";
import { readTransitions } from "../data/read-transitions.js";
import { writeDuneTransitions } from "../formats/dune-transitions.js";

const input = z.object({
  data: z.string().describe("transitions, one a line (JSONL)"),
  out: z.string().default("data.tfrecords").describe("file of the records"),
});

const output = z.object({ out: z.string(), records: z.number() });

/** `export`: transitions as records that the paper's own code reads. */
export const exportCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "export",
  summary: "Write transitions as records that the paper's own code reads; import takes them back",
  positional: ["data"],
  input,
  output,
  examples: ["export data.jsonl --out data.tfrecords"],
  render: ({ out, records }) => `${records} transitions in ${out}`,
  run: async ({ data, out }, context) => {
    const transitions = readTransitions(await context.readFile(data), data);
    await context.writeFile(out, writeDuneTransitions(transitions));
    return { out, records: transitions.length };
  },
};
