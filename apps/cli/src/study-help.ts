import { describeType, fieldsOf, showValue, type Field, type Study } from "@quadrivium/config";
import { formatDuration } from "./text/duration.js";

/** How much a help page tells: what fits a screen, or everything (`--help-all`). */
export type HelpDetail = "screen" | "all";

/** How many presets a screen tells about; of the others it gives the names. */
const presetsOnScreen = 6;

/** A study's presets, for `quadrivium <study> --help`. */
export function describePresets(study: Study, page: HelpPage): string {
  const presets = Object.entries(study.presets).map(([name, { summary, expectedSeconds }]) => [
    `  ${name}`,
    expectedSeconds === undefined ? "" : `~${formatDuration(expectedSeconds)}`,
    summary,
  ]);
  const names = Object.keys(study.presets);
  const [first] = names;
  const isWhole = page.detail === "all" || presets.length <= presetsOnScreen + 2;
  const shown = isWhole ? presets : presets.slice(0, presetsOnScreen);
  const rest = names.slice(shown.length);
  return [
    `Presets (quadrivium run ${study.name} <preset>):`,
    rows(shown, page),
    ...(rest.length === 0 ? [] : [paragraph(`and ${rest.join(", ")}`, page.columns)]),
    ...more(study.name, page),
    ...(first === undefined ? [] : ["", `Example: quadrivium run ${study.name} ${first}`]),
  ].join("\n");
}

/** A study's settings, for `quadrivium run <study> --help`. */
export function describeSettings(study: Study, page: HelpPage): string {
  const title = `Settings of ${study.name} (--set name=value):`;
  const fields = fieldsOf(study.config);
  const valueOf = (field: Field): string =>
    field.default === undefined ? "" : showValue(field.default);
  if (page.detail === "all") {
    const settings = fields.map((field) => [
      `  ${field.path}`,
      valueOf(field),
      field.description ?? describeType(field.type),
    ]);
    return [title, rows(settings, page)].join("\n");
  }
  const words = fields.map((field) => [field.path, valueOf(field)].filter((x) => x).join("="));
  return [title, paragraph(words.join(" "), page.columns), ...more(`run ${study.name}`, page)].join(
    "\n",
  );
}

/** How wide a help page is and how much it tells. */
export interface HelpPage {
  readonly columns: number;
  readonly detail: HelpDetail;
}

function more(command: string, { detail }: HelpPage): string[] {
  return detail === "all" ? [] : [`  what each means: quadrivium ${command} --help-all`];
}

/** What a flag means, what it is otherwise and what it takes. */
export function describeFlag(field: Field): string {
  const meaning = field.description ?? "";
  if (field.type.kind === "boolean") return field.default === true ? `do not: ${meaning}` : meaning;
  const otherwise = field.default === undefined ? "" : `default ${showValue(field.default)}`;
  const type = field.type.kind === "string" ? "" : describeType(field.type);
  const rule = [otherwise, type].filter((part) => part !== "").join("; ");
  return [meaning, rule === "" ? "" : `(${rule})`].filter((part) => part !== "").join(" ");
}

/** Text on as many columns as there are; what does not fit one line is cut on a screen. */
export function fitLine(text: string, columns: number, { detail }: HelpPage): string[] {
  const lines = wrap(text, columns);
  if (detail === "all" || lines.length === 1) return lines;
  return [`${wrap(text, columns - 2)[0]!.replace(/[,;:(]+$/, "")} …`];
}

/** Rows in columns; what the last column has no room for goes on below it, or is cut. */
function rows(cells: readonly (readonly string[])[], page: HelpPage): string {
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  const indent = widths[0]! + widths[1]! + 4;
  return cells
    .map(([name = "", value = "", text = ""]) => {
      const start = `${name.padEnd(widths[0]!)}  ${value.padEnd(widths[1]!)}  `;
      const lines = fitLine(text, page.columns - indent, page);
      return `${start}${lines.join(`\n${" ".repeat(indent)}`)}`.trimEnd();
    })
    .join("\n");
}

function paragraph(text: string, columns: number): string {
  return wrap(text, columns - 2)
    .map((line) => `  ${line}`)
    .join("\n");
}

function wrap(text: string, columns: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
