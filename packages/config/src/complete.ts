import type { z } from "zod";
import { InputError, type Json } from "@quadrivium/core";
import { fieldsOf, type Field } from "./fields.js";
import { suggestion } from "./nearest.js";
import { parseText } from "./parse-text.js";
import { refusal } from "./refusal.js";
import type { Preset } from "./study.js";
import { describeType, showValue } from "./value-type.js";

/** Settings by dotted path, as presets and `--set` give them. */
export type Settings = { readonly [path: string]: Json };

/** The part of a study that its configuration depends on. */
export interface Configurable<Config> {
  readonly name: string;
  readonly config: z.ZodType<Config>;
  readonly presets: { readonly [name: string]: Preset };
  /** What users of other systems may type, and the setting that it is here. */
  readonly synonyms?: { readonly [name: string]: string };
}

/**
 * The full, checked configuration of a preset with some settings changed.
 *
 * @throws E_PRESET if the study has no such preset
 * @throws E_SETTING if a path is no setting of the study
 * @throws E_VALUE if a value is not what its setting accepts
 */
export function completeConfig<Config>(
  study: Configurable<Config>,
  options: { readonly preset: string; readonly set?: Settings },
): Config {
  const preset = presetOf(study, options.preset);
  const fields = fieldsOf(study.config);
  const defaults = study.config.safeParse({});
  const input = structuredClone(defaults.success ? defaults.data : {}) as Record<string, Json>;
  for (const [path, value] of Object.entries({ ...preset.set, ...options.set })) {
    requireSetting(study, fields, path);
    assign(input, path.split("."), value);
  }
  const parsed = study.config.safeParse(input);
  if (!parsed.success) throw refusal(study.name, fields, input, parsed.error);
  return parsed.data;
}

/**
 * Reads `key=value` arguments against a study's settings.
 *
 * @throws E_SETTING if a key is no setting of the study or an argument has no `=`
 * @throws E_VALUE if a text is no value of its setting's type
 */
export function parseSettings<Config>(
  study: Configurable<Config>,
  assignments: readonly string[],
): Settings {
  const fields = fieldsOf(study.config);
  const settings: { [path: string]: Json } = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    if (at < 1) {
      throw new InputError(
        "E_SETTING",
        `--set: takes key=value; got ${JSON.stringify(assignment)}; for example --set ${example(fields)}`,
        { details: { assignment } },
      );
    }
    const path = assignment.slice(0, at);
    settings[path] = parseSetting(study, fields, path, assignment.slice(at + 1));
  }
  return settings;
}

function parseSetting(
  study: Configurable<unknown>,
  fields: readonly Field[],
  path: string,
  text: string,
): Json {
  requireSetting(study, fields, path);
  const type = fields.find((field) => field.path === path)?.type ?? { kind: "json" };
  const value = parseText(type, text);
  if (value === undefined) {
    throw new InputError(
      "E_VALUE",
      `${study.name}: ${path} must be ${describeType(type)}; got ${showValue(text)}`,
      { details: { setting: path, value: text, valid: describeType(type) } },
    );
  }
  return value;
}

function presetOf(study: Configurable<unknown>, name: string): Preset {
  const known = Object.keys(study.presets);
  if (Object.hasOwn(study.presets, name)) return study.presets[name]!;
  throw new InputError(
    "E_PRESET",
    `${study.name}: has no preset ${showValue(name)}; ${suggestion(name, known)}`,
    { details: { preset: name, known } },
  );
}

/** Accepts the path of a field, or of a record of fields (whose value is then JSON). */
function requireSetting(
  { name, synonyms = {} }: Configurable<unknown>,
  fields: readonly Field[],
  path: string,
): void {
  if (fields.some((field) => field.path === path || field.path.startsWith(`${path}.`))) return;
  // a field of free JSON has settings that no schema lists
  if (fields.some((field) => field.type.kind === "json" && path.startsWith(`${field.path}.`)))
    return;
  const known = fields.map((field) => field.path);
  const hint = Object.hasOwn(synonyms, path)
    ? `did you mean ${synonyms[path]}?`
    : suggestion(path, known);
  throw new InputError("E_SETTING", `${name}: has no setting ${showValue(path)}; ${hint}`, {
    details: { setting: path, known },
  });
}

function assign(target: Record<string, Json>, keys: readonly string[], value: Json): void {
  const [key, ...rest] = keys as [string, ...string[]];
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const child = target[key];
  const isRecord = typeof child === "object" && child !== null && !Array.isArray(child);
  const record = isRecord ? (child as Record<string, Json>) : {};
  target[key] = record;
  assign(record, rest, value);
}

function example(fields: readonly Field[]): string {
  const field = fields.find((candidate) => candidate.default !== undefined);
  return field === undefined ? "key=value" : `${field.path}=${showValue(field.default)}`;
}
