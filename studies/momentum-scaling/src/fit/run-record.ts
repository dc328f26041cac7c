import { InputError } from "@quadrivium/core";

/** One measured loss. */
export interface RunRecord {
  /** N: parameters of the model. */
  readonly numParams?: number;
  /** D: tokens (samples) trained on. */
  readonly numTokens?: number;
  /** C: compute spent. */
  readonly compute?: number;
  readonly loss: number;
  /** Records of one run are resampled together: their errors are alike. */
  readonly run: string;
}

/** Names of a record's numbers, in the order in which sentences list them. */
export const scaleNames = ["numParams", "numTokens", "compute"] as const;
export type ScaleName = (typeof scaleNames)[number];

/** An error about runs that do not allow the fit asked for. */
export function fitError(what: string): InputError {
  return new InputError("E_FIT_RUNS", `fit: ${what}`);
}
