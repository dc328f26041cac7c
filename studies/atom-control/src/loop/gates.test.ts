import { describe, expect, test } from "vitest";
import type { LoopError } from "./adapter.js";
import { type Belief, gateSettingsSchema } from "./gates.js";
import { guardInstrument } from "./guard.js";
import { limitsSchema } from "./limits.js";
import type { ParkCommand } from "./protocol.js";
import { type ExecuteOptions, supervise } from "./supervisor.js";
import { VirtualClock } from "./virtual-clock.test-helpers.js";
import { witnessInstrument } from "./witness.test-helpers.js";

const sure: Omit<Belief, "frameId"> = {
  accepted: true,
  reason: "",
  latticeResidualAngstrom: 0.1,
  numSilicon: 1,
  siliconPosterior: 0.999,
  driftSdAngstrom: 0.1,
  goalPosterior: 1,
  rateModelDoubt: "",
  hasMoved: true,
  charge95PicoC: 0,
};

/** An armed session with one frame taken, and the supervisor's verdict on a stay of the beam. */
async function parts() {
  const clock = new VirtualClock();
  const witness = witnessInstrument(clock);
  const limits = limitsSchema.parse({});
  const supervisor = supervise({
    adapter: guardInstrument(witness.instrument, { limits, clock }),
    limits,
    gates: gateSettingsSchema.parse({}),
    clock,
    session: "gates",
    newToken: () => "secret",
    log: () => {},
  });
  await supervisor.arm("gates", 5, "x");
  const acquire = { type: "acquire", fovAngstrom: 20, px: 64, pixelTimeUs: 400 } as const;
  const reply = await clock.until(supervisor.execute(acquire, { key: "0", actor: "x" }), 5000);
  const frameId = reply.type === "acquire" ? reply.frame.frameId : "";
  let keys = 0;
  const park = async (options: Partial<ExecuteOptions & ParkCommand> = {}): Promise<string> => {
    const { isManual = false, isSelfTest = false, ...change } = options;
    const command: ParkCommand = {
      type: "park",
      frameId,
      xPx: 30,
      yPx: 30,
      dwellTimeS: 1,
      stopOn: null,
      avoid: [],
      ...change,
    };
    const key = `park-${keys++}`;
    const run = supervisor.execute(command, { key, actor: "x", isManual, isSelfTest });
    return clock.until(
      run.then(
        () => "done",
        ({ limit, message }: LoopError) => limit ?? message,
      ),
      60_000,
    );
  };
  return { clock, supervisor, frameId, park, isOpen: witness.isOpen };
}

describe("before the loop parks the beam", () => {
  test("the frame must have been looked at, and be the last one", async () => {
    const { supervisor, frameId, park } = await parts();
    await supervisor.orientate(true, "x");
    expect(await park()).toMatch(/has not been looked at/);
    supervisor.believe({ ...sure, frameId: "frame-9" });
    expect(await park()).toMatch(/has not been looked at/);
    supervisor.believe({ ...sure, frameId });
    expect(await park()).toBe("done");
    expect(await park({ frameId: "frame-9" })).toMatch(/STALE_FRAME/);
  });

  test.each<[string, Partial<Belief>, RegExp]>([
    ["a frame that can be trusted", { accepted: false, reason: "saturated" }, /refused: saturated/],
    ["exactly one silicon: none", { numSilicon: 0 }, /exactly one silicon/],
    ["exactly one silicon: two", { numSilicon: 2 }, /exactly one silicon/],
    ["silicon's posterior", { siliconPosterior: 0.98 }, /silicon must be certain/],
    ["a posterior that is a number", { siliconPosterior: Number.NaN }, /silicon must be certain/],
    ["the lattice's residual", { latticeResidualAngstrom: 0.31 }, /lattice must fit/],
    ["the drift's spread", { driftSdAngstrom: 0.31 }, /drift must be known to 0.3/],
    ["a drift that is a number", { driftSdAngstrom: Number.NaN }, /drift must be known/],
    ["a goal that was not lost", { goalPosterior: 0.8 }, /goal's site must be sure/],
    ["a rate model that holds here", { rateModelDoubt: "80 kV" }, /does not hold: 80 kV/],
    ["dose left for the rest of the plan", { charge95PicoC: 1.5e5 }, /maxFieldDose/],
  ])("there must be %s", async (_, change, message) => {
    const { supervisor, frameId, park, isOpen } = await parts();
    await supervisor.orientate(true, "x");
    supervisor.believe({ ...sure, frameId, ...change });
    expect(await park()).toMatch(message);
    expect(isOpen()).toBe(false);
    // a person who takes over is held by hard limits alone
    expect(await park({ isManual: true })).toBe("done");
  });

  test("the frame must be young", async () => {
    const { clock, supervisor, frameId, park } = await parts();
    await supervisor.orientate(true, "x");
    supervisor.believe({ ...sure, frameId });
    await clock.advance(30_001);
    expect(await park()).toMatch(/younger than 30000 ms/);
  });

  test("the orientation must be known; once found wrong, nobody parks and nobody arms", async () => {
    const { supervisor, frameId, park } = await parts();
    supervisor.believe({ ...sure, frameId });
    expect(await park()).toMatch(/self-test has not been passed/);
    expect(await park({ isSelfTest: true })).toMatch(/0.05 s at most/);
    expect(await park({ isSelfTest: true, dwellTimeS: 0.05 })).toBe("done");
    await supervisor.orientate(false, "x");
    expect(supervisor.isArmed()).toBe(false);
    await expect(supervisor.arm("gates", 5, "x")).rejects.toThrow(/self-test failed/);
    expect(await park({ isManual: true })).toMatch(/NOT_ARMED/);
  });
});
