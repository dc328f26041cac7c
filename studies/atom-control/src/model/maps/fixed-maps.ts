import type { RateMap } from "../rate-map.js";
import { gaussianMixtureMap } from "./gaussian-mixture.js";

/** Peak of the human prior: a median wait of 3 s. @unit hops per second */
export const priorPeakRatePerS = Math.LN2 / 3;

/** Where the human prior puts the beam: on the bond, short of the neighbour. @unit bonds */
export const priorPeakBonds = 0.85;

/**
 * The human prior of the paper's code: a round Gaussian of variance 0.1 bonds² short of the
 * neighbour.
 *
 * @departs The published code turns the mean by minus the neighbour's angle, which mirrors the map
 *   unless a neighbour lies at angle 0; here it is turned the right way.
 */
export const priorMap: RateMap = gaussianMixtureMap("prior", [
  {
    peakRatePerS: priorPeakRatePerS,
    mean: [priorPeakBonds, 0],
    sigma: [Math.sqrt(0.1), Math.sqrt(0.1)],
  },
]);

/** With the beam farther than this from silicon {@link simpleMap} is 0. @unit bonds */
export const simpleCutoffBonds = 2.5;

/**
 * The simple map of the paper's code: $1/(1 + 16 d^2)$ at distance $d$ bonds from the neighbour.
 *
 * @departs Cut off at {@link simpleCutoffBonds}: its integral over the plane diverges.
 */
export const simpleMap: RateMap = {
  name: "simple",
  rate: (along, across) => {
    if (along ** 2 + across ** 2 > simpleCutoffBonds ** 2) return 0;
    return 1 / (1 + 16 * ((along - 1) ** 2 + across ** 2));
  },
};

/** Slow, and best half a bond beyond the neighbour, as the maps learned in the paper were. */
export const farMap: RateMap = gaussianMixtureMap("far", [
  { peakRatePerS: 0.12, mean: [1.5, 0], sigma: [0.45, 0.4] },
]);

/** As the prior in strength and width, but best beside the bond: no mirror symmetry. */
export const asymmetricMap: RateMap = gaussianMixtureMap("asymmetric", [
  {
    peakRatePerS: priorPeakRatePerS,
    mean: [1, -0.3],
    sigma: [Math.sqrt(0.1), Math.sqrt(0.1)],
  },
]);
