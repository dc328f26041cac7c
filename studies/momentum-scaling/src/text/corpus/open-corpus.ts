import { foldIn, InputError, key } from "@quadrivium/core";
import type { TextConfig } from "../config.js";
import { syntheticLanguage } from "../language/synthetic-language.js";
import { languageCorpus, textCorpus, type Corpus } from "./corpus.js";
import { tokenize } from "./tokenize.js";

/** Texts that a host with files lends. */
export interface TextFiles {
  /** Reads a file that the user named. @throws InputError E_FILE with the path */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /**
   * The Markdown of the installed dependencies, in a fixed order.
   *
   * @throws InputError E_TEXT_DEPENDENCIES if what is installed is not what is listed
   */
  readonly readDependencies: () => Promise<Uint8Array>;
}

/** Names the held-out text's key; the language's own children are its symbols, below it. */
const heldOutChild = 1000;

/**
 * The corpus that a configuration names.
 *
 * @throws E_TEXT_FILES if it is read from files and the host lends none
 * @throws E_TEXT_BINARY, E_TEXT_EMPTY, E_TEXT_SYMBOLS, E_TEXT_SHORT if a text cannot be learnt
 */
export async function openCorpus(config: TextConfig, files?: TextFiles): Promise<Corpus> {
  if (config.corpus === "synthetic") {
    const languageKey = key(config.languageSeed);
    const language = syntheticLanguage({ key: languageKey, ...config });
    return languageCorpus(language, {
      key: foldIn(languageKey, heldOutChild),
      numValidation: Math.max(config.numValidation, config.batchSize * (config.sequenceLength + 1)),
    });
  }
  if (files === undefined) {
    throw new InputError(
      "E_TEXT_FILES",
      `text: corpus=${config.corpus} reads files, which this host does not lend; use ` +
        `corpus=synthetic here, or the command line`,
    );
  }
  if (config.corpus === "file" && config.file === "") {
    throw new InputError(
      "E_TEXT_FILE",
      "text: corpus=file needs the path of a text; got none; add --set file=PATH",
    );
  }
  const name = config.corpus === "file" ? config.file : "dependencies";
  const bytes =
    config.corpus === "file" ? await files.readFile(config.file) : await files.readDependencies();
  const { tokens: kind, vocabulary } = config;
  return textCorpus(name, tokenize(bytes, { kind, vocabulary }, name), config);
}
