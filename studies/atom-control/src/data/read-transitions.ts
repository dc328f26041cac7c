import { InputError } from "@quadrivium/core";
import { transitionSchema, type Transition } from "./transition.js";

/**
 * Reads transitions from JSON lines, see {@link transitionSchema}; empty lines are passed over.
 *
 * @param name of the file, for errors
 * @throws E_TRANSITIONS if there is no transition, a line is not one, or one comes twice; the line
 *   is named
 */
export function readTransitions(bytes: Uint8Array, name: string): Transition[] {
  const transitions: Transition[] = [];
  const lineOf = new Map<string, number>();
  new TextDecoder()
    .decode(bytes)
    .split("\n")
    .forEach((text, at) => {
      if (text.trim() === "") return;
      const line = at + 1;
      const transition = parseLine(text, name, line);
      const step = `${transition.trajectory} ${transition.step}`;
      const earlier = lineOf.get(step);
      if (earlier !== undefined) {
        throw refusal(
          `a step of a trajectory may come once; got trajectory ${transition.trajectory}, ` +
            `step ${transition.step} in line ${earlier} and again in line ${line} of ${name}`,
          line,
        );
      }
      lineOf.set(step, line);
      transitions.push(transition);
    });
  if (transitions.length === 0) {
    throw refusal(`a file of transitions must have at least one; got none in ${name}`, 0);
  }
  return transitions;
}

/** Writes transitions as JSON lines, as {@link readTransitions} reads them. */
export function writeTransitions(transitions: readonly Transition[]): string {
  return transitions.map((transition) => `${JSON.stringify(transition)}\n`).join("");
}

function parseLine(text: string, name: string, line: number): Transition {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(`every line must be one JSON object; line ${line} of ${name} is not JSON`, line);
  }
  const parsed = transitionSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.map(String).join(".");
  throw refusal(
    `every line must be a transition; line ${line} of ${name}: ` +
      `${path === "" ? "" : `"${path}": `}${issue.message}`,
    line,
  );
}

function refusal(rule: string, line: number): InputError {
  return new InputError("E_TRANSITIONS", `readTransitions: ${rule}`, { details: { line } });
}
