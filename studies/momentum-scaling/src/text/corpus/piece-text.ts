import { applyMerges, learnMerges, rankMerges } from "./byte-pairs.js";

/** A text as numbers of its symbols. */
interface Numbered {
  readonly tokens: Int32Array;
  readonly symbols: readonly string[];
}

/** Merges are learnt on this share of a text; what follows is held out. */
const learntShare = 0.9;

/** A word with the white space before it, as pieces never reach across words. */
const wordPattern = /\s*\S+|\s+$/gu;

/**
 * A text of characters as one of pieces: characters and the merges learnt from its first nine
 * tenths.
 *
 * @param numPieces at most; a text of few words has fewer
 */
export function pieceText(characters: Numbered, numPieces: number): Numbered {
  const { symbols } = characters;
  const text = Array.from(characters.tokens, (token) => symbols[token]!).join("");
  const ids = new Map(symbols.map((symbol, id) => [symbol, id]));
  const words = text.match(wordPattern) ?? [];
  const learnt = new Map<string, { readonly characters: number[]; count: number }>();
  let read = 0;
  for (const word of words) {
    if (read >= learntShare * text.length) break;
    read += word.length;
    const known = learnt.get(word);
    if (known) known.count++;
    else learnt.set(word, { characters: Array.from(word, (c) => ids.get(c)!), count: 1 });
  }
  const numCharacters = symbols.length;
  const merges = learnMerges(learnt, { numCharacters, numPieces });
  const ranks = rankMerges(merges);
  const pieces = [...symbols];
  for (const [left, right] of merges) pieces.push(pieces[left]! + pieces[right]!);
  const encoded = new Map<string, readonly number[]>();
  const tokens: number[] = [];
  for (const word of words) {
    let own = encoded.get(word);
    if (own === undefined) {
      own = applyMerges(
        Array.from(word, (c) => ids.get(c)!),
        ranks,
        numCharacters,
      );
      encoded.set(word, own);
    }
    for (const piece of own) tokens.push(piece);
  }
  return { tokens: Int32Array.from(tokens), symbols: pieces };
}
