import { InputError } from "@quadrivium/core";
import type { Command } from "@quadrivium/config";
import { z } from "zod";
import { bottleneckNames } from "../network/bottleneck/bottleneck.js";
import { costsOf } from "../network/costs.js";
import { tokenKinds } from "../network/bottleneck/map-tokens.js";
import { encoderNames } from "../network/encoders.js";
import { makeNetwork } from "../network/network.js";
import type { MapShape } from "../network/plan.js";
import { scaled, scaleModes } from "../network/scale.js";

const input = z.object({
  encoder: z.enum(encoderNames).default("impala").describe("the convolutions"),
  width: z.int().min(1).max(64).default(1).describe("factor that the scale mode applies"),
  scaleMode: z
    .enum(scaleModes)
    .default("all")
    .describe("what the factor widens: encoder, dense (first dense layer), all, or depth"),
  input: z.string().default("84x84x4").describe("height x width x channels"),
  bottleneck: z
    .enum(bottleneckNames)
    .default("flatten")
    .describe("from the map to the dense layer"),
  padding: z.enum(["SAME", "VALID"]).default("SAME").describe("around the nature convolutions"),
  denseUnits: z.int().min(1).default(512).describe("units of the first dense layer at factor 1"),
  poolSize: z.int().min(1).default(2).describe("places a side that the pool bottleneck leaves"),
  tokens: z.enum(tokenKinds).default("per-conv").describe("what a token is"),
  coordinates: z.boolean().default(false).describe("two input channels with rows and columns"),
  numExperts: z.int().min(1).default(1).describe("experts of soft-moe"),
  noisy: z.boolean().default(false).describe("noisy dense layers, which double their parameters"),
});

const output = z.object({
  encoderParams: z.number(),
  bottleneckParams: z.number(),
  bottleneckShare: z.number(),
  encoderMacs: z.number(),
  forwardFlops: z.number(),
  map: z.array(z.number()),
  denseUnits: z.number(),
});

/** `params`: what a network costs, before anything is trained. */
export const paramsCommand: Command<z.infer<typeof input>, z.infer<typeof output>> = {
  name: "params",
  summary: "Count a network's parameters and operations, bottleneck against encoder",
  input,
  output,
  examples: ["params --encoder impala --width 4 --bottleneck gap"],
  async run(given) {
    const { width, scaleMode, denseUnits } = given;
    const factors = scaled(scaleMode, width, denseUnits);
    // Heads are left out of the counts: 6 actions without distributions stand in for any.
    const head = { numActions: 6, numAtoms: 1, dueling: false };
    const options = { ...given, ...factors, ...head };
    const costs = costsOf(makeNetwork(options, parseInput(given.input)));
    const { encoderParams, bottleneckParams, bottleneckShare, encoderMacs, forwardFlops } = costs;
    return {
      encoderParams,
      bottleneckParams,
      bottleneckShare,
      encoderMacs,
      forwardFlops,
      map: [...costs.map],
      denseUnits: factors.hidden,
    };
  },
};

/** `84x84x4` as a shape. @throws E_INPUT_SHAPE if the text is not three whole numbers */
function parseInput(text: string): MapShape {
  const match = /^([1-9]\d{0,3})x([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text);
  if (match !== null) {
    const [height, width, channels] = match.slice(1).map(Number);
    return { height, width, channels };
  }
  throw new InputError(
    "E_INPUT_SHAPE",
    `params: input must be height x width x channels, as 84x84x4; got ${JSON.stringify(text)}`,
  );
}
