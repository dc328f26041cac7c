/** Words as lists of piece numbers, which merges shorten. */
interface Words {
  readonly pieces: number[][];
  readonly counts: readonly number[];
}

/** Two neighbouring pieces as one number. */
const pairKey = (left: number, right: number): number => left * 65_536 + right;

/**
 * Learns byte-pair merges: again and again the most frequent pair of neighbouring pieces within a
 * word becomes a piece, of equally frequent pairs the one of smaller numbers.
 *
 * @param words distinct words as numbers of their characters, with how often each occurs
 * @param numCharacters numbers below this are characters
 * @param numPieces characters and merged pieces together; fewer where no pair occurs twice
 * @returns the pairs, the i-th of which is piece `numCharacters + i`
 * @source Sennrich, Haddow and Birch 2016, arXiv 1508.07909, algorithm 1
 */
export function learnMerges(
  words: ReadonlyMap<string, { readonly characters: readonly number[]; readonly count: number }>,
  { numCharacters, numPieces }: { readonly numCharacters: number; readonly numPieces: number },
): (readonly [number, number])[] {
  const entries = [...words.values()];
  const state: Words = {
    pieces: entries.map(({ characters }) => [...characters]),
    counts: entries.map(({ count }) => count),
  };
  const table = new PairTable(state);
  const merges: (readonly [number, number])[] = [];
  while (numCharacters + merges.length < numPieces) {
    const best = table.mostFrequent();
    if (best === null) break;
    const pair = [Math.floor(best / 65_536), best % 65_536] as const;
    table.merge(pair, numCharacters + merges.length);
    merges.push(pair);
  }
  return merges;
}

/**
 * Applies merges to one word in the order in which they were learnt.
 *
 * @param ranks place of each pair in that order
 */
export function applyMerges(
  characters: readonly number[],
  ranks: ReadonlyMap<number, number>,
  numCharacters: number,
): number[] {
  let pieces = [...characters];
  for (;;) {
    let best = Infinity;
    for (let i = 0; i + 1 < pieces.length; i++) {
      const rank = ranks.get(pairKey(pieces[i]!, pieces[i + 1]!));
      if (rank !== undefined && rank < best) best = rank;
    }
    if (best === Infinity) return pieces;
    pieces = joined(pieces, (left, right) => ranks.get(pairKey(left, right)) === best, {
      as: numCharacters + best,
    });
  }
}

/** The place of each merge among all. */
export function rankMerges(merges: readonly (readonly [number, number])[]): Map<number, number> {
  return new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
}

/** Replaces a pair from left to right. */
function joined(
  pieces: readonly number[],
  isPair: (left: number, right: number) => boolean,
  { as }: { readonly as: number },
): number[] {
  const result: number[] = [];
  for (let i = 0; i < pieces.length; i++) {
    if (i + 1 < pieces.length && isPair(pieces[i]!, pieces[i + 1]!)) {
      result.push(as);
      i++;
    } else {
      result.push(pieces[i]!);
    }
  }
  return result;
}

/** How often each pair occurs, and in which words, kept up to date while words change. */
class PairTable {
  readonly #words: Words;
  readonly #counts = new Map<number, number>();
  readonly #places = new Map<number, Set<number>>();

  constructor(words: Words) {
    this.#words = words;
    words.pieces.forEach((_, word) => this.#add(word, 1));
  }

  /** `null` where no pair occurs twice. */
  mostFrequent(): number | null {
    let best: number | null = null;
    let most = 1;
    for (const [pair, count] of this.#counts) {
      if (count > most || (count === most && best !== null && pair < best)) {
        [best, most] = [pair, count];
      }
    }
    return best;
  }

  merge([left, right]: readonly [number, number], as: number): void {
    const isPair = (a: number, b: number): boolean => a === left && b === right;
    for (const word of this.#places.get(pairKey(left, right))!) {
      this.#add(word, -1);
      this.#words.pieces[word] = joined(this.#words.pieces[word]!, isPair, { as });
      this.#add(word, 1);
    }
  }

  /** Counts a word's pairs in (1) or out (−1). */
  #add(word: number, sign: 1 | -1): void {
    const pieces = this.#words.pieces[word]!;
    for (let i = 0; i + 1 < pieces.length; i++) {
      const pair = pairKey(pieces[i]!, pieces[i + 1]!);
      const count = (this.#counts.get(pair) ?? 0) + sign * this.#words.counts[word]!;
      if (count > 0) this.#counts.set(pair, count);
      else this.#counts.delete(pair);
      if (sign === -1) continue; // a place too many does no harm
      const places = this.#places.get(pair) ?? new Set();
      this.#places.set(pair, places.add(word));
    }
  }
}
