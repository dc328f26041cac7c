import { key, streamOf } from "@quadrivium/core";
import { describe, expect, test } from "vitest";
import { syntheticLanguage } from "../language/synthetic-language.js";
import { applyMerges, learnMerges, rankMerges } from "./byte-pairs.js";
import { languageCorpus, textCorpus, type Corpus } from "./corpus.js";
import { tokenize } from "./tokenize.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const vocabulary = 300;
const shape = { batchSize: 3, sequenceLength: 4 };
const alphabet = "abcdefghijklmnopqrstuvwxyz".repeat(10);

describe("tokenize", () => {
  test("numbers characters by falling count and can be read back", () => {
    const { tokens, symbols } = tokenize(bytes("báaab"), { kind: "characters", vocabulary }, "t");
    expect(symbols).toEqual(["a", "b", "á"]);
    expect(Array.from(tokens, (token) => symbols[token]).join("")).toBe("báaab");
  });

  test("numbers the bytes that occur", () => {
    const { tokens, symbols } = tokenize(
      Uint8Array.of(255, 0, 255),
      { kind: "bytes", vocabulary },
      "t",
    );
    expect(symbols).toEqual(["ff", "00"]);
    expect(Array.from(tokens)).toEqual([0, 1, 0]);
  });

  test("gives all characters beyond the commonest 255 one number", () => {
    const text = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
    const { tokens, symbols } = tokenize(
      bytes(`${text}一`),
      { kind: "characters", vocabulary },
      "t",
    );
    expect(symbols).toHaveLength(256);
    expect(symbols.at(-1)).toBe("\u{FFFD}");
    expect(tokens.filter((token) => token === 255)).toHaveLength(145);
  });

  test("merges the pairs of the classic example in its order", () => {
    // Sennrich et al. 2016, figure 1: low ×5, lower ×2, newest ×6, widest ×3. Worked by hand: es and
    // st are tied at 9, and e has the smaller number
    const words = [
      ["low", 5],
      ["lower", 2],
      ["newest", 6],
      ["widest", 3],
    ] as const;
    const letters = [..."deilnorstw"];
    const given = new Map(
      words.map(([word, count]) => [
        word,
        { characters: Array.from(word, (c) => letters.indexOf(c)), count },
      ]),
    );
    const merges = learnMerges(given, { numCharacters: 10, numPieces: 16 });
    const names = [...letters];
    for (const [left, right] of merges) names.push(names[left]! + names[right]!);
    expect(names.slice(10)).toEqual(["es", "est", "lo", "low", "ew", "new"]);
    const ranks = rankMerges(merges);
    const split = (word: string): string[] =>
      applyMerges(
        Array.from(word, (c) => letters.indexOf(c)),
        ranks,
        10,
      ).map((p) => names[p]!);
    expect(split("lowest")).toEqual(["low", "est"]);
    expect(split("newlow")).toEqual(["new", "low"]);
    expect(split("dd")).toEqual(["d", "d"]);
  });

  test("counts pairs while it merges as a count from the start would", () => {
    const stream = streamOf(key(5));
    const given = new Map(
      Array.from({ length: 60 }, (_, i) => [
        String(i),
        {
          characters: Array.from({ length: 3 + stream.below(9) }, () => stream.below(3)),
          count: 1 + stream.below(5),
        },
      ]),
    );
    const merges = learnMerges(given, { numCharacters: 3, numPieces: 30 });
    // each merge must be the most frequent pair of the words as merged so far
    merges.forEach(([left, right], n) => {
      const ranks = rankMerges(merges.slice(0, n));
      const counts = new Map<number, number>();
      for (const { characters, count } of given.values()) {
        const pieces = applyMerges(characters, ranks, 3);
        for (let i = 0; i + 1 < pieces.length; i++) {
          const pair = pieces[i]! * 1000 + pieces[i + 1]!;
          counts.set(pair, (counts.get(pair) ?? 0) + count);
        }
      }
      const most = Math.max(...counts.values());
      expect(counts.get(left * 1000 + right)).toBe(most);
    });
    expect(merges.length).toBeGreaterThan(15);
  });

  test("reads a text of pieces back, whole", () => {
    const text = "the cat and the hat and the bat;\n\n  the end. ".repeat(20);
    const { tokens, symbols, charactersPerSymbol } = tokenize(
      bytes(text),
      { kind: "bpe", vocabulary },
      "t",
    );
    expect(Array.from(tokens, (token) => symbols[token]).join("")).toBe(text);
    expect(symbols).toContain(" the");
    expect(charactersPerSymbol).toBeCloseTo(text.length / tokens.length, 12);
    expect(charactersPerSymbol).toBeGreaterThan(3);
  });

  test("refuses what is no text, in one sentence", () => {
    const refuse = (data: Uint8Array) => () =>
      tokenize(data, { kind: "characters", vocabulary }, "f.txt");
    expect(refuse(bytes(""))).toThrow(/f\.txt: needs text; got an empty file/);
    expect(refuse(bytes("aaaa"))).toThrow(/at least 2 different symbols; got only "a"/);
    expect(refuse(Uint8Array.of(65, 0, 66))).toThrow(/zero byte at 1/);
    expect(refuse(Uint8Array.of(65, 255, 66))).toThrow(/needs UTF-8 text/);
    expect(() => tokenize(Uint8Array.of(7, 7), { kind: "bytes", vocabulary }, "f.bin")).toThrow(
      /got only "07"/,
    );
  });
});

