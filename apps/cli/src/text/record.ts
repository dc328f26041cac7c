import type { Json } from "@quadrivium/core";
import { formatNumber } from "./number.js";

/** A record for people: one line a field, long lists cut, nested records on one line. */
export function formatRecord(record: { readonly [key: string]: Json }): string {
  const width = Math.max(0, ...Object.keys(record).map((key) => key.length));
  return Object.entries(record)
    .map(([key, value]) => `${key.padEnd(width)}  ${formatValue(value)}`)
    .join("\n");
}

const mostItems = 8;
const mostCharacters = 100;

/** A value on one line. */
export function formatValue(value: Json): string {
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).slice(0, mostItems).map(formatValue);
    return `${items.join(", ")}${value.length > mostItems ? `, … (${value.length})` : ""}`;
  }
  const text = JSON.stringify(value);
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}
