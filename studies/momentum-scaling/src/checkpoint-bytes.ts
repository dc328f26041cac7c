import type { StudyConfig } from "./config.js";
import { mostSymbols } from "./text/corpus/tokenize.js";
import { numParamsOf } from "./text/model-shape.js";

/** Parameters and up to three arrays of their size that an optimizer keeps, in four bytes each. */
const bytesPerParam = 16;

/** About how many bytes a run's checkpoint takes on disk; rather too many than too few. */
export function checkpointBytes(config: StudyConfig): number {
  if (config.experiment === "simulation") {
    // two float64 numbers a parameter and run, and the run's random stream
    return config.replicas * (16 * config.dim + 128) + 1024;
  }
  const { corpus, tokens, vocabulary, layers, width, batchSize } = config;
  const ofText = tokens === "bpe" ? vocabulary : mostSymbols;
  const numSymbols = corpus === "synthetic" ? config.numSymbols : ofText;
  const memory = 8 * layers * batchSize * width;
  const stream = 128 * batchSize;
  return bytesPerParam * numParamsOf({ numSymbols, width, layers }) + memory + stream + 65_536;
}
