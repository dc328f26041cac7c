import { portableExp } from "@quadrivium/core";
import type { RateMap } from "../rate-map.js";

/** One Gaussian bump of a rate map, in the neighbour's frame. */
export interface GaussianBump {
  /** Height. @unit hops per second */
  readonly peakRatePerS: number;
  /** Where it peaks: along and across the bond. @unit bonds */
  readonly mean: readonly [number, number];
  /** Standard deviations along and across the bond. @unit bonds */
  readonly sigma: readonly [number, number];
}

/**
 * A rate map that is a sum of Gaussian bumps.
 *
 * $g(x, y) = \sum_j R_j \exp(-\tfrac12 (x - \mu_{j1})^2/\sigma_{j1}^2 - \tfrac12 (y -
 * \mu_{j2})^2/\sigma_{j2}^2)$. Rates do not depend on the beam's settings.
 */
export function gaussianMixtureMap(name: string, bumps: readonly GaussianBump[]): RateMap {
  return {
    name,
    rate: (along, across) => {
      let sum = 0;
      for (const { peakRatePerS, mean, sigma } of bumps) {
        const u = (along - mean[0]) / sigma[0];
        const v = (across - mean[1]) / sigma[1];
        sum += peakRatePerS * portableExp(-0.5 * (u * u + v * v));
      }
      return sum;
    },
  };
}
