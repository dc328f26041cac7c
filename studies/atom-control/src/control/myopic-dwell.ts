import { InputError } from "@quadrivium/core";
import { findRoot } from "@quadrivium/numerics";

/** The best dwell for one hop. */
export interface MyopicDwell {
  readonly dwellTimeS: number;
  /** Expected time until the hop is seen. @unit second */
  readonly timePerHopS: number;
}

/**
 * The dwell that minimises the expected time until a single hop is seen in an image.
 *
 * $e^{rt} = 1 + r(t + c)$; the time per hop is then $e^{rt}/r$.
 * Symbols: $r$ → `ratePerS`, $c$ → `overheadS` of each image.
 *
 * @throws E_DWELL unless rate and overhead are positive
 */
export function myopicDwell(ratePerS: number, overheadS: number): MyopicDwell {
  if (!(ratePerS > 0 && overheadS > 0)) {
    throw new InputError(
      "E_DWELL",
      `myopicDwell: needs a rate and an overhead above 0; got ${ratePerS} and ${overheadS}`,
    );
  }
  const excess = (x: number): number => Math.expm1(x) - x - ratePerS * overheadS;
  // e^x − 1 − x ≥ x²/2, so the root is not beyond √(2rc).
  const x = findRoot(excess, [0, 1.0001 * Math.sqrt(2 * ratePerS * overheadS)]);
  return { dwellTimeS: x / ratePerS, timePerHopS: Math.exp(x) / ratePerS };
}
