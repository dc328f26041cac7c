import type { Key } from "@quadrivium/core";

export interface DissectOptions {
  /** Decides the random controls [the key of seed 0]. */
  readonly key?: Key;
  /** 1 for each training pair, 0 for each held-out one. @shape [modulus · modulus] */
  readonly split?: ArrayLike<number>;
  /**
   * What the network was trained to say where that is not a + b, such as random labels: a network
   * that says it is then called a memorizer, not merely wrong. @shape [modulus · modulus]
   */
  readonly labels?: ArrayLike<number>;
  /** Whether clusters are ablated and disturbed, the slowest part [true]. */
  readonly ablations?: boolean;
}
