import { InputError, type Json } from "@quadrivium/core";
import { pieceText } from "./piece-text.js";

/** A text as numbers. */
export interface TokenizedText {
  /** In [0, `symbols.length`). */
  readonly tokens: Int32Array;
  /** What each number stands for: characters, or two hexadecimal digits of a byte. */
  readonly symbols: readonly string[];
  /** Mean characters a token; absent for bytes. */
  readonly charactersPerSymbol?: number;
}

/** What a token is. */
export const tokenKinds = ["characters", "bytes", "bpe"] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** Characters rarer than all of this many kinds share the replacement character U+FFFD. */
export const mostSymbols = 256;

/**
 * Turns a file's bytes into tokens: its characters (Unicode code points, the most frequent 255 and
 * one for all others), the distinct bytes themselves, or pieces of words by byte-pair merges of those
 * characters.
 *
 * @param kind what a token is
 * @param vocabulary with `bpe`: characters and pieces together, at most
 * @param name what errors call the text
 * @throws E_TEXT_BINARY if characters are asked for and the bytes are no UTF-8 text
 * @throws E_TEXT_SYMBOLS if the text repeats one symbol: there is nothing to predict
 * @throws E_TEXT_EMPTY if it has no symbol at all
 */
export function tokenize(
  bytes: Uint8Array,
  { kind, vocabulary }: { readonly kind: TokenKind; readonly vocabulary: number },
  name: string,
): TokenizedText {
  const units =
    kind === "bytes"
      ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
      : Array.from(decodeText(bytes, name));
  if (units.length === 0) {
    throw refusal("E_TEXT_EMPTY", name, "needs text; got an empty file");
  }
  const counts = new Map<string, number>();
  for (const unit of units) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  if (counts.size < 2) {
    const hint = "a text of one symbol has nothing to predict: its loss is 0 at once";
    throw refusal(
      "E_TEXT_SYMBOLS",
      name,
      `needs at least 2 different symbols; got only ${JSON.stringify(units[0])}; ${hint}`,
    );
  }
  const symbols = commonest(counts);
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]));
  const other = ids.get(replacement) ?? 0;
  const tokens = Int32Array.from(units, (unit) => ids.get(unit) ?? other);
  if (kind === "bytes") return { tokens, symbols };
  if (kind === "characters") return { tokens, symbols, charactersPerSymbol: 1 };
  const pieces = pieceText({ tokens, symbols }, vocabulary);
  return { ...pieces, charactersPerSymbol: tokens.length / pieces.tokens.length };
}

const replacement = "\u{FFFD}";

/** Symbols by falling count, ties by code point; the rarest replaced by U+FFFD where too many. */
function commonest(counts: ReadonlyMap<string, number>): string[] {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const all = sorted.map(([symbol]) => symbol);
  if (all.length <= mostSymbols) return all;
  const kept = all.filter((symbol) => symbol !== replacement).slice(0, mostSymbols - 1);
  return [...kept, replacement];
}

function decodeText(bytes: Uint8Array, name: string): string {
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    throw refusal(
      "E_TEXT_BINARY",
      name,
      `needs UTF-8 text; got a zero byte at ${nul}, as binary files have; use tokens=bytes for those`,
      { at: nul },
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal(
      "E_TEXT_BINARY",
      name,
      "needs UTF-8 text; got bytes that are not; convert it to UTF-8, or use tokens=bytes",
      { cause: String(cause) },
    );
  }
}

function refusal(
  code: `E_${string}`,
  name: string,
  rule: string,
  details: { readonly [key: string]: Json } = {},
): InputError {
  return new InputError(code, `text ${name}: ${rule}`, { details: { text: name, ...details } });
}
