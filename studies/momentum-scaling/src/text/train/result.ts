/** What the training of a language model reports; losses are nats a symbol. */
export type TextResult = {
  readonly experiment: "text";
  readonly corpus: string;
  /** SHA-256 of the corpus: equal hashes mean equal text. */
  readonly corpusHash: string;
  readonly numSymbols: number;
  /**
   * Mean length of a symbol; divide a loss by it for nats a character, which compare between kinds
   * of symbols. `null` for a synthetic language and for bytes.
   */
  readonly charactersPerSymbol: number | null;
  readonly optimizer: string;
  readonly learningRate: number;
  readonly width: number;
  readonly numParams: number;
  /** Gradient steps made. */
  readonly steps: number;
  /** Symbols trained on. */
  readonly numTokens: number;
  /** Times that the training text was read; `null` for an endless one. */
  readonly epochs: number | null;
  /** Mean training loss over the last stretch of steps; `null` where the run diverged. */
  readonly finalLoss: number | null;
  readonly validationLoss: number | null;
  /** Of the synthetic language: what no predictor beats; `null` for other texts. */
  readonly entropyRate: number | null;
  /** Of the synthetic language: what a predictor reaches that sees one symbol. */
  readonly order1Entropy: number | null;
  readonly status: "stable" | "diverged";
  /** Step after which the loss had left every bound. */
  readonly divergedAt: number | null;
  /** The run at logarithmically spaced steps. */
  readonly curve: LossCurve;
};

/** Losses at logarithmically spaced steps. */
export type LossCurve = {
  readonly steps: readonly number[];
  readonly numTokens: readonly number[];
  /** Mean over the steps since the point before: each symbol is scored before it is learnt. */
  readonly trainLoss: readonly number[];
  readonly validationLoss: readonly number[];
};
