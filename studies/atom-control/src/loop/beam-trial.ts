/** What a trial is of. */
export interface BeamTrialOptions {
  /** When the command went out. @unit millisecond */
  readonly startMs: number;
  /** What the account holds for the command already. */
  readonly enteredPicoC: number;
  /** The most that the current can be. */
  readonly maxCurrentNanoA: number;
  /** Enters more, at the place of the command. */
  readonly enter: (extraPicoC: number) => void;
}

/**
 * A command that opens the beam, until it has been seen to end well: in doubt the account is charged
 * with what the beam may have given, never with less than was entered before it opened.
 *
 * The account may so exceed a limit that no command was allowed to exceed; nothing is allowed after it.
 */
export class BeamTrial {
  readonly startMs: number;
  readonly #maxCurrentNanoA: number;
  readonly #enter: (extraPicoC: number) => void;
  #charged: number;

  constructor({ startMs, enteredPicoC, maxCurrentNanoA, enter }: BeamTrialOptions) {
    this.startMs = startMs;
    this.#charged = enteredPicoC;
    this.#maxCurrentNanoA = maxCurrentNanoA;
    this.#enter = enter;
  }

  /**
   * Takes note that the beam may have been open for so long, or have given this charge.
   *
   * @returns what was charged beyond what had been
   */
  mayHaveBeen({ ms, picoC = 0 }: { readonly ms: number; readonly picoC?: number }): number {
    const extra = Math.max(this.#maxCurrentNanoA * ms, picoC) - this.#charged;
    if (!(extra > 0)) return 0;
    this.#charged += extra;
    this.#enter(extra);
    return extra;
  }
}
