import { key, streamOf, type Json, type Stream } from "@quadrivium/core";
import type { Vector } from "../model/vector.js";
import type { Frame } from "../perception/frame.js";
import { locateFrame } from "../perception/locate-frame.js";
import { hollows, meanNear } from "./detector-levels.js";
import { type Eyes, frameOf, takeLook } from "./run-loop.js";
import { selfTestDwellS } from "./supervisor.js";

/** What the self-test found; undecided where the frame tells too little. */
export interface SelfTestVerdict {
  readonly outcome: "sound" | "wrong" | "undecided";
  readonly reason: string;
}

/** Ways in which an adapter may turn positions against frames, by where (x, y) then lands. */
const turns: { readonly [name: string]: (at: Vector, last: number) => Vector } = {
  "as seen": (at) => at,
  "mirrored left to right": ({ x, y }, last) => ({ x: last - x, y }),
  "mirrored top to bottom": ({ x, y }, last) => ({ x, y: last - y }),
  "turned by 180°": ({ x, y }, last) => ({ x: last - x, y: last - y }),
  "transposed, rows for columns": ({ x, y }) => ({ x: y, y: x }),
  "transposed across the other diagonal": ({ x, y }, last) => ({ x: last - y, y: last - x }),
  "turned by 90°": ({ x, y }, last) => ({ x: last - y, y: x }),
  "turned by 270°": ({ x, y }, last) => ({ x: y, y: last - x }),
};
const wrongTurns = Object.entries(turns).slice(1);

/** Places that are tried. */
const numPlaces = 16;
/** Sets of places of which the most telling is taken. */
const numDraws = 200;
/** Places closer to the border than this share of the frame are left out. */
const border = 0.15;
/** Pixels this near to a place tell its level. @unit angstrom */
const radiusAngstrom = 0.3;
/** Correlation of the trace with the frame, and how far any other turn must stay below. */
const leastCorrelation = 0.8;
const leastMargin = 0.25;

/**
 * Finds out whether the adapter's beam goes where its frames say: takes a frame, parks for moments on
 * atoms and between them, and compares the counts with the frame.
 *
 * @throws LoopError if a command is refused or fails
 */
export async function selfTest(eyes: Eyes, name: string): Promise<SelfTestVerdict> {
  const { supervisor, log } = eyes;
  const { hash, counts: pixels, input } = await takeLook(eyes, { key: `${name}-acquire` });
  const frame = frameOf(pixels, input);
  const places = testPlaces(frame);
  const counts: number[] = [];
  for (const [n, { x, y }] of typeof places === "string" ? [] : places.entries()) {
    const { frameId } = input;
    const at = { frameId, xPx: x, yPx: y, dwellTimeS: selfTestDwellS, stopOn: null, avoid: [] };
    const options = { key: `${name}-park-${n}`, actor: "server", isSelfTest: true };
    const reply = await supervisor.execute({ type: "park", ...at }, options);
    const trace = reply.type === "park" ? reply.parked.trace : [];
    counts.push(trace.reduce((sum, one) => sum + one, 0) / Math.max(1, trace.length));
  }
  const verdict: SelfTestVerdict =
    typeof places === "string"
      ? { outcome: "undecided", reason: `the frame cannot be trusted: ${places}` }
      : judge(frame, places, counts);
  const data = { hash, input, places, counts, verdict };
  log({ type: "self-test", actor: "server", data: data as unknown as Json });
  if (verdict.outcome !== "undecided") {
    await supervisor.orientate(verdict.outcome === "sound", "server");
  }
  return verdict;
}

/**
 * Places that would tell if the adapter turned positions against frames: atoms and hollows whose
 * brightness differs most from that of the places where wrong turns would put them.
 *
 * A text where the frame cannot be trusted, or looks alike however it is turned.
 */
export function testPlaces(frame: Frame): readonly Vector[] | string {
  const located = locateFrame(frame);
  const { lattice, pixelSizeAngstrom, sites, silicon } = located;
  if (!located.isLatticeSound || lattice === null || pixelSizeAngstrom === null) {
    return located.reason ?? "no lattice";
  }
  const last = frame.width - 1;
  const level = levelsOf(frame, radiusAngstrom / pixelSizeAngstrom);
  const isInner = ({ x, y }: Vector): boolean =>
    Math.min(x, y, last - x, last - y) >= border * frame.width;
  const atoms = [...silicon, ...sites].map(({ xPx, yPx }) => ({ x: xPx, y: yPx }));
  // bright and dark alike: counts that do not differ tell nothing
  const kinds = [atoms, hollows(lattice, frame)].map((places) =>
    places.filter(isInner).map((at) => ({
      at,
      level: level(at),
      turned: wrongTurns.map(([, turn]) => level(turn(at, last))),
    })),
  );
  if (kinds.some((places) => places.length < numPlaces / 2)) {
    return "too few atoms away from the border";
  }
  const stream = streamOf(key(0));
  const drawn = Array.from({ length: numDraws }, () => {
    const places = kinds.flatMap((places) => someOf(places, numPlaces / 2, stream));
    const levels = places.map((place) => place.level);
    const alike = wrongTurns.map((_, t) =>
      correlation(
        places.map(({ turned }) => turned[t]),
        levels,
      ),
    );
    return { places, mostAlike: Math.max(...alike) };
  });
  const best = drawn.reduce((a, b) => (b.mostAlike < a.mostAlike ? b : a));
  const chosen = best.places.map(({ at }) => at);
  return chosen;
}

/**
 * Whether the counts of the parked beam follow the frame's brightness at the places asked for, and
 * at no turned ones.
 */
export function judge(
  frame: Frame,
  places: readonly Vector[],
  counts: readonly number[],
): SelfTestVerdict {
  const pixel = locateFrame(frame).pixelSizeAngstrom ?? Infinity;
  const level = levelsOf(frame, radiusAngstrom / pixel);
  const fits = Object.entries(turns).map(([name, turn]) => ({
    name,
    fit: correlation(
      places.map((at) => level(turn(at, frame.width - 1))),
      counts,
    ),
  }));
  const [seen, ...others] = fits;
  const rival = others.reduce((best, one) => (one.fit > best.fit ? one : best));
  if (seen.fit >= leastCorrelation && seen.fit - rival.fit >= leastMargin) {
    return { outcome: "sound", reason: `the trace follows the frame: ${seen.fit.toFixed(2)}` };
  }
  if (seen.fit >= leastCorrelation) {
    return {
      outcome: "undecided",
      reason: `the frame looks nearly alike ${rival.name}: move the field of view and try again`,
    };
  }
  return {
    outcome: "wrong",
    reason:
      `the trace does not follow the frame: correlation ${seen.fit.toFixed(2)}; ` +
      `${rival.name} it would be ${rival.fit.toFixed(2)}`,
  };
}

function someOf<T>(all: readonly T[], count: number, stream: Stream): T[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(stream.below(left.length), 1)[0]);
}

function levelsOf(frame: Frame, radiusPx: number): (at: Vector) => number {
  return (at) => meanNear(frame, at, radiusPx) ?? 0;
}

/** Pearson's correlation of roots: brightness spans a decade, and counts scatter as their root. */
function correlation(levels: readonly number[], counts: readonly number[]): number {
  const root = (values: readonly number[]) => values.map((v) => Math.sqrt(Math.max(0, v)));
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    return values.map((v) => v - mean);
  };
  const [a, b] = [centred(root(levels)), centred(root(counts))];
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, x, n) => sum + x * v[n], 0);
  const size = Math.sqrt(dot(a, a) * dot(b, b));
  return size > 0 ? dot(a, b) / size : 0;
}
