import { arrivalLevels, arrivalThreshold } from "../control/park-beam.js";
import type { Polygon } from "../control/polygon.js";
import { sameSite, sitePosition, type Site } from "../model/honeycomb.js";
import type { BeamSettings } from "../model/rate-map.js";
import { plus } from "../model/vector.js";
import type { Frame } from "../perception/frame.js";
import { locateFrame } from "../perception/locate-frame.js";
import type { LocatedFrame, LocatedSilicon } from "../perception/located-frame.js";
import { nearestPlacedSite, placedSite, type PlacedLattice } from "../perception/placed-lattice.js";
import { detectorOf } from "./detector-levels.js";
import type { Forecast } from "./forecast.js";
import type { Belief } from "./gates.js";
import type { Limits } from "./limits.js";
import { fromPixels, honeycombUnder, mirrored } from "./material-frame.js";
import type { Pilot, PilotPark, PilotState } from "./pilot.js";
import type { ParkCommand } from "./protocol.js";
import type { PixelPlace } from "../perception/pixel-place.js";
import { follow, type Motion, type WalkMemory } from "./walk-memory.js";

/** What decides a step beside the walk's memory: all of it is in the log. */
export interface StepInput {
  readonly frameId: string;
  readonly frame: Frame;
  /** Of the frame's counts. */
  readonly hash: string;
  readonly pixelTimeUs: number;
  /** Of the scan, on the adapter's clock. */
  readonly startMs: number;
  readonly endMs: number;
  /** The beam as the instrument states it. */
  readonly beam: BeamSettings;
}

/** A pilot and the areas that it must keep out of. */
export interface StepRules {
  readonly pilot: Pilot;
  readonly keepOut: Limits["keepOut"];
}

/** A plan as viewers see it and the log keeps it, in the pixels of the frame. */
export interface ShownPlan extends Omit<Forecast, "path"> {
  readonly path: readonly PixelPlace[];
}

/** What was seen, and what follows from it. */
export interface StepDecision {
  readonly belief: Belief;
  readonly lattice: PlacedLattice | null;
  readonly silicon: PixelPlace | null;
  /** The goal in this frame, moved on with the sheet. */
  readonly goal: PixelPlace;
  readonly plan: ShownPlan | null;
  readonly action:
    | {
        readonly type: "park";
        readonly command: ParkCommand;
        /** Counts a millisecond that the detector should show before and after the hop. */
        readonly levels: { readonly before: number; readonly after: number } | null;
      }
    | { readonly type: "arrived" }
    | { readonly type: "look again"; readonly reason: string };
}

/** Error of silicon's place in a frame. @unit angstrom */
const placeSdAngstrom = 0.08;
/** Levels nearer to each other than this factor are not told apart in a moment. */
const leastStep = 1.3;
/** What numbers that cannot be had are in the log, which has no infinities. */
const unknown = 99;

/**
 * Looks at a frame and decides; pure, so that a log can be replayed bit for bit.
 *
 * @returns the decision, and the memory for the next frame: where this one is not sound, that it came
 */
export function decideStep(
  { pilot, keepOut }: StepRules,
  memory: WalkMemory,
  input: StepInput,
): { readonly decision: StepDecision; readonly memory: WalkMemory } {
  const { frame, hash } = input;
  const located = locateFrame(frame);
  const [silicon] = located.silicon;
  const midMs = (input.startMs + input.endMs) / 2;
  const before = { ...memory, lastHash: hash };
  const motion =
    memory.lastHash === hash
      ? "the frame repeats the one before"
      : located.accepted
        ? follow(before, located, { frame, midMs })
        : (located.reason ?? "no reason");
  if (typeof motion === "string" || silicon === undefined || located.lattice === null) {
    const reason = typeof motion === "string" ? motion : "no silicon on a lattice";
    return { decision: refusal(located, { reason, input, memory }), memory: before };
  }
  const seen = { located, silicon, lattice: located.lattice, motion };
  return { decision: decisionOn(seen, { pilot, keepOut, input }), memory: motion.memory };
}

/** A frame on which something can be decided. */
interface Sight {
  readonly located: LocatedFrame;
  readonly silicon: LocatedSilicon;
  readonly lattice: PlacedLattice;
  readonly motion: Motion;
}

