import type { z } from "zod";
import type {
  Checkpoint,
  Claim,
  Context,
  Figure,
  Json,
  Key,
  Train,
  TrainContext,
} from "@quadrivium/core";

/** A run as a verb reads it, finished or not. */
export interface StoredRun {
  /** The run's name. */
  readonly id: string;
  /** The study that made it. */
  readonly study: string;
  readonly config: Json;
  readonly seed: number;
  /** The last checkpoint. @throws InputError E_CHECKPOINT if there is none yet */
  readonly checkpoint: () => Promise<Checkpoint>;
}

/** What the host lends to a verb of a study. */
export interface CommandContext extends Context {
  /** Progress for a human, shown on standard error. */
  readonly progress: (text: string) => void;
  /** Reads a file that the user named. @throws InputError E_FILE with the path */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** Writes a file whole or not at all. @throws InputError E_WRITE with the path */
  readonly writeFile: (path: string, bytes: Uint8Array | string) => Promise<void>;
  /** Folder with optional data (`--data` or `QUADRIVIUM_DATA`); absent where none is given. */
  readonly dataFolder?: string;
  /**
   * A run by its folder, its name or the beginning of its name; absent where no runs are kept.
   *
   * @throws InputError E_NO_RUN if there is none
   */
  readonly openRun?: (run: string) => Promise<StoredRun>;
  /** An empty document to draw figures in; absent where the host has none. */
  readonly newDocument?: () => Promise<Document>;
}

/**
 * A verb of a study (`dissect`, `curve`, `locate`), described once: the command line, the server
 * and a web worker are derived from it.
 *
 * `input` is a flat zod object. Each field becomes a `--kebab-case` flag with its description and
 * default; the fields named in `positional` are taken by position instead.
 */
export interface Command<Input = unknown, Output = unknown> {
  readonly name: string;
  readonly summary: string;
  /** Input fields taken by position, in order; the last may be a list. */
  readonly positional?: readonly string[];
  /** Whether it asks for runs: the command line then takes the folder that holds them. */
  readonly readsRuns?: boolean;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** Lines for a human in place of the raw output. */
  render?(output: Output): string;
  /** One or two invocations that show the verb at its best, from the verb on: `dissect model.pt`. */
  readonly examples?: readonly string[];
  run(input: Input, context: CommandContext): Promise<Output>;
}

/** A named configuration: the settings of a figure or table of the paper, or a smaller relative. */
export interface Preset {
  readonly summary: string;
  /** Differences from the configuration's defaults. */
  readonly set: { readonly [path: string]: Json };
  /** Expected seconds on two cores, for `--help` and the time left at the start. */
  readonly expectedSeconds?: number;
}

/** A run that a reproduction needs; equal configuration and seed are never run twice. */
export interface PlannedRun {
  readonly preset: string;
  readonly set?: { readonly [path: string]: Json };
  readonly seed: number;
}

/** A finished run, as a reproduction reads it. */
export interface FinishedRun {
  readonly plan: PlannedRun;
  readonly config: Json;
  readonly seconds: number;
  readonly result: Json;
  /** The last checkpoint: trained parameters and whatever else the study saves. */
  readonly checkpoint: () => Promise<Checkpoint>;
  /** A logged metric as [n, value] pairs in order of the clock. */
  readonly metric: (name: string) => Promise<readonly (readonly [number, number])[]>;
}

export type Tier = "quick" | "full";

/** How a study tests its paper's claims: which runs, and what is read off them. */
export interface Reproduction {
  /** The runs a tier needs, in an order in which early ones already show something. */
  readonly plan: (tier: Tier) => readonly PlannedRun[];
  /** Tests the claims on the finished runs; rows are yielded as they are computed. */
  readonly judge: (
    tier: Tier,
    runs: readonly FinishedRun[],
    context: Context & { readonly key: Key },
  ) => AsyncIterable<Claim>;
  /** Draws the figures. `document` is the page's own, or a stand-in outside a page. */
  readonly figures: (
    tier: Tier,
    runs: readonly FinishedRun[],
    document: Document,
  ) => AsyncIterable<Figure>;
}

/** A study: one paper, as data and functions. The command line and the server know only this. */
export interface Study<Config = unknown, Result extends Json = Json> {
  readonly name: string;
  readonly title: string;
  readonly paper: { readonly title: string; readonly authors: string; readonly id: string };
  /** Raised by every change that can move results; part of the configuration's hash. */
  readonly resultsVersion: number;
  readonly config: z.ZodType<Config>;
  readonly presets: { readonly [name: string]: Preset };
  /** What users of other systems may type, and the setting that it is here. */
  readonly synonyms?: { readonly [name: string]: string };
  /** Bytes that one checkpoint takes on disk: checked against what is free before a run starts. */
  checkpointBytes?(config: Config): number;
  /** Bytes of the segments that three checkpoints in a row hold together. */
  segmentBytes?(config: Config): number;
  train(config: Config, context: TrainContext): ReturnType<Train<Config, Result>>;
  readonly commands: readonly Command[];
  /** The functions that {@link Context.map} can run in other processes, by name. */
  readonly tasks: {
    readonly [name: string]: (input: Json, context: Omit<Context, "map">) => Promise<Json>;
  };
  readonly reproduction: Reproduction;
}
