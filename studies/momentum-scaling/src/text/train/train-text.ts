import { foldIn, type Event, type TrainContext } from "@quadrivium/core";
import { logTimes } from "../../theory/risk-curve.js";
import type { TextConfig } from "../config.js";
import type { Corpus } from "../corpus/corpus.js";
import { openCorpus, type TextFiles } from "../corpus/open-corpus.js";
import { initialParams } from "../model.js";
import { numParamsOf, type ModelShape } from "../model-shape.js";
import { learningRateOf } from "../optimizers.js";
import { joinCheckpoint, splitCheckpoint, type Place } from "./checkpoint.js";
import type { LossCurve, TextResult } from "./result.js";
import { openSession, startState } from "./session.js";

/** Steps between two points of a curve grow by this factor. */
const pointRatio = 1.2;

/** Gradient steps between two checkpoints. */
const checkpointEvery = 500;

/** A loss above this many times that of guessing has left every bound. */
const divergenceFactor = 10;

/**
 * Trains a language model as a stream of events: at logarithmically spaced steps the metrics
 * `trainLoss` (mean since the point before) and `validationLoss`. The clock counts gradient steps.
 *
 * The key decides initial parameters and the order of the text, never the text itself: runs of equal
 * key and different optimizers start alike and read alike.
 *
 * @throws E_TEXT_FILES if the corpus is read from files and the host lends none
 * @throws E_CHECKPOINT, E_CORPUS_CHANGED if a checkpoint of another network or text is given
 */
export async function* trainText(
  config: TextConfig,
  context: Pick<TrainContext, "key" | "signal" | "checkpoint" | "compute">,
  files?: TextFiles,
): AsyncGenerator<Event<TextResult>, void, void> {
  const { key, signal, compute } = context;
  const corpus = await openCorpus(config, files);
  const shape: ModelShape = { ...config, numSymbols: corpus.numSymbols };
  const fresh = startState(config, initialParams(shape, foldIn(key, 0)), shape);
  const saved =
    context.checkpoint === undefined
      ? undefined
      : splitCheckpoint(context.checkpoint, fresh, corpus);
  const source =
    saved === undefined
      ? corpus.open(config, foldIn(key, 1))
      : corpus.resume(config, saved.place.source);
  const session = await openSession(config, saved?.state ?? fresh, { corpus, shape, compute });
  const progress = new Progress(config, saved?.place);
  const bound = divergenceFactor * Math.log(corpus.numSymbols);
  const at = () => ({ clock: "gradientStep", n: progress.step });
  let divergedAt: number | null = null;
  try {
    while (progress.step < config.steps && divergedAt === null) {
      const loss = await session.step(source.next());
      progress.add(loss);
      if (!(loss <= bound)) divergedAt = progress.step;
      if (progress.isPoint() && divergedAt === null) {
        const point = progress.close(await session.validate());
        yield { kind: "step", ...at(), total: config.steps };
        for (const [name, value] of Object.entries(point)) {
          yield { kind: "metric", name, value, ...at() };
        }
      }
      const isLast = progress.step === config.steps || divergedAt !== null;
      if (isLast || signal.aborted || progress.step % checkpointEvery === 0) {
        const place = progress.place(source.state());
        yield {
          kind: "checkpoint",
          ...at(),
          ...joinCheckpoint(await session.save(), place, corpus),
        };
        if (signal.aborted && !isLast) return;
      }
    }
  } finally {
    await session.dispose();
  }
  yield { kind: "done", result: resultOf(config, { corpus, progress, shape, divergedAt }) };
}

/** How far a run is, and its curve so far. */
class Progress {
  readonly #points: ReadonlySet<number>;
  readonly #tokensPerStep: number;
  readonly #curve: { readonly [name in keyof LossCurve]: number[] };
  #sum: number;
  #count: number;
  step: number;

  constructor(config: TextConfig, from?: Place) {
    this.#points = new Set(logTimes(config.steps, pointRatio));
    this.#tokensPerStep = config.batchSize * config.sequenceLength;
    this.step = from?.step ?? 0;
    this.#sum = from?.pending.sum ?? 0;
    this.#count = from?.pending.count ?? 0;
    const { steps = [], numTokens = [], trainLoss = [], validationLoss = [] } = from?.curve ?? {};
    this.#curve = {
      steps: [...steps],
      numTokens: [...numTokens],
      trainLoss: [...trainLoss],
      validationLoss: [...validationLoss],
    };
  }

  get numTokens(): number {
    return this.step * this.#tokensPerStep;
  }

  get curve(): LossCurve {
    return this.#curve;
  }

  add(loss: number): void {
    this.step += 1;
    this.#sum += loss;
    this.#count += 1;
  }

  isPoint(): boolean {
    return this.#points.has(this.step);
  }

  /** Adds a point to the curve. */
  close(validationLoss: number): { readonly trainLoss: number; readonly validationLoss: number } {
    const trainLoss = this.#sum / this.#count;
    [this.#sum, this.#count] = [0, 0];
    this.#curve.steps.push(this.step);
    this.#curve.numTokens.push(this.numTokens);
    this.#curve.trainLoss.push(trainLoss);
    this.#curve.validationLoss.push(validationLoss);
    return { trainLoss, validationLoss };
  }

  place(source: Place["source"]): Place {
    // A diverged run ends here; its sum is not JSON and nobody goes on with it.
    const sum = Number.isFinite(this.#sum) ? this.#sum : 0;
    return { step: this.step, pending: { sum, count: this.#count }, curve: this.#curve, source };
  }
}

function resultOf(
  config: TextConfig,
  run: {
    readonly corpus: Corpus;
    readonly progress: Progress;
    readonly shape: ModelShape;
    readonly divergedAt: number | null;
  },
): TextResult {
  const { corpus, progress, shape, divergedAt } = run;
  const { curve, numTokens } = progress;
  const last = (values: readonly number[]): number | null =>
    divergedAt === null ? (values.at(-1) ?? null) : null;
  return {
    experiment: "text",
    corpus: corpus.name,
    corpusHash: corpus.hash,
    numSymbols: corpus.numSymbols,
    charactersPerSymbol: corpus.charactersPerSymbol,
    optimizer: config.optimizer,
    learningRate: learningRateOf(config),
    width: config.width,
    numParams: numParamsOf(shape),
    steps: progress.step,
    numTokens,
    epochs: corpus.trainLength === null ? null : numTokens / corpus.trainLength,
    finalLoss: last(curve.trainLoss),
    validationLoss: last(curve.validationLoss),
    entropyRate: corpus.entropyRates?.order2 ?? null,
    order1Entropy: corpus.entropyRates?.order1 ?? null,
    status: divergedAt === null ? "stable" : "diverged",
    divergedAt,
    curve: structuredClone(curve),
  };
}
