import { streamOf, type Key, type Stream } from "@quadrivium/core";
import type { Region } from "./sheet.js";
import type { Vector } from "../model/vector.js";

/** How a frame is scanned: row by row from the top left. */
export interface Scan {
  readonly region: Region;
  /** Pixels. */
  readonly rows: number;
  readonly columns: number;
  readonly frameTimeS: number;
}

/** Where the sample is and how it moves, as the microscope sees it. */
export interface DriftState {
  /** @unit angstrom */
  readonly position: Vector;
  /** @unit angstrom per second */
  readonly velocity: Vector;
}

/** How the sample drifts. */
export interface DriftModel {
  /** Root mean square speed. @unit angstrom per minute */
  readonly speedAngstromPerMin: number;
  /** Time over which the velocity forgets itself. @unit second */
  readonly memoryS: number;
  readonly jumpsPerMin: number;
  /** Root mean square length of a jump. @unit angstrom */
  readonly jumpAngstrom: number;
}

/** A sample at rest. */
export const atRest: DriftState = { position: { x: 0, y: 0 }, velocity: { x: 0, y: 0 } };

/**
 * Drifts for a while: the velocity is an Ornstein–Uhlenbeck process, and sudden jumps come on top.
 *
 * The velocity moves by its exact transition; the position by the mean of old and new velocity,
 * which is good while `timeS` is short of the memory.
 */
export function drift(
  state: DriftState,
  { model, timeS }: { readonly model: DriftModel; readonly timeS: number },
  stream: Stream,
): DriftState {
  const { speedAngstromPerMin, memoryS, jumpsPerMin, jumpAngstrom } = model;
  const keep = Math.exp(-timeS / memoryS);
  const perAxis = speedAngstromPerMin / 60 / Math.SQRT2;
  const fresh = perAxis * Math.sqrt(1 - keep * keep);
  const velocity = {
    x: keep * state.velocity.x + fresh * stream.normal(),
    y: keep * state.velocity.y + fresh * stream.normal(),
  };
  const jumps = stream.uniform() < 1 - Math.exp((-jumpsPerMin * timeS) / 60);
  const leap = jumps ? jumpAngstrom / Math.SQRT2 : 0;
  return {
    position: {
      x: state.position.x + ((state.velocity.x + velocity.x) / 2) * timeS + leap * stream.normal(),
      y: state.position.y + ((state.velocity.y + velocity.y) / 2) * timeS + leap * stream.normal(),
    },
    velocity,
  };
}

/** A displacement of the beam that changes along the scan. @unit angstrom */
export type Wobble = (timeS: number) => Vector;

const waves = 24;
const fastestHz = 500;
/** Time between tabulated displacements: ten in the shortest period. @unit second */
const tableStepS = 2e-4;

/**
 * Scan noise: sinusoids below 500 Hz whose amplitude falls as $f^{-1/2}$, of a given root mean square
 * displacement per axis, for the time of one frame.
 */
export function scanWobble(
  key: Key,
  { rmsAngstrom, frameTimeS }: { readonly rmsAngstrom: number; readonly frameTimeS: number },
): Wobble {
  if (rmsAngstrom === 0) return () => ({ x: 0, y: 0 });
  const stream = streamOf(key);
  const size = Math.ceil(frameTimeS / tableStepS) + 2;
  const [x, y] = [noiseTable(stream, rmsAngstrom, size), noiseTable(stream, rmsAngstrom, size)];
  return (timeS) => {
    const at = Math.min(Math.max(timeS / tableStepS, 0), size - 2);
    const n = Math.floor(at);
    const share = at - n;
    return { x: x[n] + share * (x[n + 1] - x[n]), y: y[n] + share * (y[n + 1] - y[n]) };
  };
}

/** Displacements along one axis, every {@link tableStepS}. */
function noiseTable(stream: Stream, rmsAngstrom: number, size: number): Float64Array {
  const tones = Array.from({ length: waves }, () => {
    const hz = fastestHz * stream.uniformOpen();
    return { hz, phase: 2 * Math.PI * stream.uniform(), amplitude: 1 / Math.sqrt(hz) };
  });
  const power = tones.reduce((sum, { amplitude }) => sum + amplitude ** 2 / 2, 0);
  const scale = rmsAngstrom / Math.sqrt(power);
  const table = new Float64Array(size);
  for (const { hz, phase, amplitude } of tones) {
    // a turning pointer costs less than a sine for each entry
    const turn = 2 * Math.PI * hz * tableStepS;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    let re = scale * amplitude * Math.cos(phase);
    let im = scale * amplitude * Math.sin(phase);
    for (let n = 0; n < size; n++) {
      table[n] += im;
      [re, im] = [c * re - s * im, s * re + c * im];
    }
  }
  return table;
}
