import { neighbours, sameSite } from "../model/honeycomb.js";
import type { Vector } from "../model/vector.js";
import type { LocatedFrame } from "./located-frame.js";
import { otherWayRound } from "./frame-turns.js";
import {
  trackGap,
  trackPair,
  trackerStart,
  type PairPosterior,
  type TrackerSettings,
  type TrackerState,
} from "./hop-tracker.js";
import { shapeOf } from "./placed-lattice.js";
import { registrationOf, type TrackedFrame } from "./registration.js";

/** What became of silicon between two frames, as far as they tell. */
export interface HopRecord {
  /** Whether silicon changed its sublattice: an odd number of hops. `null` where not seen. */
  readonly parityFlip: boolean | null;
  /** That silicon is on another site than before. */
  readonly hopProbability: number | null;
  /** How the sheet moved in the image, most probably: x right, y down. */
  readonly drift: Vector | null;
  /** Spread of the drift that is left. @unit angstrom */
  readonly driftSd: number | null;
  /**
   * 0: none; 1, 2, 3: to the neighbour at the lattice angle (of a B site: opposite), at +120°, at
   * +240°; `multi`: farther; `ambiguous`: none of these is probable enough; `lost`: not seen.
   */
  readonly label: 0 | 1 | 2 | 3 | "multi" | "ambiguous" | "lost";
  /** That the most probable label is right. */
  readonly labelProbability: number | null;
  readonly reason: string | null;
  /** For the learner: all sites that silicon may be on. */
  readonly posterior: PairPosterior | null;
}

/** Labels less probable than this are not given. */
const leastLabelProbability = 0.9;
/** Drift must be known to this, or neighbours cannot be told apart. @unit angstrom */
const mostDriftSd = 0.4;
const leastSiliconPosterior = 0.95;
/** Lattices of one scan do not turn by more from frame to frame. @unit radians */
const mostTurn = 0.045;
/**
 * A pair is taken for turned or mirrored if that explains it so many times better: e^9, as rarely as
 * a scan is turned between two frames. Seven turns are tried on every pair that drift explains badly.
 */
const turnEvidence = 9;
/** Pairs more probable than this, e^−4 a square angstrom, are not doubted. */
const plausible = -4;

/** Compares each frame with the one before: one record a pair. */
export function hopLog(
  frames: readonly (LocatedFrame & { readonly width: number; readonly height: number })[],
  settings: TrackerSettings = {},
): readonly HopRecord[] {
  const records: HopRecord[] = [];
  let state = trackerStart(settings);
  for (let n = 1; n < frames.length; n++) {
    const before = trackedFrame(frames[n - 1]);
    const after = trackedFrame(frames[n]);
    if (typeof before === "string" || typeof after === "string") {
      state = trackGap(state, settings);
      const which = typeof before === "string" ? before : String(after);
      records.push(lost(which));
      continue;
    }
    const step = stepBetween(before, after, { state, settings, ...frames[n] });
    state = step.state;
    records.push(step.record);
  }
  return records;
}

interface StepOptions {
  readonly state: TrackerState;
  readonly settings: TrackerSettings;
  readonly width: number;
  readonly height: number;
}

function stepBetween(
  before: TrackedFrame,
  after: TrackedFrame,
  { state, settings, width, height }: StepOptions,
): { readonly record: HopRecord; readonly state: TrackerState } {
  const gap = (reason: string) => ({ record: lost(reason), state: trackGap(state, settings) });
  const explained = (seen: TrackedFrame): number =>
    turnBetween(before, seen) > mostTurn
      ? -Infinity
      : trackPair(state, registrationOf(before, seen), settings).posterior.logEvidence;
  const asSeen = explained(after);
  const otherWays = asSeen > plausible ? [] : otherWayRound(after, { width, height });
  const better = otherWays.find(({ frame }) => explained(frame) > asSeen + turnEvidence);
  if (better !== undefined) return gap(`the frame looks ${better.name} against the one before`);
  if (asSeen === -Infinity) {
    const degrees = ((turnBetween(before, after) * 180) / Math.PI).toFixed(1);
    return gap(`the lattice turned by ${degrees}°: another area, or another scan`);
  }
  const registration = registrationOf(before, after);
  const tracked = trackPair(state, registration, settings);
  return { record: recordOf(registration, tracked.posterior), state: tracked.state };
}

function recordOf(
  { before, parityFlip }: ReturnType<typeof registrationOf>,
  posterior: PairPosterior,
): HopRecord {
  const { explanations } = posterior;
  const near = [before, ...neighbours(before)];
  const shares = near.map((site) =>
    explanations.reduce((sum, e) => sum + (sameSite(e.site, site) ? e.probability : 0), 0),
  );
  const farther = Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
  const labels = [0, 1, 2, 3, "multi"] as const;
  const probabilities = [...shares, farther];
  const labelProbability = Math.max(...probabilities);
  const label = labels[probabilities.indexOf(labelProbability)];
  const best = explanations.reduce((most, e) => (e.probability > most.probability ? e : most));
  const variance = explanations.reduce(
    (sum, e) =>
      sum + e.probability * ((e.drift.x - best.drift.x) ** 2 + (e.drift.y - best.drift.y) ** 2),
    0,
  );
  const driftSd = Math.sqrt(variance / 2);
  const isSure =
    labelProbability >= leastLabelProbability && (label === "multi" || driftSd <= mostDriftSd);
  return {
    parityFlip,
    hopProbability: 1 - shares[0],
    drift: best.drift,
    driftSd,
    label: isSure ? label : "ambiguous",
    labelProbability,
    reason: null,
    posterior,
  };
}

function lost(reason: string): HopRecord {
  return {
    parityFlip: null,
    hopProbability: null,
    drift: null,
    driftSd: null,
    label: "lost",
    labelProbability: null,
    reason,
    posterior: null,
  };
}

/** What the tracker needs of a frame, or why it has not got it. */
function trackedFrame(located: LocatedFrame): TrackedFrame | string {
  const { lattice, pixelSizeAngstrom, silicon, foreign, sites } = located;
  if (lattice === null || pixelSizeAngstrom === null) return located.reason ?? "no lattice";
  if (silicon.length !== 1) return located.reason ?? `${silicon.length} silicon atoms`;
  if (silicon[0].coordination !== 3) return "silicon is fourfold: it sits on no site";
  if (!located.isLatticeSound || silicon[0].posterior < leastSiliconPosterior) {
    return located.reason ?? "silicon is not certain";
  }
  const vacancies = sites.filter((site) => site.posterior.vacancy > 0.9);
  return {
    lattice,
    pixelSizeAngstrom,
    silicon: { x: silicon[0].xPx, y: silicon[0].yPx },
    anchors: [...foreign, ...vacancies].map(({ xPx, yPx }) => ({ x: xPx, y: yPx })),
  };
}

/** Smallest turn between the lattices: of 60° nothing is seen. */
function turnBetween(before: TrackedFrame, after: TrackedFrame): number {
  const sixth = Math.PI / 3;
  const turn = shapeOf(after.lattice).angle - shapeOf(before.lattice).angle;
  return Math.abs(turn - sixth * Math.round(turn / sixth));
}
