import * as fc from "fast-check";
import { type Limits, limitsSchema } from "./limits.js";
import type { LoopCommand } from "./protocol.js";
import type { InstrumentFault } from "./witness.test-helpers.js";

/** Limits tight enough that random commands run into every one of them. */
export const tightLimits: Limits = limitsSchema.parse({
  maxDwellTimeS: 8,
  maxFrameTimeS: 4,
  maxChargePerSitePicoC: 1200,
  maxFieldDose: 4e7,
  maxSessionChargePicoC: 6000,
  maxFrames: 12,
  keepOut: [
    [
      { x: 0, y: 0 },
      { x: 0.3, y: 0 },
      { x: 0, y: 0.3 },
    ],
  ],
});

/** What happens to a command on its way. */
export type LinkFault =
  | "none"
  | "request lost"
  | "answer lost"
  | "late"
  | "twice"
  /** The adapter's instrument is fine, its answers are not. */
  | "lies"
  /** The adapter says that it parked and did not. */
  | "claims"
  | "cut";

export interface Step {
  readonly command:
    LoopCommand | { readonly type: "wait" } | { readonly type: "stop" } | { readonly type: "arm" };
  readonly fault: InstrumentFault;
  readonly link: LinkFault;
  readonly voltageKv: number;
  readonly currentNanoA: number;
  /** How many frames back a parked beam refers to. */
  readonly age: number;
  readonly pauseMs: number;
  /** Whether a session that was disarmed is armed before the command. */
  readonly isArmedAgain: boolean;
}

const place = fc.double({ min: -10, max: 74, noNaN: false });
const command: fc.Arbitrary<Step["command"]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("park" as const),
      frameId: fc.constant("frame-0"), // replaced by one that was taken
      xPx: fc.oneof({ weight: 3, arbitrary: fc.constant(40) }, place),
      yPx: fc.oneof({ weight: 3, arbitrary: fc.constant(33) }, place),
      dwellTimeS: fc.oneof(
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        fc.double({ min: -1, max: 1e9 }),
      ),
      stopOn: fc.option(fc.constant({ before: 100, after: 400, threshold: 14 }), { nil: null }),
      avoid: fc.array(fc.record({ xPx: fc.nat(63), yPx: fc.nat(63) }), { maxLength: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("acquire" as const),
      fovAngstrom: fc.constantFrom(20, 20, 20, 12, 1, Number.NaN),
      px: fc.constantFrom(64, 64, 64, 4096, 3),
      pixelTimeUs: fc.constantFrom(40, 400, 400, 1e7),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("shift" as const),
      dxAngstrom: fc.constantFrom(1, -1, 5),
      dyAngstrom: fc.constantFrom(0, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { type: "blank" as const },
      { type: "wait" as const },
      { type: "stop" as const },
    ),
  },
  { weight: 2, arbitrary: fc.constant({ type: "arm" as const }) },
);

/** Mostly what is ordinary, now and then something else. */
const mostly = <T>(ordinary: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant(ordinary) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

/** One random step of a session. */
const step: fc.Arbitrary<Step> = fc.record({
  command,
  fault: mostly<InstrumentFault>("none", "throws", "hangs", "wrong frame"),
  link: mostly<LinkFault>(
    "none",
    "request lost",
    "answer lost",
    "late",
    "twice",
    "lies",
    "claims",
    "cut",
  ),
  voltageKv: mostly(60, 80, 20, Number.NaN),
  currentNanoA: mostly(0.1, 0.15, 0.05, 0.3, -1),
  age: mostly(0, 1, 3, 9),
  pauseMs: mostly(0, 1, 700, 2500, 40_000),
  isArmedAgain: fc.boolean(),
});

/** Sessions of this many steps. */
export const sessionLength = 200;
export const session: fc.Arbitrary<Step[]> = fc.array(step, {
  minLength: sessionLength,
  maxLength: sessionLength,
});
