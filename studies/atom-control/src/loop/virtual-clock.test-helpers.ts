import type { LoopClock } from "./clock.js";

/** A clock that stands still until it is moved. */
export class VirtualClock implements LoopClock {
  readonly #settle: () => Promise<void>;
  #now = 0;
  #next = 0;
  readonly #timers = new Map<number, { readonly atMs: number; readonly callback: () => void }>();

  /** @param settle lets everything run that waits for no clock; default: promises, no sockets */
  constructor(settle: () => Promise<void> = settlePromises) {
    this.#settle = settle;
  }

  readonly nowMs = (): number => this.#now;

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const id = this.#next++;
    this.#timers.set(id, { atMs: this.#now + ms, callback });
    return () => this.#timers.delete(id);
  };

  get numTimers(): number {
    return this.#timers.size;
  }

  /** Moves on by a while; timers go off in their order, and what they set going is let run. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    while (this.#step(end)) await this.#settle();
    this.#now = end;
  }

  /** Moves on until a promise is settled, at most by a while. */
  async until<T>(promise: Promise<T>, mostMs: number): Promise<T> {
    const state = { isSettled: false };
    const note = (): void => {
      state.isSettled = true;
    };
    promise.then(note, note);
    const end = this.#now + mostMs;
    await this.#settle();
    while (!state.isSettled && this.#step(end)) await this.#settle();
    if (!state.isSettled) throw new Error(`not settled after ${mostMs} ms`);
    return promise;
  }

  /** Sets off the first timer due by a moment. */
  #step(end: number): boolean {
    let first: number | undefined;
    let atMs = end;
    for (const [id, timer] of this.#timers) {
      if (timer.atMs > atMs || (timer.atMs === atMs && first !== undefined)) continue;
      first = id;
      atMs = timer.atMs;
    }
    if (first === undefined) return false;
    const { callback } = this.#timers.get(first)!;
    this.#timers.delete(first);
    this.#now = Math.max(this.#now, atMs);
    callback();
    return true;
  }
}

async function settlePromises(): Promise<void> {
  for (let i = 0; i < 12; i++) await undefined;
}
