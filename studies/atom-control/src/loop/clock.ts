/** Time as the loop sees it: real in a session, virtual in tests and replays. */
export interface LoopClock {
  /** Milliseconds since some fixed moment, never running backwards. */
  readonly nowMs: () => number;
  /** Calls back after a while; the result calls it off. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** Milliseconds by which a timer may end before its time, as this clock tells it. */
export const timerSlackMs = 1;
