import { figureDocument, type Command, type CommandContext } from "@quadrivium/config";
import { InputError, key } from "@quadrivium/core";
import { readTensors } from "@quadrivium/io";
import { z } from "zod";
import { dissect, type Dissection } from "../dissect/dissect.js";
import { dissectionFigures } from "../figures/dissection-figures.js";
import { reportHtml } from "../figures/report.js";
import type { OpenedNetwork } from "../open/open-network.js";
import { dissectOutput, type DissectOutput } from "./dissect-output.js";
import { networkFields, readNetwork } from "./read-network.js";
import { renderDissection } from "./render-dissection.js";

const input = z.object({
  ...networkFields,
  split: z
    .string()
    .optional()
    .describe("training pairs: a .npy array of n² entries, 1 for each pair trained on"),
  seed: z.int().min(0).default(0).describe("decides the random controls"),
  neurons: z.boolean().default(false).describe("print one record for every neuron as well"),
  ablations: z.boolean().default(true).describe("ablate every frequency, the slowest part"),
  html: z.string().optional().describe("write a self-contained report with figures there"),
  program: z.string().optional().describe("write the extracted program there, for verify"),
});

/** `dissect`: which algorithm does this network run? */
export const dissectCommand: Command<z.infer<typeof input>, DissectOutput> = {
  name: "dissect",
  summary: "Find out which algorithm a network for a + b mod n runs, with a verdict by six gates",
  positional: ["file"],
  input,
  output: dissectOutput,
  examples: [
    "dissect weights.safetensors --html report.html",
    "dissect model.pt --map map.json --neurons --json",
  ],
  render: renderDissection,
  run: async (given, context) => {
    const opened = await readNetwork(
      {
        file: given.file,
        network: given.network,
        ...(given.map === undefined ? {} : { map: given.map }),
      },
      context,
    );
    context.progress(`dissecting ${opened.net.description}, modulo ${opened.net.modulus}`);
    const split = given.split === undefined ? {} : { split: await readSplit(given.split, context) };
    const found = dissect(opened.net, {
      key: key(given.seed),
      ablations: given.ablations,
      ...split,
    });
    if (given.program !== undefined) {
      await context.writeFile(given.program, `${JSON.stringify(found.program, null, 1)}\n`);
    }
    if (given.html !== undefined) {
      const html = await report(found, opened, { file: given.file, context });
      await context.writeFile(given.html, html);
    }
    const { neurons, program: _, ...rest } = found;
    return dissectOutput.parse({
      source: {
        file: given.file,
        mapping: opened.mapping,
        unused: opened.unused,
        notes: opened.notes,
      },
      seed: given.seed,
      ...rest,
      ...(given.neurons ? { neurons } : {}),
    });
  },
};

async function readSplit(path: string, context: CommandContext): Promise<ArrayLike<number>> {
  const { tensors } = readTensors(await context.readFile(path), path);
  const [mask, ...others] = Object.values(tensors);
  if (mask === undefined || others.length > 0) {
    throw new InputError(
      "E_SPLIT",
      `dissect: --split must be a file with one array; got ${Object.keys(tensors).length} in "${path}"`,
    );
  }
  return Array.from(mask.data as ArrayLike<number | bigint>, Number);
}

async function report(
  found: Dissection,
  { net, notes }: OpenedNetwork,
  { file, context }: { readonly file: string; readonly context: CommandContext },
): Promise<string> {
  const figures = dissectionFigures(net, found, await figureDocument(context, "dissect"));
  return reportHtml(found, figures, { file, notes });
}
