import { LoopError } from "./adapter.js";
import type { LoopClock } from "./clock.js";

/** Waits for an answer, at most so long. */
export type Deadline = <T>(ms: number, what: string, answer: Promise<T>) => Promise<T>;

/** Deadlines by a clock: an answer that comes later is not looked at. The error is a TIMEOUT. */
export function deadlineOn(clock: LoopClock): Deadline {
  return async (ms, what, answer) => {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = clock.after(ms, () =>
        reject(new LoopError("TIMEOUT", `${what}: no answer within ${ms} ms`)),
      );
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      cancel();
    }
  };
}
