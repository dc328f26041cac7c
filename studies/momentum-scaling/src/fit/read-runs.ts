import { readCsv } from "@quadrivium/io";
import { fitError, scaleNames, type RunRecord, type ScaleName } from "./run-record.js";

/** Runs from a file, and the floor that all of them share, where the file knows it. */
export interface RunsFile {
  readonly records: readonly RunRecord[];
  readonly floor: number | null;
}

/** Columns that a user names, in place of the usual names. */
export type ColumnChoice = { readonly [name in ScaleName | "loss" | "run"]?: string | undefined };

/** Names under which columns are looked for, in lower case without separators. */
const usualNames: { readonly [name in ScaleName | "loss" | "run"]: readonly string[] } = {
  numParams: ["n", "params", "numparams", "parameters", "size"],
  numTokens: ["d", "tokens", "numtokens", "data", "samples"],
  compute: ["c", "compute", "flops", "flop"],
  loss: ["l", "loss", "finalloss", "validationloss", "valloss", "testloss"],
  run: ["run", "runid", "id", "name"],
};

/**
 * Reads measured losses: a CSV table with columns for size N, data D or compute C, and the loss; or
 * the results of `run momentum-scaling text --json`, one a line.
 *
 * Of a text result the second half of logarithmic time counts, with validation losses.
 *
 * @throws E_FIT_RUNS if no column of losses or of a scale is found, or a number is not positive
 */
export function readRuns(text: string, choice: ColumnChoice = {}): RunsFile {
  return /^\s*[[{]/.test(text) ? textResults(text) : tableOf(text, choice);
}

function tableOf(text: string, choice: ColumnChoice): RunsFile {
  const firstLine = text.slice(0, text.search(/\r?\n|$/));
  const table = readCsv(text, firstLine.includes("\t") ? { separator: "\t" } : {});
  const columnOf = (name: keyof typeof usualNames): string | undefined => {
    const chosen = choice[name];
    if (chosen === undefined) {
      return table.names.find((column) => usualNames[name].includes(plain(column)));
    }
    if (table.names.includes(chosen)) return chosen;
    throw fitError(`no column is called "${chosen}"; the file has ${table.names.join(", ")}`);
  };
  const lossColumn = columnOf("loss");
  const scales = scaleNames.flatMap((name) => {
    const column = columnOf(name);
    return column === undefined ? [] : [{ name, column }];
  });
  if (lossColumn === undefined || scales.length === 0) {
    throw fitError(
      `the table needs a column "loss" and one of "N" (parameters), "D" (tokens) or "C" (compute); ` +
        `got ${table.names.join(", ")}; name yours with --loss, --params, --tokens, --compute`,
    );
  }
  const runColumn = columnOf("run");
  const positive = (column: string, row: number): number => {
    const value = table.columns[column]![row];
    if (typeof value === "number" && value > 0 && value < Infinity) return value;
    throw fitError(
      `every ${column} must be a finite number above 0; got ${JSON.stringify(value)} in row ${row + 1}`,
    );
  };
  const records = Array.from({ length: table.numRows }, (_, row): RunRecord => {
    const given = scales.map(({ name, column }) => [name, positive(column, row)]);
    const run = runColumn === undefined ? `row ${row}` : String(table.columns[runColumn]![row]);
    return { ...Object.fromEntries(given), loss: positive(lossColumn, row), run };
  });
  return { records, floor: null };
}

const plain = (column: string): string => column.toLowerCase().replaceAll(/[\s_-]/g, "");

interface TextRun {
  readonly numParams: number;
  readonly status: string;
  readonly entropyRate: number | null;
  readonly curve: {
    readonly numTokens: readonly number[];
    readonly validationLoss: readonly number[];
  };
}

function textResults(text: string): RunsFile {
  const results = parseLines(text);
  const stable = results.filter(({ status }) => status === "stable");
  if (stable.length === 0) {
    throw fitError(`needs a text run that did not diverge; got ${results.length} that did`);
  }
  const records = stable.flatMap(({ numParams, curve }, index) => {
    const { numTokens, validationLoss } = curve;
    const from = Math.sqrt(numTokens[0]! * numTokens.at(-1)!);
    return numTokens.flatMap((tokens, i): RunRecord[] =>
      tokens < from
        ? []
        : [{ numParams, numTokens: tokens, loss: validationLoss[i]!, run: String(index) }],
    );
  });
  const floors = new Set(stable.map(({ entropyRate }) => entropyRate));
  return { records, floor: floors.size === 1 ? [...floors][0]! : null };
}

function parseLines(text: string): TextRun[] {
  const trimmed = text.trim();
  const lines = trimmed.startsWith("[") ? [trimmed] : trimmed.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch (cause) {
      throw fitError(`line ${at + 1} must be JSON; ${(cause as Error).message}`);
    }
    return (Array.isArray(parsed) ? parsed : [parsed]).map((result: unknown) => {
      if (isTextRun(result)) return result;
      throw fitError(
        `line ${at + 1} must be the result of a text run, with numParams and curve, as ` +
          `"run momentum-scaling text --json" prints it`,
      );
    });
  });
}

function isTextRun(value: unknown): value is TextRun {
  if (typeof value !== "object" || value === null) return false;
  const { numParams, curve } = value as Partial<TextRun>;
  return (
    typeof numParams === "number" &&
    Array.isArray(curve?.numTokens) &&
    Array.isArray(curve.validationLoss)
  );
}
