import { expect, test } from "vitest";
import { key } from "@quadrivium/core";
import { learnRates } from "../learn/learn-rates.js";
import { guardInstrument } from "./guard.js";
import { jumpingClock } from "./jumping-clock.js";
import { limitsSchema } from "./limits.js";
import type { Parked } from "./protocol.js";
import { replayLog } from "./replay-log.js";
import { sessionTransitions } from "./session-transitions.js";
import { selfTestDwellS } from "./supervisor.js";
import { ended, simulator, testSession, type Walked } from "./walked.test-helpers.js";

const numSteps = 200;
/** Silicon is walked to and fro between two places. */
const goals = [
  { xPx: 90, yPx: 64 },
  { xPx: 40, yPx: 64 },
];
// as much as so many steps need
const limits = limitsSchema.parse({
  maxSessionChargePicoC: 1e6,
  maxChargePerSitePicoC: 2e5,
  maxFieldDose: 1e11,
});

async function longSession(): Promise<Pick<Walked, "log" | "lines" | "files">> {
  const clock = jumpingClock();
  const adapter = guardInstrument(simulator(clock), { limits, clock });
  const test = testSession(adapter, clock, { limits });
  const { session, lines } = test;
  await session.connect();
  for (let steps = 0, n = 0; steps < numSteps; n++) {
    await session.supervisor.arm("test", 60, "test");
    session.setGoal(goals[n % 2], "test");
    const outcome = await session.walk();
    if (outcome.steps === 0 && !outcome.arrived) throw new Error(outcome.reason);
    steps = lines.filter((line) => line.includes('"type":"decision"')).length;
  }
  await session.close();
  return ended(test);
}

test(
  "a session of 200 steps comes out again bit for bit, from its log and from its seed",
  { timeout: 600_000 },
  async () => {
    const { log, lines, files } = await longSession();
    const report = await replayLog(lines, files);
    expect(report.decisions).toBeGreaterThanOrEqual(numSteps);
    expect(report.differences).toEqual([]);
    expect((await longSession()).log).toEqual(log);

    const { transitions, otherKind, lost } = await sessionTransitions(lines, files, "timed");
    const numStays = lines.filter(({ type, data }) => type === "parked" && isLong(data)).length;
    expect(transitions.length + lost + otherKind).toBe(numStays);
    expect(lost).toBeLessThan(0.2 * numStays);
    const { heldOut } = await learnRates(transitions, {
      key: key(0),
      steps: 20,
      members: 2,
      compute: { executor: "auto", threads: 1 },
      signal: new AbortController().signal,
    });
    expect(heldOut.length).toBeGreaterThan(0);
  },
);

/** Longer than the moments of the self-test. */
function isLong(data: unknown): boolean {
  const { startMs, endMs } = data as Parked;
  return endMs - startMs > 1000 * selfTestDwellS + 1;
}
