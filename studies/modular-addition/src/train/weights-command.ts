import type { Command } from "@quadrivium/config";
import { InputError, type HostArray } from "@quadrivium/core";
import { readSafetensors, writeSafetensors } from "@quadrivium/io";
import { z } from "zod";
import type { Parameters } from "../parameters.js";
import { sliceNetwork } from "./stacking.js";

const input = z.object({
  checkpoint: z.string().describe("tree.safetensors of a run's checkpoint"),
  out: z.string().default("network.safetensors").describe("file to write"),
  network: z.int().min(0).default(0).describe("which of the run's networks, from 0"),
});

const output = z.object({
  out: z.string(),
  network: z.number(),
  /** Shape of every tensor written, by name. */
  tensors: z.record(z.string(), z.array(z.number()).readonly()),
});

/** Where a checkpoint keeps the networks as they are reported. */
const prefix = "params/";

/** `weights`: one trained network out of a run's checkpoint, as a file of its own. */
export const weightsCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "weights",
  summary: "Write one trained network of a run as a safetensors file",
  positional: ["checkpoint"],
  input,
  output,
  examples: ["weights runs/RUN/attempts/1/checkpoint/7/tree.safetensors --out net.safetensors"],
  render: ({ out, tensors }) =>
    [
      `wrote ${out}`,
      ...Object.entries(tensors).map(([name, shape]) => `  ${name} [${shape.join(", ")}]`),
    ].join("\n"),
  async run({ checkpoint, out, network }, context) {
    const { tensors } = readSafetensors(await context.readFile(checkpoint));
    const params = networkIn(tensors, { checkpoint, network });
    await context.writeFile(out, writeSafetensors(params));
    const shapes = Object.entries(params).map(([name, { shape }]) => [name, shape] as const);
    return { out, network, tensors: Object.fromEntries(shapes) };
  },
};

function networkIn(
  tensors: { readonly [name: string]: HostArray },
  from: { readonly checkpoint: string; readonly network: number },
): Parameters<HostArray> {
  const stacked = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  );
  const bias = stacked["output/bias"];
  if (bias === undefined) {
    throw new InputError(
      "E_LAYOUT",
      `weights: the file must be a checkpoint of this study, with tensors ${prefix}…; ` +
        `got ${Object.keys(tensors).slice(0, 5).join(", ") || "no tensors"} in ${from.checkpoint}`,
    );
  }
  const [count] = bias.shape;
  if (from.network >= count) {
    throw new InputError(
      "E_RANGE",
      `weights: network must be below the ${count} that the checkpoint holds; got ${from.network}`,
    );
  }
  return sliceNetwork(stacked, from.network);
}
