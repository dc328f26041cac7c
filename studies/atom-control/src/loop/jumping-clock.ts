import type { LoopClock } from "./clock.js";

/**
 * A clock for simulations: whenever nothing else is to be done it jumps to the next timer, so that a
 * session of minutes takes as long as its computations, and two of them are alike.
 *
 * What waits for the outside, such as a disk, must not do so between timers: time runs on meanwhile.
 */
export function jumpingClock(): LoopClock {
  let now = 0;
  let next = 0;
  let isScheduled = false;
  const timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  const jump = (): void => {
    isScheduled = false;
    let first: number | undefined;
    for (const [id, { atMs }] of timers) {
      if (first === undefined || atMs < timers.get(first)!.atMs) first = id;
    }
    if (first === undefined) return;
    const { atMs, callback } = timers.get(first)!;
    timers.delete(first);
    now = Math.max(now, atMs);
    schedule();
    callback();
  };
  const schedule = (): void => {
    if (isScheduled || timers.size === 0) return;
    isScheduled = true;
    setTimeout(jump, 0);
  };
  return {
    nowMs: () => now,
    after: (ms, callback) => {
      const id = next++;
      timers.set(id, { atMs: now + ms, callback });
      schedule();
      return () => timers.delete(id);
    },
  };
}
