import type { Json } from "@quadrivium/core";

/** A run as it is compared. */
export interface ComparedRun {
  /** Everything that decides its numbers; nested records count by their leaves. */
  readonly settings: Json;
  /** The last value of every metric. */
  readonly metrics: { readonly [name: string]: number };
  readonly result: Json;
}

/** Values side by side, one a run in the order given; `null` where a run has none. */
export interface Comparison {
  /** Settings that are not the same in all runs, by path. */
  readonly settings: { readonly [path: string]: Json[] };
  /** Numbers, texts and truths at the top of the results. */
  readonly results: { readonly [name: string]: Json[] };
  readonly metrics: { readonly [name: string]: Json[] };
}

/** Lays runs of one study side by side. */
export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const settings = sideBySide(runs.map((run) => leavesOf(run.settings)));
  const differing = Object.entries(settings).filter(
    ([, values]) => new Set(values.map((value) => JSON.stringify(value))).size > 1,
  );
  return {
    settings: Object.fromEntries(differing),
    results: sideBySide(runs.map((run) => plainMembers(run.result))),
    metrics: sideBySide(runs.map((run) => run.metrics)),
  };
}

type Row = { readonly [name: string]: Json };

function sideBySide(rows: readonly Row[]): { [name: string]: Json[] } {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return Object.fromEntries(
    names.map((name) => [name, rows.map((row) => (Object.hasOwn(row, name) ? row[name]! : null))]),
  );
}

function leavesOf(value: Json, path = ""): Row {
  if (!isRecord(value)) return { [path]: value };
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      // the configuration's own settings go by the names that --set takes
      const below = path === "" || path === "config" ? key : `${path}.${key}`;
      return Object.entries(leavesOf(member, below));
    }),
  );
}

function plainMembers(result: Json): Row {
  if (!isRecord(result)) return {};
  return Object.fromEntries(Object.entries(result).filter(([, value]) => !isComposite(value)));
}

function isComposite(value: Json): boolean {
  return typeof value === "object" && value !== null;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return isComposite(value) && !Array.isArray(value);
}
