import type { Controller, ControlState } from "../control/controller.js";
import { bondLengthAngstrom, sameSite, type Honeycomb, type Site } from "../model/honeycomb.js";
import type { Frame } from "../perception/frame.js";
import { locateFrame } from "../perception/locate-frame.js";
import type { LocatedFrame } from "../perception/located-frame.js";
import {
  nearestPlacedSite,
  placedSite,
  type PlacedLattice,
  shapeOf,
} from "../perception/placed-lattice.js";
import type { Belief } from "./gates.js";
import type { ParkCommand } from "./protocol.js";

/** Where the walk shall end, in the pixels of the session's frames. */
export interface WalkGoal {
  readonly xPx: number;
  readonly yPx: number;
}

/** What decides a step: everything that a replay needs beside the frame itself. */
export interface StepInput {
  readonly frameId: string;
  readonly frame: Frame;
  readonly goal: WalkGoal;
  /** Silicon's place in the frame before; `null` at the first. */
  readonly before: { readonly xPx: number; readonly yPx: number } | null;
  readonly driftSdAngstrom: number;
}

/** What was seen, and what follows from it. */
export interface StepDecision {
  readonly belief: Belief;
  readonly silicon: { readonly xPx: number; readonly yPx: number } | null;
  readonly action:
    | { readonly type: "park"; readonly command: ParkCommand }
    | { readonly type: "arrived" }
    | { readonly type: "look again"; readonly reason: string };
}

/** Looks at a frame and decides; pure, so that a log can be replayed bit for bit. */
export function decideStep(controller: Controller, input: StepInput): StepDecision {
  const { frame, frameId, goal, before, driftSdAngstrom } = input;
  const located = locateFrame(frame);
  const [silicon] = located.silicon;
  const pixel = located.pixelSizeAngstrom ?? Number.POSITIVE_INFINITY;
  const place = silicon === undefined ? null : { xPx: silicon.xPx, yPx: silicon.yPx };
  const movedAngstrom =
    before === null || place === null
      ? 0
      : Math.hypot(place.xPx - before.xPx, place.yPx - before.yPx) * pixel;
  const belief: Belief = {
    frameId,
    accepted: located.accepted,
    reason: located.accepted ? "" : (located.reason ?? "no reason"),
    latticeResidualAngstrom: located.residualAngstrom ?? 99,
    numSilicon: located.silicon.length,
    siliconPosterior: silicon?.posterior ?? 0,
    driftSdAngstrom,
    isRateModelInRange: true,
    hasMoved: movedAngstrom > bondLengthAngstrom / 2,
  };
  const again = (reason: string): StepDecision => ({
    belief,
    silicon: place,
    action: { type: "look again", reason },
  });
  if (!located.accepted || located.lattice === null || silicon === undefined)
    return again(belief.reason);
  const state = controlState(located.lattice, silicon.site, goal);
  if (sameSite(state.silicon, state.goal))
    return { belief, silicon: place, action: { type: "arrived" } };
  const park = controller.decide(state);
  if (park === null) return again("the controller sees no safe and useful place for the beam");
  const site = placedSite(located.lattice, silicon.site);
  const command: ParkCommand = {
    type: "park",
    frameId,
    // Material y runs up, image y down.
    xPx: site.x + park.beamOffset.x / pixel,
    yPx: site.y - park.beamOffset.y / pixel,
    dwellTimeS: park.dwellTimeS,
    stopOnArrival: park.stopOnArrival,
    avoid: foreignPlaces(located),
  };
  return { belief, silicon: place, action: { type: "park", command } };
}

function foreignPlaces(located: LocatedFrame): { xPx: number; yPx: number }[] {
  return located.foreign.map(({ xPx, yPx }) => ({ xPx, yPx }));
}

/**
 * The honeycomb of the material frame (y up) under the image's lattice (y down). Mirroring swaps
 * the two cell vectors, so that cell (i, j) of one is cell (j, i) of the other.
 */
function controlState(lattice: PlacedLattice, silicon: Site, goal: WalkGoal): ControlState {
  const { angle, bondPx } = shapeOf(lattice);
  const scale = bondLengthAngstrom / bondPx;
  const honeycomb: Honeycomb = {
    origin: { x: lattice.origin.x * scale, y: -lattice.origin.y * scale },
    angle: -angle,
    bondLengthAngstrom,
  };
  const nearest = nearestPlacedSite(lattice, { x: goal.xPx, y: goal.yPx });
  return { lattice: honeycomb, silicon: mirrored(silicon), goal: mirrored(nearest.site) };
}

function mirrored({ i, j, sublattice }: Site): Site {
  return { i: j, j: i, sublattice };
}
