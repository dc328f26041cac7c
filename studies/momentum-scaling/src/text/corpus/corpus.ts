import { foldIn, InputError, sha256, type Json, type Key } from "@quadrivium/core";
import type { EntropyRates, SyntheticLanguage } from "../language/synthetic-language.js";
import { SymbolSampler } from "../language/symbol-sampler.js";
import { SampledLanes, TextLanes, type LaneShape, type LaneSource } from "./lane-source.js";
import type { TokenizedText } from "./tokenize.js";

/** What a language model learns from. */
export interface Corpus {
  readonly name: string;
  readonly numSymbols: number;
  /** SHA-256 of everything that decides its tokens, so that a run goes on with what it began with. */
  readonly hash: string;
  /** Symbols to train on before the text repeats; `null` for an endless one. */
  readonly trainLength: number | null;
  /** Mean characters a symbol; `null` where symbols are no characters. */
  readonly charactersPerSymbol: number | null;
  /** Held-out text. */
  readonly validation: Int32Array;
  /** Known of a synthetic language only. */
  readonly entropyRates: EntropyRates | null;
  /** Training data from the start, its order decided by the key. */
  open(shape: LaneShape, key: Key): LaneSource;
  /** Training data from where a checkpoint left it. */
  resume(shape: LaneShape, saved: Json): LaneSource;
}

/** A synthetic language as an endless corpus: each symbol is read once. */
export function languageCorpus(
  language: SyntheticLanguage,
  options: { readonly key: Key; readonly numValidation: number },
): Corpus {
  const held = SymbolSampler.start(language, foldIn(options.key, 0));
  const validation = Int32Array.from({ length: options.numValidation }, () => held.next());
  return {
    name: "synthetic",
    numSymbols: language.numSymbols,
    hash: sha256(bytesOf(language.transition), bytesOf(validation)),
    trainLength: null,
    charactersPerSymbol: null,
    validation,
    entropyRates: language.entropyRates,
    open: (shape, key) => SampledLanes.open(language, shape, key),
    resume: (shape, saved) => SampledLanes.resume(language, shape, saved),
  };
}

/** Share of a text that is held out, at its end. */
const validationShare = 0.1;

/**
 * A text as a corpus: its last tenth is held out, of which `numValidation` symbols are used.
 *
 * @throws E_TEXT_SHORT if the text cannot fill one step and one validation lane
 */
export function textCorpus(
  name: string,
  { tokens, symbols, charactersPerSymbol }: TokenizedText,
  options: LaneShape & { readonly numValidation: number },
): Corpus {
  const { batchSize, sequenceLength, numValidation } = options;
  const cut = Math.floor(tokens.length * (1 - validationShare));
  const train = tokens.subarray(0, cut);
  const heldOut = tokens.subarray(cut);
  const lane = sequenceLength + 1;
  const needed = Math.ceil((batchSize * lane) / validationShare);
  if (heldOut.length < batchSize * lane) {
    throw new InputError(
      "E_TEXT_SHORT",
      `text ${name}: ${batchSize} lanes of ${sequenceLength} symbols, with a tenth held out, need ` +
        `at least ${needed} symbols; got ${tokens.length}; use a longer text, or lower batchSize ` +
        `or sequenceLength`,
      { details: { text: name, needed, got: tokens.length } },
    );
  }
  const validation = heldOut.slice(0, Math.max(numValidation, batchSize * lane));
  return {
    name,
    numSymbols: symbols.length,
    hash: sha256(new TextEncoder().encode(symbols.join("\n")), bytesOf(tokens)),
    trainLength: train.length,
    charactersPerSymbol: charactersPerSymbol ?? null,
    validation,
    entropyRates: null,
    open: (shape, key) => TextLanes.open(train, shape, key),
    resume: (shape, saved) => TextLanes.resume(train, shape, saved),
  };
}

/** The bytes of an array; every platform that Node and browsers run on is little-endian. */
function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
