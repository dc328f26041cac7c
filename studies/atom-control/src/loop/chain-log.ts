import { canonicalJson, type Json, sha256 } from "@quadrivium/core";

/** What a line says; the chain adds its place in it. */
export interface LogEntry {
  readonly type: string;
  /** Who caused it: "server", "adapter", or an operator by name. */
  readonly actor: string;
  readonly monotonicMs: number;
  readonly wallTime: string;
  readonly data: Json;
}

/** A line of the log as it stands in the file. */
export interface LogLine extends LogEntry {
  readonly seq: number;
  /** The `hash` of the line before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 of the line's canonical JSON without this field. */
  readonly hash: string;
}

/** What the first line's `previous` is. */
export const chainStart = "0".repeat(64);

/** Gives the lines of an append-only log, each bound to the one before by its hash. */
export function chainWriter(): (entry: LogEntry) => string {
  let seq = 0;
  let previous = chainStart;
  return (entry) => {
    const body = { ...entry, seq, previous };
    const hash = textHash(canonicalJson(body));
    seq++;
    previous = hash;
    return canonicalJson({ ...body, hash });
  };
}

/** The verdict on a log; `line` counts from 1. */
export type LogVerdict =
  | { readonly ok: true; readonly lines: readonly LogLine[]; readonly head: string }
  | { readonly ok: false; readonly line: number; readonly reason: string };

/**
 * Recomputes the chain of a log and names the first line that does not hold.
 *
 * A finished log ends with an entry "close", so that a cut at the end shows. The chain is not
 * signed: who can rewrite the whole file can rewrite the chain, unless the head was noted elsewhere.
 */
export function verifyLog(bytes: Uint8Array): LogVerdict {
  const lines: LogLine[] = [];
  const bad = (reason: string): LogVerdict => ({ ok: false, line: lines.length + 1, reason });
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return bad("it has no end; the file was cut short");
    const line = parseLine(bytes.subarray(at, end));
    if (line === undefined) return bad("it is not a line of such a log");
    const { hash, ...body } = line;
    if (textHash(canonicalJson({ ...body })) !== hash) return bad("it does not match its hash");
    if (line.seq !== lines.length)
      return bad(`it must have number ${lines.length}; got ${line.seq}`);
    if (line.previous !== (lines.at(-1)?.hash ?? chainStart)) {
      return bad("it does not follow on the line before");
    }
    lines.push(line);
    at = end + 1;
  }
  const last = lines.at(-1);
  if (last?.type !== "close") return bad('it is missing: the log must end with an entry "close"');
  return { ok: true, lines, head: last.hash };
}

const fields = ["actor", "data", "hash", "monotonicMs", "previous", "seq", "type", "wallTime"];

/** A line that is canonical JSON with the log's fields; anything else is not one. */
function parseLine(raw: Uint8Array): LogLine | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    const value = JSON.parse(text) as { readonly [name: string]: Json };
    const isLine = Object.keys(value).join() === fields.join() && canonicalJson(value) === text;
    return isLine ? (value as unknown as LogLine) : undefined;
  } catch {
    return undefined;
  }
}

function textHash(text: string): string {
  return sha256(new TextEncoder().encode(text));
}
