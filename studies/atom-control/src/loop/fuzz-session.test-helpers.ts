import { type Adapter, LoopError } from "./adapter.js";
import { gateSettingsSchema } from "./gates.js";
import { fieldDose, type LedgerTotals } from "./ledger.js";
import type { Limits } from "./limits.js";
import { type Step, tightLimits } from "./loop-fuzz.test-helpers.js";
import type { LoopCommand, Parked } from "./protocol.js";
import { type LoopReply, supervise } from "./supervisor.js";
import type { VirtualClock } from "./virtual-clock.test-helpers.js";
import type { Witness } from "./witness.test-helpers.js";

/** Longest that anything of a fuzz is waited for. */
export const longestMs = 20_000;

/**
 * The limits that a ledger's own totals exceed.
 *
 * @param inDoubtPicoC what was charged beyond what commands were allowed: it may exceed limits
 */
export function exceeded(limits: Limits, totals: LedgerTotals, inDoubtPicoC = 0): string[] {
  const { sessionChargePicoC, maxSiteChargePicoC } = totals;
  const dose = totals.fieldDose - fieldDose(inDoubtPicoC, limits.minFovAngstrom);
  const pairs: [string, number, number][] = [
    ["frames", totals.frames, limits.maxFrames],
    ["session", sessionChargePicoC - inDoubtPicoC, limits.maxSessionChargePicoC],
    ["field", dose, limits.maxFieldDose],
    ["site", maxSiteChargePicoC - inDoubtPicoC, limits.maxChargePerSitePicoC],
  ];
  return pairs.filter(([, value, most]) => !(value <= most * (1 + 1e-9))).map(([name]) => name);
}

/** What was carried out, so that a fuzz that only meets refusals is seen. */
export interface Tally {
  commands: number;
  frames: number;
  parks: number;
}

export function count(tally: Tally, type: LoopCommand["type"]): void {
  if (type === "acquire") tally.frames++;
  if (type === "park") tally.parks++;
}

/** The command of a step, a parked beam referring to one of the last frames. */
export function commandOf(step: Step, frameIds: readonly string[]): LoopCommand | undefined {
  const { command } = step;
  if (command.type === "wait" || command.type === "stop" || command.type === "arm")
    return undefined;
  if (command.type !== "park") return command;
  return { ...command, frameId: frameIds.at(-1 - step.age) ?? "frame-none" };
}

export function behave(
  witness: Pick<Witness, "next">,
  { fault, voltageKv, currentNanoA }: Step,
): void {
  witness.next = { fault, voltageKv, currentNanoA };
}

/** What a park looks like that was never made, or made otherwise. */
export const falsePark: Parked = {
  startMs: 0,
  endMs: 0,
  reason: "dwell",
  chargePicoC: 0,
  trace: [],
  sampleMs: 1,
};

/** An adapter whose link loses, delays, doubles and falsifies, by the step at hand. */
export function faultyLink(adapter: Adapter, clock: VirtualClock, current: () => Step): Adapter {
  const pass = <T>(run: () => Promise<T>, lie?: (truth: T) => T, claim?: T): Promise<T> => {
    const { link } = current();
    if (link === "request lost") return new Promise<T>(() => {});
    if (link === "claims" && claim !== undefined) return Promise.resolve(claim);
    const answer = run();
    answer.catch(() => {});
    switch (link) {
      case "answer lost":
        return new Promise<T>(() => {});
      case "late":
        return new Promise<T>((resolve, reject) => {
          clock.after(9000, () => answer.then(resolve, reject));
        });
      case "twice":
        run().catch(() => {});
        return answer;
      case "cut":
        adapter.stop().catch(() => {});
        return Promise.reject(new LoopError("INSTRUMENT", "the connection is lost"));
      case "lies":
        return lie === undefined ? answer : answer.then(lie);
      default:
        return answer;
    }
  };
  return {
    ...adapter,
    status: () =>
      pass(adapter.status, (status) => ({ ...status, voltageKv: 60, currentNanoA: 0.01 })),
    acquire: (command, token) => pass(() => adapter.acquire(command, token)),
    park: (command, token) =>
      pass(
        () => adapter.park(command, token),
        (parked) => ({ ...parked, chargePicoC: 0, endMs: parked.startMs }),
        falsePark,
      ),
    shift: (command, token) => pass(() => adapter.shift(command, token)),
    blank: () => pass(adapter.blank),
    stop: () => pass(adapter.stop),
    heartbeat: () => pass(adapter.heartbeat),
  };
}

/**
 * Runs a session of random steps through a supervisor.
 *
 * @returns what is wrong with the supervisor's account: limits that it exceeds beyond doubt, and
 * whether it holds less than the beam truly gave
 */
export async function superviseSession(
  steps: readonly Step[],
  options: {
    readonly clock: VirtualClock;
    readonly witness: Pick<Witness, "next" | "chargePicoC">;
    readonly adapter: (current: () => Step) => Adapter;
    readonly tally: Tally;
  },
): Promise<string[]> {
  const { clock, witness, tally } = options;
  let current = steps[0];
  let inDoubtPicoC = 0;
  const frameIds: string[] = [];
  const supervisor = supervise({
    adapter: options.adapter(() => current),
    limits: tightLimits,
    gates: gateSettingsSchema.parse({}),
    clock,
    session: "fuzz",
    newToken: () => "token",
    log: ({ type, data }) => {
      if (type === "overrun") inDoubtPicoC += (data as { chargePicoC: number }).chargePicoC;
    },
  });
  for (const [i, step] of steps.entries()) {
    current = step;
    behave(witness, step);
    tally.commands++;
    if (step.isArmedAgain && !supervisor.isArmed()) {
      await clock.until(supervisor.arm("fuzz", 5, "fuzz"), longestMs).catch(() => {});
    }
    const command = commandOf(step, frameIds);
    const run: Promise<LoopReply | void> =
      command !== undefined
        ? supervisor.execute(command, { key: `${i}`, actor: "fuzz", isManual: true })
        : step.command.type === "arm"
          ? supervisor.arm("fuzz", 5, "fuzz")
          : step.command.type === "stop"
            ? supervisor.emergencyStop("fuzz")
            : Promise.resolve();
    try {
      const reply = await clock.until(run, longestMs);
      if (typeof reply === "object") count(tally, reply.type);
      if (typeof reply === "object" && reply.type === "acquire") frameIds.push(reply.frame.frameId);
    } catch {
      // Refusals and faults are what is asked for; what the beam did is checked below.
    }
    await clock.advance(step.pauseMs);
  }
  await clock.until(supervisor.close(), longestMs);
  await clock.advance(longestMs);
  const totals = supervisor.totals();
  const isTooLow = totals.sessionChargePicoC * (1 + 1e-9) < witness.chargePicoC();
  return [
    ...exceeded(tightLimits, totals, inDoubtPicoC),
    ...(isTooLow ? ["the account holds less than the beam gave"] : []),
  ];
}