function decisionOn(
  { located, silicon, lattice, motion }: Sight,
  { pilot, keepOut, input }: StepRules & { readonly input: StepInput },
): StepDecision {
  const { goal } = motion.memory;
  const state: PilotState = {
    lattice: honeycombUnder(lattice),
    silicon: mirrored(silicon.site),
    goal: mirrored(nearestPlacedSite(lattice, { x: goal.xPx, y: goal.yPx }).site),
    keepOuts: keepOut.map((polygon) => placedPolygon(polygon, lattice, input.frame)),
  };
  const believed = (
    park: PilotPark | null,
    plan: Forecast | null,
    rateModelDoubt: string,
  ): Belief => ({
    ...beliefOf(located, input.frameId),
    accepted: true,
    driftSdAngstrom: finite(driftSd(motion, input, park?.expectedDwellS ?? 0), unknown),
    goalPosterior: motion.memory.goalPosterior,
    rateModelDoubt,
    hasMoved: motion.hasMoved,
    charge95PicoC: plan?.charge95PicoC ?? 0,
  });
  const shown = { lattice, silicon: { xPx: silicon.xPx, yPx: silicon.yPx }, goal };
  if (sameSite(state.silicon, state.goal)) {
    return { ...shown, belief: believed(null, null, ""), plan: null, action: { type: "arrived" } };
  }
  const again = (reason: string, belief: Belief): StepDecision => ({
    ...shown,
    belief,
    plan: null,
    action: { type: "look again", reason },
  });
  if (silicon.coordination !== 3) {
    const doubt = "silicon is fourfold; rates are known of threefold silicon";
    return again(doubt, believed(null, null, doubt));
  }
  const park = pilot.decide(state);
  if (park === null) {
    const none = "the pilot sees no safe and useful place for the beam";
    return again(none, believed(null, null, ""));
  }
  const levels = levelsFor(state, park, { located, input });
  if (park.stopOnArrival && levels === null) {
    const blind = "the detector would not tell silicon's arrival";
    return again(blind, believed(park, null, ""));
  }
  const plan = pilot.forecast(state);
  const belief = believed(park, plan, pilot.doubt(state, park, input.beam) ?? "");
  const site = placedSite(lattice, silicon.site);
  const pixel = located.pixelSizeAngstrom!;
  const command: ParkCommand = {
    type: "park",
    frameId: input.frameId,
    // Material y runs up, image y down.
    xPx: site.x + park.beamOffset.x / pixel,
    yPx: site.y - park.beamOffset.y / pixel,
    dwellTimeS: park.dwellTimeS,
    stopOn:
      park.stopOnArrival && levels !== null ? { ...levels, threshold: arrivalThreshold } : null,
    avoid: defects(located),
  };
  return {
    ...shown,
    belief,
    plan: plan === null ? null : { ...plan, path: plan.path.map((at) => pixelsOf(lattice, at)) },
    action: { type: "park", command, levels },
  };
}

/** How far silicon may stand from where the frame shows it, by the end of the dwell. */
function driftSd(
  { ambiguityAngstrom, speedAngstromPerS }: Motion,
  { startMs, endMs }: StepInput,
  dwellTimeS: number,
): number {
  const sinceS = (endMs - startMs) / 2000 + dwellTimeS;
  return Math.hypot(placeSdAngstrom, ambiguityAngstrom, speedAngstromPerS * sinceS);
}

function beliefOf(located: LocatedFrame, frameId: string) {
  return {
    frameId,
    reason: located.accepted ? "" : (located.reason ?? "no reason"),
    latticeResidualAngstrom: finite(located.residualAngstrom, unknown),
    numSilicon: located.silicon.length,
    siliconPosterior: finite(located.silicon[0]?.posterior, 0),
  };
}

/** A number as the log can hold it. */
function finite(value: number | null | undefined, otherwise: number): number {
  return Number.isFinite(value) ? value! : otherwise;
}

function isFiniteLattice({ origin, cellI, cellJ }: PlacedLattice): boolean {
  return [origin, cellI, cellJ].every(({ x, y }) => Number.isFinite(x + y));
}

function refusal(
  located: LocatedFrame,
  {
    reason,
    input: { frameId },
    memory: { goal, goalPosterior },
  }: { readonly reason: string; readonly input: StepInput; readonly memory: WalkMemory },
): StepDecision {
  const [silicon] = located.silicon;
  const belief: Belief = {
    ...beliefOf(located, frameId),
    accepted: false,
    reason,
    driftSdAngstrom: unknown,
    goalPosterior,
    rateModelDoubt: "",
    hasMoved: false,
    charge95PicoC: 0,
  };
  const place =
    silicon !== undefined && Number.isFinite(silicon.xPx + silicon.yPx)
      ? { xPx: silicon.xPx, yPx: silicon.yPx }
      : null;
  const { lattice } = located;
  return {
    belief,
    lattice: lattice !== null && isFiniteLattice(lattice) ? lattice : null,
    silicon: place,
    goal,
    plan: null,
    action: { type: "look again", reason },
  };
}

function levelsFor(
  { lattice, silicon }: PilotState,
  park: PilotPark,
  { located, input }: { readonly located: LocatedFrame; readonly input: StepInput },
): { readonly before: number; readonly after: number } | null {
  const detector = detectorOf(input.frame, located, input.pixelTimeUs);
  if (detector === null) return null;
  const beamPosition = plus(sitePosition(lattice, silicon), park.beamOffset);
  const levels = arrivalLevels({ lattice, silicon, beamPosition }, detector);
  return levels.before > 0 && levels.after >= leastStep * levels.before ? levels : null;
}

function placedPolygon(
  polygon: Limits["keepOut"][number],
  lattice: PlacedLattice,
  { width, height }: Frame,
): Polygon {
  return polygon.map(({ x, y }) =>
    fromPixels(lattice, { x: x * width - 0.5, y: y * height - 0.5 }),
  );
}

function pixelsOf(lattice: PlacedLattice, site: Site): PixelPlace {
  const { x, y } = placedSite(lattice, mirrored(site));
  return { xPx: x, yPx: y };
}

/** Places that the beam keeps away from: foreign atoms and vacancies. */
function defects({ foreign, sites }: LocatedFrame): PixelPlace[] {
  const vacancies = sites.filter(({ posterior }) => posterior.vacancy > 0.99);
  return [...foreign, ...vacancies].map(({ xPx, yPx }) => ({ xPx, yPx }));
}
