import type { HostArray } from "@quadrivium/core";
import type { np } from "@quadrivium/engine";

/** Where rates are asked for, in a traced program; the three arrays have one shape. */
export interface RatePoints {
  /** Along the bond, the neighbour at 1. @unit bonds */
  readonly along: np.Array;
  /** Across the bond. @unit bonds */
  readonly across: np.Array;
  /** Beam settings as the form takes them, broadcast against `along`. @shape [..., numSettings] */
  readonly settings: np.Array;
}

/** Trained numbers of a rate form, by name. */
export type Parameters<Leaf> = { readonly [name: string]: Leaf };

/** A family of rate functions g with parameters: a network, or a formula with a few constants. */
export interface RateForm {
  /**
   * g in hops per second at the reference current. @owns borrows
   *
   * @returns @shape as `along`
   */
  readonly rate: (params: Parameters<np.Array>, points: RatePoints) => np.Array;
  /**
   * What is added to the loss of a sample, times the number of samples: minus the log of a prior.
   * @owns borrows
   */
  readonly penalty?: (params: Parameters<np.Array>, anchor: np.Array) => np.Array;
}

/** Parameters of several members, stacked along a first axis. */
export type StackedParameters = Parameters<HostArray<Float32Array>>;
