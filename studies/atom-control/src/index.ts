export {
  bondLengthAngstrom,
  nearestSite,
  neighbourAngles,
  neighbourDirections,
  neighbours,
  sameSite,
  siteKey,
  sitePosition,
  type Honeycomb,
  type Site,
  type Sublattice,
} from "./model/honeycomb.js";
export { direction, distance, minus, plus, turned, type Vector } from "./model/vector.js";
export { hopRates, paperBeam, type BeamSettings, type RateMap } from "./model/rate-map.js";
export { mapByName, mapNames } from "./model/maps/map-by-name.js";
export { gaussianMixtureMap, type GaussianBump } from "./model/maps/gaussian-mixture.js";
export {
  outcomeKernels,
  outcomeProbabilities,
  type Outcome,
  type ParkedBeam,
} from "./model/outcome-probabilities.js";
export { hopsDuring, siliconAfter, type Dwell, type Hop } from "./model/kinetic-monte-carlo.js";
export { transitionSchema, type Transition, type TransitionLabel } from "./data/transition.js";
export { type Frame } from "./perception/frame.js";
export { type Controller, type ControlState, type Park } from "./control/controller.js";
export { locateFrame, type LocateOptions } from "./perception/locate-frame.js";
export {
  type ClassifiedSite,
  type ForeignAtom,
  type LocatedFrame,
  type LocatedSilicon,
} from "./perception/located-frame.js";
export { type ClassPosterior } from "./perception/site-classes.js";
export { type PlacedLattice } from "./perception/placed-lattice.js";
export { overlaySvg } from "./perception/render-overlay.js";
