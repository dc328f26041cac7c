import type { z } from "zod";
import { InputError, type Json } from "@quadrivium/core";
import type { Field } from "./fields.js";
import { describeType, showValue } from "./value-type.js";

/**
 * One sentence for a user from the first complaint of zod: which setting, what it accepts, what it
 * was given.
 */
export function refusal(
  name: string,
  fields: readonly Field[],
  input: unknown,
  error: z.ZodError,
): InputError {
  const issue = error.issues[0]!;
  const path = issue.path.map(String).join(".");
  const field = fieldAt(fields, path);
  const value = valueAt(input, issue.path);
  const got = showValue(value);
  const details: { [key: string]: Json } = { setting: path, value: value ?? null };
  if (field === undefined || issue.code === "custom") {
    const subject = path === "" ? "" : ` ${path}:`;
    // a rule over several settings may tell itself what it got
    const isShown = path === "" || issue.message.includes("; got ");
    const shown = isShown ? "" : `; got ${got}`;
    return new InputError("E_VALUE", `${name}:${subject} ${issue.message}${shown}`, { details });
  }
  const valid = describeType(field.type);
  const subject = path === field.path ? path : `${field.path} (at ${path})`;
  return new InputError("E_VALUE", `${name}: ${subject} must be ${valid}; got ${got}`, {
    details: { ...details, valid },
  });
}

/** The field at a path, or the list or record field that the path leads into. */
function fieldAt(fields: readonly Field[], path: string): Field | undefined {
  return fields.find((field) => path === field.path || path.startsWith(`${field.path}.`));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): Json | undefined {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as { readonly [key: PropertyKey]: unknown })[key];
  }
  return value as Json | undefined;
}
