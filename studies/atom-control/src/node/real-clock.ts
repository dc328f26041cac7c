import type { LoopClock } from "../loop/clock.js";

/** The machine's own clock. */
export const realClock: LoopClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