describe("textCorpus", () => {
  const text = tokenize(bytes(alphabet), { kind: "characters", vocabulary }, "alphabet");
  const corpus = textCorpus("alphabet", text, { ...shape, numValidation: 20 });

  test("holds out the end, and lanes read the rest in order", () => {
    expect(corpus.trainLength).toBe(234);
    expect(Array.from(corpus.validation.subarray(0, 3))).toEqual([0, 1, 2]); // 234 = 9 · 26
    const source = corpus.open(shape, key(0));
    const [first, second] = [source.next(), source.next()];
    for (let lane = 0; lane < 3; lane++) {
      const read = Array.from(first.inputs.data.slice(4 * lane, 4 * lane + 4), Number);
      const [start] = read as [number];
      expect(read).toEqual([0, 1, 2, 3].map((step) => (start + step) % 26));
      expect(second.inputs.data[4 * lane]).toBe(first.labels.data[4 * lane + 3]);
    }
  });

  test("is refused when it cannot fill a step and its held-out part", () => {
    const short = tokenize(bytes("ab".repeat(20)), { kind: "characters", vocabulary }, "short");
    const make = () => textCorpus("short", short, { ...shape, numValidation: 20 });
    expect(make).toThrow(/need at least 150 symbols; got 40/);
  });
});

describe("a corpus's lanes", () => {
  const language = syntheticLanguage({ key: key(0), numSymbols: 6 });
  const text = tokenize(bytes(alphabet), { kind: "characters", vocabulary }, "alphabet");
  const corpora: readonly (readonly [string, Corpus])[] = [
    ["synthetic", languageCorpus(language, { key: key(4), numValidation: 30 })],
    ["text", textCorpus("alphabet", text, { ...shape, numValidation: 20 })],
  ];

  test.each(corpora)("go on from a checkpoint with the same batches: %s", (_, corpus) => {
    const source = corpus.open(shape, key(5));
    for (let n = 0; n < 70; n++) source.next();
    const saved = structuredClone(source.state());
    const ahead = [source.next(), source.next()];
    const resumed = corpus.resume(shape, saved);
    expect([resumed.next(), resumed.next()]).toEqual(ahead);
  });

  test.each(corpora)("are decided by the key: %s", (_, corpus) => {
    const batch = (seed: number) => corpus.open(shape, key(seed)).next();
    expect(batch(5)).toEqual(batch(5));
    expect(batch(5)).not.toEqual(batch(6));
  });

  test.each(corpora)("predict the symbol that they read next: %s", (_, corpus) => {
    const source = corpus.open(shape, key(8));
    const [first, second] = [source.next(), source.next()];
    for (let lane = 0; lane < 3; lane++) {
      expect(first.inputs.data.slice(4 * lane + 1, 4 * lane + 4)).toEqual(
        first.labels.data.slice(4 * lane, 4 * lane + 3),
      );
      expect(second.inputs.data[4 * lane]).toBe(first.labels.data[4 * lane + 3]);
    }
  });
});
