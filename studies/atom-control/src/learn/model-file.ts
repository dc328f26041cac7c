import { InputError, type HostArray } from "@quadrivium/core";
import { readSafetensors, writeSafetensors } from "@quadrivium/io";
import { z } from "zod";
import type { StackedParameters } from "./rate-form.js";
import { rateModel, type RateModel } from "./rate-model.js";
import { plainMembers } from "./plain-network.js";
import { plainPaperMembers } from "./paper/plain-paper-network.js";

const prior = z.object({ logPeak: z.number(), centre: z.number(), sigma: z.number() });

/** What a model's weights belong to. */
const network = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("equivariant"),
    hidden: z.int().positive(),
    numSettings: z.int().min(0),
    reflection: z.boolean(),
    prior,
  }),
  z.object({
    kind: z.literal("paper"),
    hidden: z.int().positive(),
    inputMean: z.array(z.number()).length(4).readonly(),
    inputScale: z.array(z.number().positive()).length(4).readonly(),
  }),
]);

const info = z.object({
  reference: z.object({
    currentNanoA: z.number().positive(),
    voltageKv: z.number().positive(),
    linearInCurrent: z.boolean(),
  }),
  band: z.object({ inflation: z.number().positive(), resolutionPerS: z.number().min(0) }),
  noiseShare: z.number().min(0).max(1),
  bestOffset: z.object({ along: z.number(), across: z.number() }),
  training: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

const schema = z.object({ version: z.literal(1), network, info });

/** Everything of a trained model: its kind, facts about it, and its members' weights. */
export type StoredRateModel = z.infer<typeof schema> & { readonly params: StackedParameters };

/** Key of the JSON text among the notes of a safetensors file. */
const note = "quadrivium.rateModel";

/** A trained model as one safetensors file: weights, and the rest as JSON among its notes. */
export function saveRateModel({ params, ...rest }: StoredRateModel): Uint8Array {
  return writeSafetensors(params, { [note]: JSON.stringify(rest) });
}

/**
 * Reads a model that {@link saveRateModel} wrote, ready to be asked for rates without an engine.
 *
 * @throws E_RATE_MODEL if the file is not such a model
 * @throws E_SAFETENSORS if the file is damaged
 * @precision float64 arithmetic on float32 weights: within 1e-6 of the engine's rates
 */
export function loadRateModel(bytes: Uint8Array): RateModel {
  return openRateModel(storedRateModel(bytes));
}

/** Makes a trained model ready to be asked for rates. */
export function openRateModel({ network: shape, info: facts, params }: StoredRateModel): RateModel {
  const [numMembers] = Object.values(params)[0].shape;
  const members =
    shape.kind === "equivariant" ? plainMembers(shape, params) : plainPaperMembers(shape, params);
  return rateModel(members, numMembers, facts);
}

/** What a model's file says, see {@link loadRateModel}. */
export function storedRateModel(bytes: Uint8Array): StoredRateModel {
  const { tensors, metadata } = readSafetensors(bytes);
  const parsed = schema.safeParse(parseNote(metadata[note]));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(`"${note}": ${issue.path.map(String).join(".")}: ${issue.message}`);
  }
  const { network: shape } = parsed.data;
  const expected = shapesOf(shape);
  const members = tensors[Object.keys(expected)[0]]?.shape[0] ?? 0;
  for (const [name, own] of Object.entries(expected)) {
    const found = tensors[name] as HostArray | undefined;
    const want = [members, ...own];
    if (found?.dtype !== "float32" || found.shape.join() !== want.join()) {
      throw refusal(`"${name}" must be float32 of shape [${want.join(", ")}]`);
    }
    if (!(found.data as Float32Array).every(Number.isFinite)) {
      throw refusal(`"${name}" must hold finite numbers`);
    }
  }
  if (members === 0) throw refusal("there must be at least one member");
  return { ...parsed.data, params: tensors as StackedParameters };
}

/** Shapes of a member's weights. */
function shapesOf(shape: z.infer<typeof network>): { readonly [name: string]: readonly number[] } {
  const { hidden } = shape;
  if (shape.kind === "paper") {
    return {
      kernel1: [4, hidden],
      bias1: [hidden],
      kernel2: [hidden, hidden],
      bias2: [hidden],
      kernel3: [hidden, 4],
      bias3: [4],
    };
  }
  return {
    place: [shape.reflection ? 2 : 3, hidden],
    settings: [shape.numSettings, hidden],
    bias1: [hidden],
    kernel2: [hidden, hidden],
    bias2: [hidden],
    kernel3: [hidden, 1],
    bias3: [1],
  };
}

function parseNote(text: string | undefined): unknown {
  if (text === undefined) throw refusal(`its notes must have "${note}"; got none`);
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(`"${note}" must be JSON`);
  }
}

function refusal(rule: string): InputError {
  return new InputError(
    "E_RATE_MODEL",
    `loadRateModel: the file must be a rate model that \`learn\` wrote; ${rule}`,
  );
}
