import { setFlagsFromString } from "node:v8";
import { setTimeout } from "node:timers/promises";
import { runInNewContext } from "node:vm";

let collector: (() => void) | undefined;

/**
 * Runs the garbage collector and lets finalizers do their work.
 *
 * Memory in WebAssembly weighs nothing for the collector: it may not run before all of it is full of
 * arrays that nobody can reach.
 */
export async function collectGarbage(): Promise<void> {
  if (collector === undefined) {
    setFlagsFromString("--expose-gc");
    collector = runInNewContext("globalThis.gc") as (() => void) | undefined;
    setFlagsFromString("--no-expose-gc");
  }
  // weak targets of this turn live to its end, and finalizers have turns of their own
  await setTimeout(0);
  collector?.();
  await setTimeout(0);
}
