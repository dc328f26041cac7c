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
export { transitionSchema, type Transition, type TransitionLabel } from "./data/transition.js";
export { type Frame } from "./perception/frame.js";
export { type Controller, type ControlState, type Park } from "./control/controller.js";
