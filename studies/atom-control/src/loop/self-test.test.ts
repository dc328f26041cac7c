import { describe, expect, test } from "vitest";
import { guardInstrument } from "./guard.js";
import { jumpingClock } from "./jumping-clock.js";
import { limitsSchema } from "./limits.js";
import type { Instrument } from "./adapter.js";
import type { ParkCommand } from "./protocol.js";
import type { SelfTestVerdict } from "./self-test.js";
import { simulator, testSession, walked } from "./walked.test-helpers.js";

const limits = limitsSchema.parse({});

/** The self-test on a simulator of this seed, its instrument changed. */
async function tested(
  seed: number,
  change: (instrument: Instrument) => Instrument,
): Promise<{
  readonly verdict: SelfTestVerdict;
  readonly canArm: boolean;
  readonly parks: number;
}> {
  const clock = jumpingClock();
  const guard = guardInstrument(change(simulator(clock, { seed })), { limits, clock });
  const { session } = testSession(guard, clock);
  await session.connect();
  await session.supervisor.arm("test", 10, "x");
  const verdict = await session.selfTest();
  const { parks } =
    verdict.outcome === "wrong" ? await session.walk().catch(() => ({ parks: 0 })) : { parks: 0 };
  const canArm = await session.supervisor.arm("test", 10, "x").then(
    () => true,
    () => false,
  );
  await session.close();
  return { verdict, canArm, parks };
}

/** An instrument that takes positions otherwise than its frames show them. */
const misplacing =
  (turn: (x: number, y: number, last: number) => readonly [number, number]) =>
  (instrument: Instrument): Instrument => {
    let last = 0;
    return {
      ...instrument,
      scan: (command) => {
        last = command.px - 1;
        return instrument.scan(command);
      },
      place: (command: ParkCommand) => {
        const [xPx, yPx] = turn(command.xPx, command.yPx, last);
        instrument.place({ ...command, xPx, yPx });
      },
    };
  };

const seeds = [0, 1, 2, 3, 4, 5];

describe("the self-test of orientation", () => {
  test("never refuses a sound adapter, and passes it where the frame is not symmetric", async () => {
    const outcomes: string[] = [];
    for (const seed of seeds) {
      const { verdict, canArm } = await tested(seed, (instrument) => instrument);
      outcomes.push(verdict.outcome);
      expect(canArm).toBe(true);
    }
    expect(outcomes).not.toContain("wrong");
    // silicon near the middle of a sheet that lies straight looks alike when mirrored
    expect(outcomes.filter((outcome) => outcome === "sound").length).toBeGreaterThanOrEqual(5);
  });

  test("moves the field of view where it looks alike from both sides", async () => {
    const { outcome, lines } = await walked({ seed: 4 });
    const verdicts = lines
      .filter(({ type }) => type === "self-test")
      .map(({ data }) => (data as unknown as { verdict: SelfTestVerdict }).verdict.outcome);
    expect(verdicts[0]).toBe("undecided");
    expect(verdicts.at(-1)).toBe("sound");
    expect(outcome.arrived).toBe(true);
  }, 30_000);

  test.each<[string, (x: number, y: number, last: number) => readonly [number, number]]>([
    ["mirrored left to right", (x, y, last) => [last - x, y]],
    ["mirrored top to bottom", (x, y, last) => [x, last - y]],
    ["turned by 180°", (x, y, last) => [last - x, last - y]],
    ["transposed, rows for columns", (x, y) => [y, x]],
    ["turned by 90°", (x, y, last) => [last - y, x]],
  ])("refuses control to an adapter that is %s", async (_, turn) => {
    for (const seed of seeds.slice(0, 3)) {
      const { verdict, canArm, parks } = await tested(seed, misplacing(turn));
      expect(verdict).toMatchObject({ outcome: "wrong" });
      expect(verdict.reason).toMatch(/mirrored|turned|transposed/);
      expect(parks).toBe(0);
      expect(canArm).toBe(false);
    }
  });

  test("refuses control where the trace is missing, constant or of another place", async () => {
    const traced =
      (trace: readonly number[]) =>
      (instrument: Instrument): Instrument => ({
        ...instrument,
        watch: async (command) => ({ ...(await instrument.watch(command)), trace }),
      });
    for (const change of [traced([]), traced([100, 100, 100])]) {
      expect((await tested(3, change)).canArm).toBe(false);
    }
    const shifted = misplacing((x, y) => [x + 5, y + 3]);
    expect((await tested(3, shifted)).verdict.outcome).toBe("wrong");
  });

  test("leaves it open where the frame shows nothing", async () => {
    const { verdict, canArm } = await tested(3, (instrument) => ({
      ...instrument,
      scan: async (command) => {
        const frame = await instrument.scan(command);
        return frame && { ...frame, countsBase64: btoa("\0".repeat(4 * command.px ** 2)) };
      },
    }));
    expect(verdict).toMatchObject({ outcome: "undecided" });
    expect(canArm).toBe(true);
  });
});
