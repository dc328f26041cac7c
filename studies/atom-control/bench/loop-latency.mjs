/** How long the closed loop takes from one event to another, by the machine's clock. */
import { key } from "@quadrivium/core";
import {
  gateSettingsSchema,
  guardInstrument,
  jumpingClock,
  limitsSchema,
  mapByName,
  paperBeam,
  simulatedInstrument,
  supervise,
  walkSession,
} from "@quadrivium/atom-control";
import { connectAdapter, hostAdapter } from "@quadrivium/atom-control/node";

const realClock = {
  nowMs: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** The value that a share of all stays below. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

const limits = limitsSchema.parse({});
const prior = mapByName("prior");
const supervised = { limits, gates: gateSettingsSchema.parse({}), clock: realClock };

/** The simulator with a note of when its beam was blanked. */
function noted(clock) {
  const instrument = simulatedInstrument({ map: prior, key: key(4), clock });
  const beam = { isOpen: false, blankedMs: 0 };
  const unblank = () => {
    beam.isOpen = true;
    instrument.unblank();
  };
  const blank = () => {
    if (beam.isOpen) beam.blankedMs = performance.now();
    beam.isOpen = false;
    instrument.blank();
  };
  return { beam, instrument: { ...instrument, unblank, blank } };
}

const acquire = { type: "acquire", fovAngstrom: 20, px: 64, pixelTimeUs: 1 };
const park = { type: "park", xPx: 32, yPx: 32, dwellTimeS: 10, stopOn: null, avoid: [] };
const until = async (isSo) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** Milliseconds from an operator's stop to a blanked beam, through the server and over TCP. */
export async function stopMs() {
  const { beam, instrument } = noted(realClock);
  const guard = guardInstrument(instrument, { limits, clock: realClock });
  const served = await hostAdapter(guard, { host: "127.0.0.1", port: 0 });
  const adapter = await connectAdapter("127.0.0.1", served.port);
  const options = { ...supervised, adapter, session: "bench", newToken: () => "t", log: () => {} };
  const supervisor = supervise(options);
  await supervisor.connect();
  await supervisor.arm("bench", 1, "bench");
  const who = { actor: "bench", isManual: true };
  const { frame } = await supervisor.execute(acquire, { ...who, key: "a" });
  const command = { ...park, frameId: frame.frameId };
  supervisor.execute(command, { ...who, key: "b" }).catch(() => {});
  await until(() => beam.isOpen);
  const before = performance.now();
  await supervisor.emergencyStop("bench");
  await supervisor.close();
  adapter.close();
  await served.close();
  return beam.blankedMs - before;
}

/** Milliseconds from the last heartbeat to a blanked beam. */
export async function silenceMs() {
  const { beam, instrument } = noted(realClock);
  const guard = guardInstrument(instrument, { limits, clock: realClock });
  await guard.arm("t", 60_000);
  const { frameId } = await guard.acquire(acquire, "t");
  const before = performance.now();
  await guard.heartbeat();
  await guard.park({ ...park, frameId }, "t");
  return beam.blankedMs - before;
}

/**
 * Milliseconds from a frame's arrival at the server to the command that parks the beam: one in twenty
 * takes longer.
 */
export async function frameToParkMs() {
  const clock = jumpingClock(); // simulated time jumps; what is computed between is timed
  const times = [];
  let arrivedMs = 0;
  const { instrument } = noted(clock);
  const guard = guardInstrument(instrument, { limits, clock });
  const adapter = {
    ...guard,
    acquire: async (...given) => {
      const frame = await guard.acquire(...given);
      arrivedMs = performance.now();
      return frame;
    },
    park: (command, ...given) => {
      if (command.dwellTimeS > 0.1) times.push(performance.now() - arrivedMs); // no self-test's
      return guard.park(command, ...given);
    },
  };
  for (const [n, xPx] of [400, 130, 400].entries()) {
    const session = walkSession({
      ...supervised,
      name: `bench-${n}`,
      adapter,
      settings: {
        fovAngstrom: 20,
        px: 512,
        pixelTimeUs: 4,
        goal: { xPx, yPx: 256 },
        maxSteps: 40,
      },
      pilot: {
        kind: "planner",
        rates: { source: "map", name: "prior" },
        beam: paperBeam,
        imageTimeS: 1.1,
        watch: false,
        mostDwellTimeS: 15,
      },
      clock,
      wallTime: () => "",
      newToken: () => "t",
      appendLine: () => {},
      keepFrame: async () => {},
    });
    await session.connect();
    await session.supervisor.arm(`bench-${n}`, 60, "bench");
    await session.walk();
    await session.close();
  }
  return quantile(times, 0.95);
}
